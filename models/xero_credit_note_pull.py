from odoo import models


class XeroCreditNote(models.Model):
    """Xero to Odoo: credits with their lines, allocations and refunds."""

    _inherit = "xero.credit.note"

    def _get_diff_pairs(self, record, data):
        left = data.remaining_credit
        return {
            "status": (record.status or "", data.status.lower()),
            "credit left": (f"{record.amount_remaining:.2f}", f"{left:.2f}"),
            "total": (f"{record.amount_total:.2f}", f"{data.total:.2f}"),
        }

    def _prepare_vals_from_xero(self, payload):
        return {
            **super()._prepare_vals_from_xero(payload),
            "kind": payload.kind,
            "amount_remaining": float(payload.remaining_credit),
        }

    def _write_from_xero(self, connection, changes):
        result = super()._write_from_xero(connection, changes)
        self._write_allocations(connection, changes)
        return result

    def _write_allocations(self, connection, changes):
        """Write the allocations of these credits anew, all at once."""
        allocations = self.env["xero.credit.allocation"]
        records = self.browse([change.record.id for change in changes])
        allocations.search([("credit_note_id", "in", records.ids)]).unlink()
        invoices = self._find_allocated(connection, changes)
        vals_list = [
            {
                "credit_note_id": record.id,
                "company_id": connection.company_id.id,
                "partner_id": record.partner_id.id,
                "invoice_id": invoices.get(data.invoice_id, False),
                "invoice_xero_id": data.invoice_id,
                "invoice_number": data.invoice_number or False,
                "date": data.date,
                "amount": float(data.amount),
            }
            for record, change in zip(records, changes, strict=True)
            for data in change.data.allocations
            if not data.is_deleted
        ]
        if allocations._insert(vals_list):
            self.invalidate_model(["allocation_ids"], flush=False)

    def _find_allocated(self, connection, changes):
        """Return ids of the invoices that credits were given to, by Xero id."""
        wanted = {a.invoice_id for change in changes for a in change.data.allocations}
        invoices = self.env["xero.invoice"].search(
            [("connection_id", "=", connection.id), ("xero_id", "in", list(wanted))]
        )
        return {invoice.xero_id: invoice.id for invoice in invoices}
