import re
from datetime import datetime

from odoo import api, models

from .xero_change import Problem

# What Xero's validation messages contain -> name of the method that explains it.
# Compared in lower case, since Xero words them freely; the first that fits is taken.
REFUSALS = [
    ("allocated between", "_explain_not_open"),
    ("amount outstanding", "_explain_not_open"),
    ("made against authorised", "_explain_not_open"),
    ("allocated to it", "_explain_settled"),
    ("not of valid status", "_explain_final"),
    ("quote status", "_explain_quote_status"),
    ("post data was invalid", "_explain_unreadable"),
    ("already assigned to another contact", "_explain_name_taken"),
    ("must be unique", "_explain_number_taken"),
    ("lock date", "_explain_lock_date"),
    ("limit of invoices", "_explain_plan"),
    ("cannot be archived", "_explain_archiving"),
    ("used with account code", "_explain_tax_for_account"),
    ("taxtype", "_explain_tax"),
    ("account code", "_explain_account"),
    ("accountcode", "_explain_account"),
    ("tracking", "_explain_tracking"),
    ("archived", "_explain_archived"),
    ("currency", "_explain_currency"),
    ("tax", "_explain_tax"),
    ("email", "_explain_email"),
]
ACCOUNT_CODE = re.compile(r"account code '([^']+)'", re.IGNORECASE)
TAX_TYPE = re.compile(r"taxtype code '([^']+)'", re.IGNORECASE)
LOCKED_AT = re.compile(r"currently set at (\d{1,2} [A-Z][a-z]+ \d{4})")


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
        invoice = self._get_refused_invoice(link)
        if not invoice.wanted_number:
            return Problem(
                self.env._(
                    "Xero already has a document with this number. %(why)s", why=text
                ),
                self.env._("Change the number, then press Resync."),
                fix="xero_settings" if invoice else "record",
            )
        return Problem(
            self.env._(
                "Xero already has an invoice with the number %(number)s.",
                number=invoice.wanted_number,
            ),
            self.env._(
                "Press Resync: it takes the next number of the sequence. Or give it "
                "another one."
            ),
            fix="number",
            fix_id=invoice.id,
        )

    def _explain_lock_date(self, link, text):
        if found := LOCKED_AT.search(text):
            day = datetime.strptime(found[1], "%d %B %Y").date()
            link.connection_id._note_lock_date(day)
        return Problem(
            self.env._("The books are closed for this date. %(why)s", why=text),
            self.env._(
                "Ask your accountant to move the lock date in Xero (Settings > "
                "Financial settings), then press Resync."
            ),
            fix="lock_date",
            fix_id=link.connection_id.id,
        )

    def _explain_archived(self, link, text):
        invoice = self._get_refused_invoice(link)
        partner = invoice.partner_id
        return Problem(
            self.env._(
                "The contact %(name)s is archived in Xero.",
                name=partner.display_name or link.record_name,
            ),
            self.env._("Restore the contact in Xero, then press Resync."),
            fix="xero_contact" if partner else "record",
            fix_id=partner.id,
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
                "Add the currency in Xero (Settings > Currencies), then press Resync; "
                "or use another pricelist on the order."
            ),
            fix="currency",
            fix_id=link.connection_id.id,
        )

    def _explain_account(self, link, text):
        owner = self._get_refused_account_owner(link, text)
        kinds = {"product.product": "product_account", "product.category": "category"}
        if fix := kinds.get(owner._name):
            return Problem(
                self.env._(
                    "The account of %(name)s is none that Xero accepts. %(why)s",
                    name=owner.display_name,
                    why=text,
                ),
                self.env._("Choose another account, then press Resync."),
                fix=fix,
                fix_id=owner.id,
            )
        return Problem(
            self.env._("A line has no account that Xero accepts. %(why)s", why=text),
            self.env._("Choose another default sales account, then press Resync."),
            fix="account",
            fix_id=link.connection_id.id,
        )

    def _explain_tax_for_account(self, link, text):
        return Problem(
            self.env._(
                "Xero does not take this tax on this account. %(why)s", why=text
            ),
            self.env._(
                "Map the tax to a rate that may be used on sales accounts, or choose "
                "another account; then press Resync."
            ),
            fix="tax_map",
            fix_id=self._get_refused_tax_map(link, text).id,
        )

    def _explain_tax(self, link, text):
        return Problem(
            self.env._("Xero does not accept the tax of a line. %(why)s", why=text),
            self.env._("Map the tax to a rate that Xero has, then press Resync."),
            fix="tax_map",
            fix_id=self._get_refused_tax_map(link, text).id,
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
        link.connection_id._note_plan_limit()
        return Problem(
            self.env._("The Xero plan allows no more invoices now. %(why)s", why=text),
            self.env._(
                "Upgrade the plan in Xero, wait for the next month, or create drafts "
                "meanwhile; then press Resync."
            ),
            fix="plan",
            fix_id=link.connection_id.id,
        )

    # === WHAT IT IS ABOUT === #

    def _get_refused_invoice(self, link):
        """Return the `xero.invoice` of a link; none of a link of something else."""
        invoices = self.env["xero.invoice"].sudo()
        if link.res_model != invoices._name:
            return invoices
        return invoices.browse(link.res_id)

    def _get_refused_lines(self, link):
        """Return the order lines that a refused invoice bills."""
        invoice = self._get_refused_invoice(link)
        lines = invoice.order_id.order_line
        return lines.with_company(link.connection_id.company_id)

    def _get_refused_account_owner(self, link, text):
        """Return what names the account that Xero does not take: a product, a category
        or the connection."""
        code, connection = ACCOUNT_CODE.search(text), link.connection_id
        for line in self._get_refused_lines(link):
            account, owner = line._find_xero_account(connection)
            if code and account.code == code[1]:
                return owner
        return connection

    def _get_refused_tax_map(self, link, text):
        """Return the row that maps a tax of the invoice to the rate that Xero names."""
        tax_type = TAX_TYPE.search(text)
        taxes = self._get_refused_lines(link).tax_ids
        rows = link.connection_id.tax_map_ids.filtered(
            lambda row: tax_type and row.tax_rate_id.tax_type == tax_type[1]
        )
        return (rows.filtered(lambda row: row.tax_id in taxes) or rows)[:1]
