from odoo import api, models

from .xero_change import Problem

# What Xero's validation messages contain -> name of the method that explains it.
# Compared in lower case, since Xero words them freely.
REFUSALS = [
    ("post data was invalid", "_explain_unreadable"),
    ("already assigned to another contact", "_explain_name_taken"),
    ("must be unique", "_explain_number_taken"),
    ("lock date", "_explain_lock_date"),
    ("taxtype", "_explain_tax"),
    ("account code", "_explain_account"),
    ("tracking", "_explain_tracking"),
    ("cannot be archived", "_explain_archiving"),
    ("archived", "_explain_archived"),
    ("currency", "_explain_currency"),
    ("accountcode", "_explain_account"),
    ("tax", "_explain_tax"),
    ("email", "_explain_email"),
    ("limit of invoices", "_explain_plan"),
]


class XeroLog(models.Model):
    """Explains why Xero refused a record of a batch."""

    _inherit = "xero.log"

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

    def _explain_archiving(self, link, text):
        return Problem(
            self.env._(
                "%(name)s was archived in Odoo, but Xero archives nobody who has a "
                "balance. %(why)s",
                name=link.record_name,
                why=text,
            ),
            self.env._(
                "Settle or void the invoices in Xero and press Resync, or restore the "
                "customer in Odoo."
            ),
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

    def _explain_tracking(self, link, text):
        return Problem(
            self.env._(
                "Xero does not accept the tracking of a line. %(why)s", why=text
            ),
            self.env._(
                "Fetch the tracking categories again (Sync Now), check which option is "
                "meant under Xero > Configuration > Tracking, then press Resync."
            ),
            fix="tracking",
        )

    def _explain_email(self, link, text):
        return Problem(
            self.env._("Xero does not accept the e-mail address. %(why)s", why=text),
            self.env._("Correct the e-mail of the customer, then press Resync."),
            fix="record",
        )

    def _explain_unreadable(self, link, text):
        return Problem(
            self.env._(
                "Xero cannot read a value of %(name)s. %(why)s",
                name=link.record_name,
                why=text,
            ),
            self.env._(
                "Look for a date, a number or a character out of the ordinary, correct "
                "it, then press Resync."
            ),
            fix="record",
        )

    def _explain_plan(self, link, text):
        return Problem(
            self.env._("The Xero plan allows no more invoices now. %(why)s", why=text),
            self.env._("Upgrade the plan in Xero, or wait for the next month."),
        )
