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

# What Xero's validation messages contain -> name of the method that explains it.
# Compared in lower case, since Xero words them freely.
REFUSALS = [
    ("already assigned to another contact", "_explain_name_taken"),
    ("must be unique", "_explain_number_taken"),
    ("lock date", "_explain_lock_date"),
    ("archived", "_explain_archived"),
    ("currency", "_explain_currency"),
    ("account code", "_explain_account"),
    ("accountcode", "_explain_account"),
    ("tax", "_explain_tax"),
    ("email", "_explain_email"),
    ("limit of invoices", "_explain_plan"),
]


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

    # === REFUSED RECORDS === #

    @api.model
    def _explain_refusal(self, link, messages):
        """Explain why Xero refused one element of a batch.

        :param link: `xero.link` of the element
        :param messages: Xero's own sentences
        :return: `Problem`
        """
        text = " ".join(messages)
        for needle, method in REFUSALS:
            if needle in text.lower():
                return getattr(self, method)(link, text)
        return Problem(
            self.env._("Xero refused it: %(why)s", why=text or self.env._("no reason")),
            self.env._("Correct what Xero names, then press Resync."),
            fix="record",
        )

    def _explain_name_taken(self, link, text):
        return Problem(
            self.env._(
                "Xero already has an active contact named %(name)s.",
                name=link.record_name,
            ),
            self.env._(
                "Rename one of the two, or give both the same e-mail or tax number so "
                "that they are recognised as one; then press Resync."
            ),
            fix="record",
        )

    def _explain_number_taken(self, link, text):
        return Problem(
            self.env._(
                "Xero already has a document with this number. %(why)s", why=text
            ),
            self.env._("Change the number, then press Resync."),
            fix="record",
        )

    def _explain_lock_date(self, link, text):
        return Problem(
            self.env._("The books are closed for this date. %(why)s", why=text),
            self.env._(
                "Ask your accountant to move the lock date in Xero, then press Resync."
            ),
        )

    def _explain_archived(self, link, text):
        return Problem(
            self.env._("The contact is archived in Xero. %(why)s", why=text),
            self.env._("Restore the contact in Xero, then press Resync."),
            fix="record",
        )

    def _explain_currency(self, link, text):
        return Problem(
            self.env._(
                "The organisation does not use this currency. %(why)s", why=text
            ),
            self.env._(
                "Add the currency in Xero (Settings > Currencies), or use another one."
            ),
        )

    def _explain_account(self, link, text):
        return Problem(
            self.env._("A line has no account that Xero accepts. %(why)s", why=text),
            self.env._(
                "Set the account on the product, or the default account on the "
                "connection, then press Resync."
            ),
            fix="account",
            fix_id=link.connection_id.id,
        )

    def _explain_tax(self, link, text):
        return Problem(
            self.env._("Xero does not accept the tax of a line. %(why)s", why=text),
            self.env._("Check which Xero tax rate the tax is mapped to."),
            fix="tax_map",
        )

    def _explain_email(self, link, text):
        return Problem(
            self.env._("Xero does not accept the e-mail address. %(why)s", why=text),
            self.env._("Correct the e-mail of the customer, then press Resync."),
            fix="record",
        )

    def _explain_plan(self, link, text):
        return Problem(
            self.env._("The Xero plan allows no more invoices now. %(why)s", why=text),
            self.env._("Upgrade the plan in Xero, or wait for the next month."),
        )

    # === FIX === #

    def action_fix(self):
        """Open where the problem of this row is put right."""
        self.ensure_one()
        opener = getattr(self, f"_fix_{self.fix or 'record'}", self._fix_record)
        return opener()

    def _fix_record(self):
        return self.action_open_record()

    def _fix_connection(self):
        return self._open("xero.connection", self.connection_id.id)

    def _fix_account(self):
        return self._fix_connection()

    def _fix_partner(self):
        return self._open("res.partner", self.fix_id)

    def _fix_product(self):
        return self._open("product.product", self.fix_id)

    def _fix_order(self):
        return self._open("sale.order", self.fix_id)

    def _fix_tax_map(self):
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "xero_crm.xero_tax_map_action"
        )
        action["domain"] = [("connection_id", "=", self.connection_id.id)]
        action["context"] = {
            "default_connection_id": self.connection_id.id,
            "default_tax_id": self.fix_id,
        }
        return action

    def _open(self, model, res_id):
        return {
            "type": "ir.actions.act_window",
            "res_model": model,
            "res_id": res_id,
            "view_mode": "form",
        }
