import contextlib

from odoo import api, models
from odoo.exceptions import UserError

from ..xero_api import (
    XeroAuthError,
    XeroError,
    XeroNotFoundError,
    XeroOAuthError,
    XeroPermissionError,
    XeroRateLimitError,
    XeroReconnectError,
    XeroTransientError,
    XeroValidationError,
)
from .xero_change import Problem


class XeroLog(models.Model):
    """Turns errors into one plain sentence each: what, why, what to do, and where."""

    _inherit = "xero.log"

    @contextlib.contextmanager
    def _explained(self):
        """Tell a person who waits what went wrong on the wire, and what to do.

        :raise UserError: in place of any `XeroError`
        """
        try:
            yield
        except XeroError as error:
            raise UserError(self._explain(error).text) from error

    @api.model
    def _explain(self, error):
        """Explain an error of the wire.

        :param XeroError error: as the client raised it
        :return: `Problem`
        """
        explain = {
            XeroOAuthError: self._explain_oauth,
            XeroReconnectError: self._explain_reconnect,
            XeroAuthError: self._explain_auth,
            XeroPermissionError: self._explain_permission,
            XeroRateLimitError: self._explain_rate_limit,
            XeroTransientError: self._explain_transient,
            XeroNotFoundError: self._explain_not_found,
            XeroValidationError: self._explain_validation,
        }
        for kind, method in explain.items():
            if isinstance(error, kind):
                return method(error)
        return Problem(
            str(error), self.env._("Press Resync; if it stays, ask your administrator.")
        )

    def _explain_oauth(self, error):
        known = {
            "access_denied": (
                self.env._(
                    "Access was not allowed on Xero's page, so nothing was connected."
                ),
                self.env._("Press Connect again and choose Allow access."),
            ),
            "invalid_client": (
                self.env._("Xero does not know this Client ID and Client Secret."),
                self.env._("Copy both again from your app in Xero's developer portal."),
            ),
            "unauthorized_client": (
                self.env._("The Xero app may not use this kind of access."),
                self.env._(
                    "Press Connect again: the other set of scopes is asked for now."
                ),
            ),
            "invalid_scope": (
                self.env._(
                    "The Xero app does not know the scopes that were asked for."
                ),
                self.env._(
                    "Press Connect again: the other set of scopes is asked for now."
                ),
            ),
            "invalid_grant": (
                self.env._("The consent has expired or was used before."),
                self.env._(
                    "Press Connect again; a consent must be finished in five minutes."
                ),
            ),
            "invalid_state": (
                self.env._(
                    "This answer does not belong to a connection that you started here "
                    "(it is forged, expired, or was used before)."
                ),
                self.env._("Open the connection in Odoo and press Connect again."),
            ),
            "other_organisation": (
                self.env._(
                    "The consent is for another organisation than the one whose "
                    "records are linked to this connection."
                ),
                self.env._(
                    "Press Connect again and choose the same organisation as before, "
                    "or make a new connection for the other one."
                ),
            ),
            "lost_key": (
                self.env._(
                    "The stored secrets cannot be read: the encryption key has changed."
                ),
                self.env._(
                    "Put the key back, or enter the Client Secret again and connect."
                ),
            ),
            "no_organisation": (
                self.env._("The consent names no organisation."),
                self.env._(
                    "Press Connect again and choose an organisation on Xero's page."
                ),
            ),
        }
        message, remedy = known.get(
            error.code,
            (
                self.env._("Xero refused the connection (%(code)s).", code=error.code),
                self.env._(
                    "Check the app's settings in Xero's developer portal, then retry."
                ),
            ),
        )
        return Problem(message, remedy, fix="connection")

    def _explain_reconnect(self, error):
        return Problem(
            self.env._("Xero no longer accepts this connection."),
            self.env._(
                "An administrator has to press Reconnect on the connection and allow "
                "access in Xero. Everything that waits is sent after that."
            ),
            fix="connection",
        )

    def _explain_auth(self, error):
        if error.scope_missing:
            return Problem(
                self.env._("The consent does not cover this kind of data."),
                self.env._(
                    "Compare granted and needed scopes on the connection, then connect "
                    "again."
                ),
                fix="connection",
            )
        return self._explain_reconnect(error)

    def _explain_permission(self, error):
        return Problem(
            self.env._("Xero does not permit this to the user who connected."),
            self.env._(
                "Ask for the role in Xero, or connect again as a user who has it."
            ),
            fix="connection",
        )

    def _explain_rate_limit(self, error):
        if error.problem == "day":
            message = self.env._("The calls that Xero allows for today are used up.")
        else:
            message = self.env._("Xero asked to slow down for a moment.")
        return Problem(
            message, self.env._("Nothing is to be done: it goes on by itself.")
        )

    def _explain_transient(self, error):
        if error.outcome_unknown:
            return Problem(
                self.env._("Xero's answer did not arrive: it may have done the work."),
                self.env._(
                    "Nothing is to be done: Odoo looks for it in Xero before it sends "
                    "anything again."
                ),
            )
        return Problem(
            self.env._("Xero could not be reached or is out of order for the moment."),
            self.env._("Nothing is to be done: it is tried again by itself."),
        )

    def _explain_not_found(self, error):
        return Problem(
            self.env._("The record is not in Xero any more."),
            self.env._("Look for it in Xero; it may have been deleted or merged."),
        )

    def _explain_validation(self, error):
        return Problem(
            self.env._("Xero refused: %(why)s", why="; ".join(error.messages) or error),
            self.env._("Correct what Xero names, then press Resync."),
        )
