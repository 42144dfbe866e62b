import re
from urllib.parse import parse_qs, urlsplit

from odoo import api, models

# Part of the address that leads from Xero back to the order, and names our record.
URL_KEY = "invoice_ref"


class XeroInvoice(models.Model):
    """Xero to Odoo: invoices with their lines and payments."""

    _inherit = "xero.invoice"

    def _get_diff_pairs(self, record, data):
        return {
            "status": (record.status or "", data.status.lower()),
            "amount due": (f"{record.amount_due:.2f}", f"{data.amount_due:.2f}"),
            "total": (f"{record.amount_total:.2f}", f"{data.total:.2f}"),
        }

    def _find_known(self, connection, datas):
        """Return our records by Xero id: mirrored ones, and ones on their way whose
        answer has not arrived yet, known by the address that leads back to them."""
        known = super()._find_known(connection, datas)
        named = {
            data.xero_id: self._read_back_reference(data.url)
            for data in datas
            if data.xero_id not in known
        }
        waiting = self.search(
            [
                ("connection_id", "=", connection.id),
                ("id", "in", [res_id for res_id in named.values() if res_id]),
                ("xero_id", "=", False),
            ]
        )
        for xero_id, res_id in named.items():
            if record := waiting.filtered(lambda r, res_id=res_id: r.id == res_id):
                known[xero_id] = record
        return known

    @api.model
    def _read_back_reference(self, url):
        """Return the id of our record that an invoice's address names, or None."""
        uuid = self.env["res.partner"]._get_xero_number_prefix()
        for value in parse_qs(urlsplit(url).query).get(URL_KEY, []):
            if match := re.fullmatch(re.escape(uuid) + r"(\d{1,9})", value):
                return int(match[1])
        return None

    def _get_back_url(self):
        """Return the address that Xero shows as the way back to the order."""
        self.ensure_one()
        base = self.order_id.get_base_url()
        uuid = self.env["res.partner"]._get_xero_number_prefix()
        return (
            f"{base}/mail/view?model=sale.order&res_id={self.order_id.id}"
            f"&{URL_KEY}={uuid}{self.id}"
        )

    def _apply_xero_page(self, connection, changes):
        """Carry out the plan. See `xero.pull`."""
        result = super()._apply_xero_page(connection, changes)
        moved = [c for c in changes if c.operation in ("create", "update")]
        if moved:
            self._bind_arrived(connection, moved)
        return result

    def _write_from_xero(self, connection, changes):
        result = super()._write_from_xero(connection, changes)
        created = [change.record for change in changes if change.operation == "create"]
        if created:
            invoices = self.union(*created)
            self.env["xero.credit.allocation"]._find_invoices(invoices)
        return result

    def _bind_arrived(self, connection, changes):
        """Settle the outbox of invoices whose pull was quicker than their answer."""
        records = self.union(*(change.record for change in changes))
        links = self.env["xero.link"]._of(records, connection)
        links = links.filtered(lambda link: link.state != "synced")
        datas = {change.record.id: change.data for change in changes}
        logs = self.env["xero.log"]
        logs._resolve_for(links)
        for link in links:
            record = self.browse(link.res_id)
            link._mark_synced(record.xero_id)
            if problem := record._compare_with_order(datas[record.id]):
                link._mark_error(problem.message)
                logs._add_problem(link, problem, "compare")

    def _get_write_context(self, connection, datas):
        """Look up at once what the invoices of a page refer to."""
        orders = self.env["sale.order"].search(
            [
                ("name", "in", [data.reference for data in datas if data.reference]),
                ("company_id", "=", connection.company_id.id),
                ("state", "=", "sale"),
            ]
        )
        return {
            **super()._get_write_context(connection, datas),
            "orders": {order.name: order for order in orders},
        }

    def _prepare_vals_from_xero(self, payload):
        """See `xero.sync.mixin`. Amounts in the invoice's currency."""
        return {
            **super()._prepare_vals_from_xero(payload),
            "due_date": payload.due_date,
            "amount_paid": float(payload.amount_paid),
            "amount_credited": float(payload.amount_credited),
            "amount_by_credit_note": float(payload.credit_notes_applied),
            "amount_due": float(payload.amount_due),
            "back_url": payload.url or False,
        }

    def _prepare_relations(self, connection, record, data, context):
        vals = super()._prepare_relations(connection, record, data, context)
        partner_id = context["partners"].get(data.contact_id, False)
        order = context["orders"].get(data.reference)
        if order and not record.order_id and partner_id:
            # Somebody billed the order by hand in Xero: it is not billed twice.
            if order.partner_invoice_id.commercial_partner_id.id == partner_id:
                vals["order_id"] = order.id
        return vals
