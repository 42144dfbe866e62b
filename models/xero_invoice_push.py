from odoo import api, models

from ..mapping.invoice import InvoiceData
from ..mapping.totals import same_to_the_cent
from ..xero_api import where_equals
from .xero_change import Change, Problem, XeroProblem
from .xero_invoice import GONE_STATUSES

# In what Xero says about a number that it has already.
NUMBER_TAKEN = "must be unique"


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
        self._check_order_goes_to_xero(order)
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
        if self._differs(self._get_billed_amounts(), totals.total, totals.tax):
            raise XeroProblem(self._get_total_problem(totals.total))

    def _differs(self, amounts, total, tax):
        """Whether a total or its tax is not Odoo's, to the cent: Xero has two decimals,
        also of currencies with three.

        :param dict amounts: see `sale.order._get_xero_amounts`
        :param Decimal total: Xero's, with tax
        :param Decimal tax: Xero's
        """
        our_tax = sum(tax for _untaxed, tax in amounts.values())
        our_total = sum(untaxed + tax for untaxed, tax in amounts.values())
        return not (
            same_to_the_cent(our_total, total) and same_to_the_cent(our_tax, tax)
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
        if connection.number_source == "odoo":
            for invoice in self._filter_unsent():
                if not invoice.wanted_number:
                    invoice.wanted_number = connection._get_next_number()

    def _after_xero_refused(self, messages):
        """A number that Xero has already gives way to the next one."""
        if NUMBER_TAKEN in " ".join(messages).lower():
            self.wanted_number = False

    def _filter_asked(self):
        self._renew_billed_lines()
        return self.filtered(lambda invoice: not invoice.xero_id)

    def _draft(self, order, connection):
        return order._draft_xero_invoice(connection, self)

    @api.model
    def _take_over_answers(self, connection, answers):
        """Become what Xero has made, all at once."""
        changes = []
        for change, element in answers:
            change.data = InvoiceData.from_xero(element.payload)
            changes.append(self._prepare_take_over(change.record, change.data))
        self._write_from_xero(connection, changes)
        orders = self.union(*(change.record for change in changes)).order_id
        orders.order_line._warm_xero_cache()

    def _after_xero_push(self, connection, change, element):
        """Note the invoice on its order; return a `Problem` if its total differs."""
        self._note_take_over(change.link, change.data)
        return self._compare_with_order(change.data)

    def _compare_with_order(self, data):
        """Return a `Problem` if the invoice that was made is not the order's any more:
        somebody has changed that while it was on its way."""
        order = self._get_billing_order()
        if not order:
            return None
        amounts = order._get_xero_amounts(self._get_billed())
        if not self._differs(amounts, data.total, data.total_tax):
            return None
        total = sum(untaxed + tax for untaxed, tax in amounts.values())
        return Problem(
            self.env._(
                "Invoice %(number)s in Xero is over %(theirs)s, %(order)s is over "
                "%(ours)s.",
                number=data.number,
                theirs=order.currency_id.format(float(data.total)),
                ours=order.currency_id.format(total),
                order=order.name,
            ),
            self.env._(
                "The order was changed while its invoice was made. Correct the invoice "
                "in Xero, or change the order back; then press Resync."
            ),
            fix="order",
            fix_id=order.id,
        )

    def _prepare_take_over(self, record, data):
        return Change("update", record=record, data=data, xero_id=data.xero_id)

    def _note_take_over(self, link, data):
        link._mark_synced(data.xero_id)
        self.order_id._post_xero_invoice(self)

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
        data = InvoiceData.from_xero(payload)
        self._write_from_xero(connection, [self._prepare_take_over(self, data)])
        self._note_take_over(link, data)
        logs = self.env["xero.log"]
        logs._resolve_for(link)
        logs._add_success(link, "pull", "link")
        if problem := self._compare_with_order(data):
            link._mark_error(problem.message)
            logs._add_problem(link, problem, "compare")
