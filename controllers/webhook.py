import logging

from odoo import http
from odoo.http import request

from ..const import WEBHOOK_ROUTE
from ..xero_api import FailureBound

_logger = logging.getLogger(__name__)

# Xero sends a hundred events at most, of some 400 letters each.
MAX_BODY = 512 * 1024
# Xero's own checks send a few wrong signatures on purpose.
failures = FailureBound(limit=100, seconds=60)


class XeroWebhookController(http.Controller):
    """Where Xero tells that something has changed.

    Nothing else is done here than to verify and to keep: Xero waits five seconds, and
    gives a subscription up that fails too often.
    """

    @http.route(
        WEBHOOK_ROUTE,
        type="http",
        auth="public",
        methods=["POST"],
        csrf=False,
        save_session=False,  # Xero refuses answers with cookies
        max_content_length=MAX_BODY,
    )
    def xero_webhook(self, **_kwargs):
        """Answer 200 to a right signature, 401 to a wrong one, both without a body."""
        signature = request.httprequest.headers.get("x-xero-signature")
        address = request.httprequest.remote_addr
        body = request.httprequest.get_data()
        inbox = request.env["xero.webhook.event"].sudo()
        # Who fails again and again costs no look into the database any more; behind a
        # proxy that may be Xero's address as well, whose signature is right.
        if not signature or (
            failures.is_reached(address) and not inbox._is_familiar(body, signature)
        ):
            return self._refuse(address)
        if not inbox._receive(body, signature):
            return self._refuse(address)
        return self._answer(200)

    def _refuse(self, address):
        count = failures.note(address)
        if count in (1, failures.limit):  # not a line for each of a flood
            _logger.info("Webhook with a wrong signature from %s (%s)", address, count)
        return self._answer(401)

    def _answer(self, status):
        return request.make_response("", status=status)
