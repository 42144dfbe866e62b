import logging

from odoo import http
from odoo.http import request

from ..const import CALLBACK_ROUTE
from ..models.xero_connection_consent import SESSION_KEY
from ..xero_api import XeroError, XeroOAuthError

_logger = logging.getLogger(__name__)


class XeroOAuthController(http.Controller):
    """Where Xero sends a person back to after the consent page."""

    @http.route(CALLBACK_ROUTE, type="http", auth="user", methods=["GET"])
    def xero_oauth_callback(self, state=None, code=None, error=None, **_kwargs):
        """Verify, exchange, show the connection.

        :param str state: the signed state of `action_connect`
        :param str code: the authorization code, when access was allowed
        :param str error: Xero's error code, when it was not
        """
        connections = request.env["xero.connection"]
        if not request.env.user.has_group("xero_crm.group_xero_admin"):
            raise request.not_found()
        nonce = request.session.pop(SESSION_KEY, None)
        connection = connections._take_oauth_state(state, nonce)
        if not connection:
            _logger.warning(
                "A Xero consent came back with a state that is not ours (user %s)",
                request.env.uid,
            )
            return self._show_problem(
                connections, XeroOAuthError("Invalid state.", code="invalid_state")
            )
        if error or not code:
            problem = XeroOAuthError("Refused on Xero's page.", code=error or "no_code")
            return self._show_problem(connection, problem)
        # No savepoint: tokens that Xero handed out must be kept, even when it fails to
        # answer the questions after them. The scheduled fetch asks again.
        try:
            connection._finish_consent(code)
        except XeroError as problem:
            return self._show_problem(connection, problem)
        return self._show(connection)

    def _show_problem(self, connection, problem):
        """Log the refusal with its remedy and lead back to the connection."""
        cause = request.env["xero.log"]._explain(problem)
        if connection:
            connection.sudo()._note_refused_consent(problem, cause)
            return self._show(connection)
        return request.render(
            "xero_crm.oauth_problem",
            {"message": cause.message, "remedy": cause.remedy},
            status=400,
        )

    def _show(self, connection):
        return request.redirect(f"/odoo/xero-connections/{connection.id}")
