from odoo import models

from ..mapping.invoice import InvoiceData
from ..mapping.totals import AMOUNT_DIGITS
from ..mapping.values import round_half_up, to_decimal
from ..xero_api import where_equals
from .xero_change import Change, Problem, XeroProblem
from .xero_invoice import GONE_STATUSES


class XeroInvoice(models.Model):
    """Odoo to Xero: the invoice that an order asked for, made exactly once."""

    _inherit = "xero.invoice"

    def _plan_xero_push(self, connection, change):
        """Plan what Xero is sent. See `xero.push`. One record.

        :raise XeroProblem: if it cannot be sent as it is
        """
        if self.xero_id:
            change.operation = "unchanged"
            return
        change.operation = "create"
        change.payload = self._prepare_xero_payload(connection)
        change.notes += self.order_id._get_xero_term_notes()
        # Xero's total is the order's: anything else has been refused by now.
        change.fields = {
            "reference": ("", change.payload.get("Reference", "")),
            "total": ("", f"{self.amount_expected:.2f}"),
        }

    def _get_xero_data(self):
        """Return what is to be sent, from the order. One record."""
        self.ensure_one()
        order = self._get_billing_order()
        if not order:
            raise XeroProblem(
                Problem(
                    self.env._("The sales order was deleted."),
                    self.env._("Nothing is to be done."),
                    skip=True,
                )
            )
        if order.xero_do_not_sync:
            raise XeroProblem(
                Problem(
                    self.env._("%(name)s is excluded.", name=order.name),
                    self.env._("Untick Do Not Invoice in Xero to include it."),
                    skip=True,
                )
            )
        if order.state == "cancel":
            raise XeroProblem(
                Problem(
                    self.env._("%(name)s was cancelled.", name=order.name),
                    self.env._("Nothing is to be done."),
                    skip=True,
                )
            )
        return order._get_xero_invoice_data(self.connection_id, self)

    def _prepare_xero_payload(self, connection=None, changed=None, data=None):
        """See `xero.sync.mixin`."""
        return (data or self._get_xero_data()).to_xero()

    def _check_totals(self, data):
        """Wrong money is worse than no invoice: compare before anything is sent.

        :raise XeroProblem: if Xero's arithmetic would give another total
        """
        totals = data.computed_totals()
        if self._differs(totals.total, totals.tax):
            raise XeroProblem(self._get_total_problem(totals.total))

    def _differs(self, total, tax):
        """Whether a total or its tax is not that of the order, to the cent: Xero has
        two decimals, also of currencies with three.

        :param Decimal total: Xero's, with tax
        :param Decimal tax: Xero's
        """
        amounts = self._get_billing_order()._get_xero_amounts(self._get_billed())
        expected_tax = sum(tax for _untaxed, tax in amounts.values())
        expected_total = sum(untaxed + tax for untaxed, tax in amounts.values())
        return any(
            round_half_up(to_decimal(f"{ours:.6f}"), AMOUNT_DIGITS)
            != round_half_up(theirs, AMOUNT_DIGITS)
            for ours, theirs in ((expected_total, total), (expected_tax, tax))
        )

    def _get_total_problem(self, total):
        order = self.order_id
        return Problem(
            self.env._(
                "The total would not be the same: %(theirs)s in Xero, %(ours)s on "
                "%(order)s.",
                theirs=order.currency_id.format(float(total)),
                ours=order.currency_id.format(self.amount_expected),
                order=order.name,
            ),
            self.env._(
                "Xero rounds the tax of each line. Set Tax Rounding to Round per Line "
                "in Odoo's accounting settings, or adjust the prices; then Resync."
            ),
            fix="order",
            fix_id=order.id,
        )

    def _before_xero_push(self, connection, links):
        """Bill what the orders have to invoice at this moment. Customers and items go
        first; see the order of `PUSH_MODELS`."""
        self._renew_billed_lines()

    def _requeue_dependencies(self, connection):
        """Put the customer and the items of these invoices into the outbox again.

        :return: `xero.link`
        """
        links = self.env["xero.link"]
        for invoice in self.filtered(lambda invoice: not invoice.xero_id):
            if invoice.order_id:
                order = invoice.order_id
                links |= order._ensure_xero_dependencies(connection, invoice)
        return links

    def _after_xero_push(self, connection, change, element):
        """Take over Xero's answer; return a `Problem` if its total differs."""
        data = self._take_over(connection, change.link, element.payload)
        return self._compare_with_order(data)

    def _compare_with_order(self, data):
        """Return a `Problem` if the invoice that was made is not the order's any more:
        somebody has changed that while it was on its way."""
        order = self.order_id
        if not order or not self._differs(data.total, data.total_tax):
            return None
        return Problem(
            self.env._(
                "Invoice %(number)s in Xero is over %(theirs)s, %(order)s is over "
                "%(ours)s.",
                number=data.number,
                theirs=order.currency_id.format(float(data.total)),
                ours=order.currency_id.format(self._get_billed_total()),
                order=order.name,
            ),
            self.env._(
                "The order was changed while its invoice was made. Correct the invoice "
                "in Xero, or change the order back; then press Resync."
            ),
            fix="order",
            fix_id=order.id,
        )

    def _get_billed_total(self):
        """Return what is billed by the prices of this moment, with tax."""
        amounts = self._get_billing_order()._get_xero_amounts(self._get_billed())
        return sum(untaxed + tax for untaxed, tax in amounts.values())

    def _take_over(self, connection, link, payload):
        """Become what Xero has: the answer to a call, or what a lost call made.

        :rtype: InvoiceData
        """
        data = InvoiceData.from_xero(payload)
        change = Change("update", record=self, data=data, xero_id=data.xero_id)
        self._write_from_xero(connection, [change])
        link._mark_synced(data.xero_id)
        self.order_id._post_xero_invoice(self)
        return data

    # === RECOVERY === #

    def _find_in_xero(self, connection, link):
        """Look for the invoice that a lost call may have made: by the order's name,
        then by the address that leads back to this very record.

        Nothing is read from the order, which may have changed since, or be gone.
        """
        if not self.reference:
            return None
        if '"' in self.reference:
            # Xero's filter knows no escape for a quote: its own text search does.
            filters = {"search": self.reference}
        else:
            reference = where_equals("Reference", self.reference)
            filters = {"where": f'Type=="ACCREC" AND {reference}'}
        page = self.env["xero.gateway"]._call(
            connection, "get_page", "Invoices", **filters
        )
        candidates = [
            payload
            for payload in page.items
            if self._is_mine(connection, InvoiceData.from_xero(payload))
        ]
        taken = self._find_taken(
            connection, [payload["InvoiceID"] for payload in candidates]
        )
        free = [row for row in candidates if row["InvoiceID"] not in taken]
        return free[0] if free else None

    def _is_mine(self, connection, theirs):
        """Same way back; where Xero takes no such address, same customer and total."""
        if theirs.status.lower() in GONE_STATUSES:
            return False
        if theirs.url or "Url" in InvoiceData(url=self._get_back_url()).to_xero():
            return self._read_back_reference(theirs.url) == self.id
        contact = self.env["xero.link"]._of(self.partner_id, connection)
        total = float(theirs.total)
        same_total = not self.currency_id.compare_amounts(total, self.amount_expected)
        return theirs.contact_id == contact.xero_id and same_total

    def _find_taken(self, connection, xero_ids):
        taken = self.search(
            [("connection_id", "=", connection.id), ("xero_id", "in", xero_ids)]
        )
        return set((taken - self).mapped("xero_id"))

    def _adopt_from_xero(self, connection, link, payload):
        """Bind this record to the invoice that was found. One record."""
        data = self._take_over(connection, link, payload)
        logs = self.env["xero.log"]
        logs._resolve_for(link)
        logs._add_success(link, "pull", "link")
        if problem := self._compare_with_order(data):
            link._mark_error(problem.message)
            logs._add_problem(link, problem, "compare")
