import dataclasses
import re

import pytz

from odoo import fields, models
from odoo.tools import html2plaintext, is_html_empty

from ..mapping.quote import QuoteData
from ..mapping.totals import same_to_the_cent
from .xero_change import Problem, XeroProblem

# Tags that plain text would show as asterisks and slashes.
EMPHASIS = re.compile(r"</?(?:b|strong|i|em|u|span)\b[^>]*>", re.IGNORECASE)


class SaleOrder(models.Model):
    """What a quotation becomes as a Xero quote."""

    _inherit = "sale.order"

    def _get_xero_quote_data(self, connection):
        """Return the Xero quote of this quotation, without a status.

        :param connection: `xero.connection`, one record
        :rtype: QuoteData
        :raise XeroProblem: if something that Xero needs is missing
        """
        data = self._draft_xero_quote(connection)
        self._check_xero_items(connection, self._get_xero_quoted())
        contact_id = self._get_xero_contact_id(connection)
        data = dataclasses.replace(data, contact_id=contact_id)
        if problems := data.problems():
            raise XeroProblem(self._get_xero_data_problem(problems))
        return data

    def _draft_xero_quote(self, connection):
        """Return the quote as far as Odoo alone knows it: without Xero's contact.

        :rtype: QuoteData
        :raise XeroProblem: if something is missing, or the total would be another
        """
        self.ensure_one()
        quoted = self._get_xero_quoted()
        amounts = self._get_xero_amounts(quoted)
        self._check_xero_quoted(quoted, amounts)
        self._check_xero_records(connection, quoted)
        data = QuoteData(
            reference=self.name,
            date=self._get_xero_quote_date(),
            expiry_date=self.validity_date,
            currency=self.currency_id.name,
            line_amount_types=self._get_xero_line_amount_types(quoted),
            title=self._get_xero_quote_title(),
            summary=self._get_xero_quote_summary(),
            terms=self._get_xero_quote_terms(),
            branding_theme_id=self._get_xero_branding_theme_id(connection),
            lines=tuple(self._get_xero_line_datas(connection, quoted, amounts)),
        )
        totals = data.computed_totals()
        if self._differs_in_xero(totals.total, totals.tax):
            raise XeroProblem(self._get_xero_quote_total_problem(totals.total))
        return data

    def _check_xero_quoted(self, quoted, amounts):
        """:raise XeroProblem: if there is nothing to quote, or the order's total holds
        more than its lines
        """
        if any(not line.display_type for line, _quantity, _text in quoted):
            total = sum(untaxed + tax for untaxed, tax in amounts.values())
            self._check_xero_whole(quoted, total)
            return
        raise XeroProblem(
            Problem(
                self.env._("%(order)s has nothing to quote.", order=self.name),
                self.env._("Add a product to the quotation, then press Resync."),
                fix="order",
                fix_id=self.id,
            )
        )

    def _differs_in_xero(self, total, tax):
        """Whether a total or its tax is not this order's, to the cent: Xero has two
        decimals, also of currencies with three.

        :param total: Xero's, with tax, as a number
        :param tax: Xero's
        """
        return not (
            same_to_the_cent(self.amount_total, total)
            and same_to_the_cent(self.amount_tax, tax)
        )

    def _get_xero_quote_total_problem(self, total):
        return Problem(
            self.env._(
                "The total would not be the same: %(theirs)s in Xero, %(ours)s on "
                "%(order)s.",
                theirs=self.currency_id.format(float(total)),
                ours=self.currency_id.format(self.amount_total),
                order=self.name,
            ),
            self.env._(
                "Compare the taxes of the lines with the Xero tax rates that they are "
                "mapped to, or adjust the prices; then press Resync."
            ),
            fix="order",
            fix_id=self.id,
        )

    # === WHAT THE CUSTOMER READS === #

    def _get_xero_quote_date(self):
        """Return the day of the quotation where the company is, not where the person
        or the server is: it must not change with who sends it."""
        zone = self.company_id.partner_id.tz or self.user_id.tz or "UTC"
        moment = pytz.utc.localize(self.date_order or fields.Datetime.now())
        return moment.astimezone(pytz.timezone(zone)).date()

    def _get_xero_quote_title(self):
        """Return the title, in the customer's language."""
        order = self.with_context(lang=self.partner_id.lang or self.env.lang)
        return order.env._("Quotation %(name)s", name=self.name)

    def _get_xero_quote_summary(self):
        """Return what stands above the lines: what the customer calls the business."""
        if not self.client_order_ref:
            return ""
        order = self.with_context(lang=self.partner_id.lang or self.env.lang)
        return order.env._("Your reference: %(ref)s", ref=self.client_order_ref)

    def _get_xero_quote_terms(self):
        """Return the terms and conditions as plain text."""
        if is_html_empty(self.note):
            return ""
        return html2plaintext(EMPHASIS.sub("", str(self.note))).strip()

    # === THE INVOICE === #

    def _get_xero_reference(self, connection):
        """An invoice refers to the quote that came before it."""
        reference = super()._get_xero_reference(connection)
        number = self._get_xero_active_quote().number
        return f"{reference} / {number}" if number else reference
