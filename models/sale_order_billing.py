from odoo import models
from odoo.tools import float_compare

from ..mapping.fit import fit_line, to_cents
from ..mapping.line import LineData
from ..mapping.totals import EXCLUSIVE, INCLUSIVE
from ..mapping.values import to_decimal
from .xero_change import Problem, XeroProblem


class SaleOrder(models.Model):
    """What of an order is billed, to which amounts: Odoo's own, to the cent."""

    _inherit = "sale.order"

    # === WHAT === #

    def _get_xero_billable(self):
        """Return what is to be invoiced now, as Odoo's own invoice would have it: by
        ordered or delivered quantities, less what was invoiced and paid in advance.

        :return: (order line, quantity, text instead of the line's or False) each;
            nothing where there are but headings
        :rtype: list of tuples
        """
        self.ensure_one()
        lines = self._get_invoiceable_lines(final=True)
        if all(line.display_type for line in lines):
            return []
        return [
            (line, *line._get_xero_quantity_and_text())
            for line in lines
            if not (line.display_type and line.is_downpayment)
        ]

    def _get_xero_quoted(self):
        """Return all that the order sells, in the form of `_get_xero_billable`."""
        lines = self.order_line.filtered(lambda line: not line.is_downpayment)
        return [
            (line, 0.0 if line.display_type else line.product_uom_qty, False)
            for line in lines
        ]

    def _prepare_xero_billed_lines(self, billed):
        """Return values of `xero.billed.line`.

        :param list billed: see `_get_xero_billable`
        """
        amounts = self._get_xero_amounts(billed)
        rows = []
        for line, quantity, text in billed:
            untaxed, tax = amounts.get(line, (0.0, 0.0))
            rows.append(
                {
                    "order_line_id": line.id,
                    "quantity": quantity,
                    "description": text,
                    "price_subtotal": self.currency_id.round(untaxed),
                    "price_total": self.currency_id.round(untaxed + tax),
                }
            )
        return rows

    # === AMOUNTS === #

    def _get_xero_amounts(self, billed):
        """Return Odoo's amounts of what is billed, in the order's currency: rounded as
        the company rounds, so that they add up to its total.

        :param list billed: see `_get_xero_billable`
        :return: (untaxed, tax) by order line, without headings and notes
        :rtype: dict
        """
        base_lines = self._prepare_xero_base_lines(billed)
        return {row["record"]: self._read_xero_amounts(row) for row in base_lines}

    def _prepare_xero_base_lines(self, billed):
        """Return what is billed as Odoo computes and rounds its taxes."""
        taxes = self.env["account.tax"]
        base_lines = [
            line._prepare_xero_base_line(quantity)
            for line, quantity, _text in billed
            if not line._is_xero_note()
        ]
        taxes._add_tax_details_in_base_lines(base_lines, self.company_id)
        taxes._round_base_lines_tax_details(base_lines, self.company_id)
        return base_lines

    def _read_xero_amounts(self, base_line):
        details = base_line["tax_details"]
        untaxed = (
            details["total_excluded_currency"]
            + details["delta_total_excluded_currency"]
        )
        tax = sum(data["tax_amount_currency"] for data in details["taxes_data"])
        return untaxed, tax

    def _get_xero_line_datas(self, connection, billed, amounts=None):
        """Return what is billed as lines of a Xero document of the kind that
        `_get_xero_line_amount_types` tells, with exactly Odoo's amounts.

        :param connection: `xero.connection`, one record
        :param list billed: see `_get_xero_billable`
        :param dict amounts: see `_get_xero_amounts`; by the prices of now when None
        :rtype: list of LineData
        :raise XeroProblem: if something that Xero needs is missing
        """
        if amounts is None:
            amounts = self._get_xero_amounts(billed)
        cents = self._get_xero_cents(amounts)
        kind = self._get_xero_line_amount_types(billed)
        datas = []
        for line, quantity, text in billed:
            if line._is_xero_note():
                datas.append(LineData(description=text or line.name))
                continue
            data = line._get_xero_line_data(connection, quantity, text)
            fitted = fit_line(data, *cents[line], kind)
            line._check_xero_tax(fitted, kind)
            datas.append(fitted)
        return datas

    def _get_xero_cents(self, amounts):
        """Return amounts as decimals, in the two places that Xero has in any currency.

        :param dict amounts: see `_get_xero_amounts`
        """
        digits = self.currency_id.decimal_places
        exact = [
            tuple(to_decimal(f"{amount:.{digits}f}") for amount in pair)
            for pair in amounts.values()
        ]
        return dict(zip(amounts, to_cents(exact), strict=True))

    def _get_xero_line_amount_types(self, billed=None):
        """Return whether tax is inside all the prices, or on top of them. A mixture,
        which Xero does not know, becomes prices without tax."""
        lines = [row[0] for row in billed or self._get_xero_quoted()]
        taxes = self.env["account.tax"].union(*(line.tax_ids for line in lines))
        taxes = taxes.flatten_taxes_hierarchy()
        return INCLUSIVE if taxes and all(t.price_include for t in taxes) else EXCLUSIVE

    def _check_xero_whole(self, billed, total):
        """What bills a whole order has the order's total.

        :param list billed: see `_get_xero_billable`
        :param float total: of what is billed
        :raise XeroProblem: where an order's total holds more than its lines, such as
            the tax that an early payment would save
        """
        quantities = {line: quantity for line, quantity, _text in billed}
        is_whole = all(
            not float_compare(
                quantities.get(line, 0.0), line.product_uom_qty, precision_digits=4
            )
            for line in self._get_priced_lines()
        )
        if not is_whole or not self.currency_id.compare_amounts(
            total, self.amount_total
        ):
            return
        raise XeroProblem(
            Problem(
                self.env._(
                    "The lines of %(order)s add up to %(lines)s, the order to "
                    "%(total)s.",
                    order=self.name,
                    lines=self.currency_id.format(total),
                    total=self.currency_id.format(self.amount_total),
                ),
                self.env._(
                    "Xero cannot reduce the tax for an early payment before it is "
                    "made. Choose another payment term, then press Resync."
                ),
                fix="order",
                fix_id=self.id,
            )
        )
