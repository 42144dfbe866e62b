import dataclasses

from odoo import fields, models
from odoo.fields import Command
from odoo.tools import float_is_zero

from ..mapping.invoice import InvoiceData
from .xero_change import Problem, XeroProblem

EDITABLE = ("draft", "submitted")
CLOSED = {"void": "voided", "delete": "deleted"}
# Field of the invoice -> what an update sends of it.
UPDATED = ("lines", "line_amount_types", "contact_id", "due_date", "reference")


class XeroInvoice(models.Model):
    """Changing an invoice that is in Xero, as a person has decided: its content, or
    its end. What was done already, whoever did it, is not done a second time."""

    _inherit = "xero.invoice"

    wanted_change = fields.Selection(
        [("update", "Update"), ("void", "Void"), ("delete", "Delete")],
        "Being Changed",
        readonly=True,
        copy=False,
    )
    change_asked_at = fields.Datetime(readonly=True, copy=False)

    # === ACTION METHODS === #

    def action_change(self):
        """Open the dialog that shows what this invoice bills against what its order
        says now, and the ways to bring them together."""
        self.ensure_one()
        wizard = self.env["xero.invoice.change"]
        wizard.check_access("create")
        return wizard._open_for(self)

    # === ASKING === #

    def _request_change(self, wanted):
        """Put a change of this invoice into the outbox. One record.

        :param str wanted: a value of `wanted_change`
        :return: `xero.link` of the invoice, and of what has to go first
        """
        self.wanted_change = wanted
        links = self.env["xero.link"]._ensure(self.connection_id, self)
        if wanted == "update":
            amounts = self._get_billed_amounts().values()
            self.amount_expected = sum(untaxed + tax for untaxed, tax in amounts)
            links |= self._ensure_parts()
        links._mark_pending()
        return links

    def _ensure_parts(self):
        """Return the links of the customer and items that Xero does not have yet."""
        order, connection = self._get_billing_order(), self.connection_id
        links = self.env["xero.link"]
        items = order._get_xero_billed_items(self._get_billed())
        parts = links._ensure(connection, order.partner_invoice_id._xero_owner())
        parts |= links._ensure(connection, items)
        return parts.filtered(lambda link: not link.xero_id)

    def _give_up_change(self):
        """Leave these invoices as they are in Xero."""
        links = self.env["xero.link"]._of(self)
        for link in links.filtered(lambda link: link.state in ("pending", "error")):
            link._mark_synced()
        self.env["xero.log"]._resolve_for(links)
        self.wanted_change = False

    # === WHAT IT BILLS === #

    def _get_billed(self):
        """What it is going to bill, while it is being changed."""
        if self.wanted_change == "update":
            return self._get_billed_now()
        return super()._get_billed()

    def _get_billed_amounts(self):
        """See `_get_billed`."""
        if self.wanted_change == "update":
            order = self._get_billing_order()
            return order._get_xero_amounts(self._get_billed())
        return super()._get_billed_amounts()

    def _get_billed_now(self):
        """Return what it would bill by the order as that is now: what it has billed,
        and what is left to invoice. One record."""
        order = self._get_billing_order()
        billed = {row.order_line_id: row for row in self.billed_line_ids}
        texts = {line: text for line, _qty, text in order._get_xero_billable()}
        rows = []
        for line in order.order_line:
            row = billed.get(line, self.billed_line_ids.browse())
            text = texts.get(line) or row.description
            if line.display_type or line._is_xero_note():
                if row or line in texts:
                    rows.append((line, 0.0, text))
                continue
            quantity = self._get_quantity_now(line, row)
            if not float_is_zero(quantity, precision_digits=4):
                rows.append((line, quantity, text))
        if all(line.display_type for line, _quantity, _text in rows):
            return []
        return rows

    def _get_quantity_now(self, line, row):
        if self.is_down_payment:
            return row.quantity
        return row.quantity + line.qty_to_invoice

    # === PLAN === #

    def _read_before_push(self, connection, links):
        """Look at invoices that are to be changed as they are now."""
        changing = self.filtered(lambda i: i.xero_id and i.wanted_change)
        if changing:
            ids = changing.mapped("xero_id")
            self.env["xero.pull"]._pull_records(connection, "Invoices", ids)
        return super()._read_before_push(connection, links)

    def _plan_xero_push(self, connection, change):
        """Plan what Xero is sent. See `xero.push`. One record.

        :raise XeroProblem: if it cannot be done any more
        """
        if not (self.xero_id and self.wanted_change):
            return super()._plan_xero_push(connection, change)
        if self.wanted_change == "update":
            return self._plan_update(connection, change)
        return self._plan_close(change)

    def _plan_close(self, change):
        if self.status in CLOSED.values():
            self.wanted_change = False
            change.operation = "unchanged"
            return
        self._check_change()
        status = CLOSED[self.wanted_change]
        data = InvoiceData(xero_id=self.xero_id, status=status.upper())
        change.operation = "update"
        change.payload = data.to_xero({"status"})
        change.fields = {"status": (self.status, status)}

    def _plan_update(self, connection, change):
        self._check_change()
        order = self._get_billing_order()
        data = order._get_xero_invoice_data(connection, self)
        billed = self._get_billed()
        data = dataclasses.replace(
            data,
            xero_id=self.xero_id,
            due_date=order._get_xero_due_date(self.date, connection),
            reference=order._get_xero_reference(connection),
            lines=self._with_line_ids(data.lines, billed),
        )
        change.operation = "update"
        change.payload = data.to_xero(UPDATED)
        change.vals = {
            "billed": order._prepare_xero_billed_lines(billed),
            "digest": order._get_xero_digest(),
            "term_id": order.payment_term_id.id,
        }
        change.fields = {
            "total": (f"{self.amount_total:.2f}", f"{data.computed_totals().total:.2f}")
        }

    def _with_line_ids(self, lines, billed):
        """Name the lines that stay by their ids: Xero changes those, deletes what is
        not named, and makes the rest."""
        there = set(self.line_ids.mapped("xero_line_id"))
        known = {row.order_line_id: row.xero_line_id for row in self.billed_line_ids}
        named = []
        for (line, _quantity, _text), data in zip(billed, lines, strict=True):
            key = known.get(line)
            key = key if key in there else ""
            there.discard(key)
            named.append(dataclasses.replace(data, line_item_id=key))
        return tuple(named)

    def _can_change(self, wanted):
        """Whether Xero takes a change of this invoice as it is now. One record.

        :param str wanted: a value of `wanted_change`
        """
        self.ensure_one()
        if wanted == "void":
            return self._is_approved_and_unpaid()
        return self.status in EDITABLE

    def _is_approved_and_unpaid(self):
        settled = self.amount_paid or self.amount_credited
        return self.status == "authorised" and not settled

    def _check_change(self):
        """:raise XeroProblem: if Xero does not allow the change any more"""
        if self._can_change(self.wanted_change):
            return
        labels = dict(self._fields["status"]._description_selection(self.env))
        taken = self.currency_id.format(self.amount_paid + self.amount_credited)
        raise XeroProblem(
            Problem(
                self.env._(
                    "%(invoice)s could not be changed as wanted: it is %(status)s in "
                    "Xero now, %(taken)s of it is paid or credited.",
                    invoice=self.display_name,
                    status=labels.get(self.status, self.status or ""),
                    taken=taken,
                ),
                self.env._(
                    "Somebody was quicker. Open the invoice, press Change, and choose "
                    "from the ways that are left."
                ),
                fix="record",
            )
        )

    # === WHAT CAME OF IT === #

    def _after_xero_push(self, connection, change, element):
        """Take over what Xero has made of a change; see `xero.push`."""
        if not change.xero_id:
            return super()._after_xero_push(connection, change, element)
        data = change.data
        change.link._mark_synced(data.xero_id)
        problem = None
        if "billed" in change.vals:
            problem = self._compare_with_order(data)
            self._rewrite_billed(change.vals, data)
        self.wanted_change = False
        return problem

    def _rewrite_billed(self, vals, data):
        """It bills from now on what it was changed to."""
        rows = vals["billed"]
        self.write(
            {
                "order_digest": vals["digest"],
                "order_term_id": vals["term_id"],
                "billed_line_ids": [
                    Command.clear(),
                    *(Command.create(row) for row in rows),
                ],
                "amount_expected": sum(row["price_total"] for row in rows),
            }
        )
        self._bind_billed_lines([(self, data)])
