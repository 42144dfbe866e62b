from odoo import api, fields, models

from ..const import APPROVED_STATUSES
from ..xero_api import clean_file_name
from .xero_invoice_task_file import QUOTATION


class XeroInvoice(models.Model):
    """What follows once Xero has made an invoice, and once it is approved there.

    Only of invoices that Odoo asked for: those of Xero's own are Xero's affair.
    """

    _inherit = "xero.invoice"

    task_ids = fields.One2many(
        "xero.invoice.task",
        "invoice_id",
        "Follow-Ups",
        readonly=True,
        groups="xero_crm.group_xero_accountant",
    )

    @api.model
    def _write_from_xero(self, connection, changes):
        """See `xero.document.mixin`: an invoice that is made, or approved, sets off
        what the connection wants, whoever did it, and however Odoo hears of it."""
        # All at once, wherever these records come from.
        known = self.browse([change.record.id for change in changes if change.record])
        before = {invoice.id: invoice.status for invoice in known}
        result = super()._write_from_xero(connection, changes)
        there = self.browse([change.record.id for change in changes if change.record])
        there.filtered("order_sequence")._queue_follow_ups(before)
        return result

    def _queue_follow_ups(self, before):
        """Ask for what follows.

        :param dict before: status by id, before it came from Xero
        """
        ours = self.filtered("order_id")
        made = ours.filtered(lambda i: not before.get(i.id))
        approved = ours.filtered(
            lambda i: (
                i.status == "authorised" and before.get(i.id) not in APPROVED_STATUSES
            )
        )
        approved.connection_id._end_plan_limit()
        rows = [row for invoice in made for row in invoice._prepare_note_tasks()]
        rows += made._prepare_file_tasks()
        rows += [row for i in approved for row in i._prepare_approved_tasks()]
        self.env["xero.invoice.task"].sudo()._queue(rows)

    def _prepare_note_tasks(self):
        if not self.connection_id.history_note:
            return []
        order = self.order_id
        company = order.company_id
        env = self.with_context(lang=company.partner_id.lang or "en_US").env
        note = env._("Created from Odoo order %(order)s.", order=order.name)
        if order.user_id:
            note = env._(
                "Created from Odoo order %(order)s by %(salesperson)s.",
                order=order.name,
                salesperson=order.user_id.name,
            )
        return [{"invoice": self, "kind": "note", "name": note}]

    def _prepare_approved_tasks(self):
        connection, rows = self.connection_id, []
        if connection.online_link_mode == "approved" and not self.online_url:
            rows.append({"invoice": self, "kind": "online_url"})
        if connection.email_mode == "approved" and not self.is_sent:
            rows.append(self._prepare_email_task())
        return rows

    # === FILES === #

    def _prepare_file_tasks(self):
        """Return what of the orders' files belongs to these invoices, and was not
        asked for before.

        :rtype: list of dict
        """
        rows, files, known = [], self._get_order_files(), self._get_known_files()
        for invoice in self:
            mine = known.get(invoice, known[None])
            keys, taken = (
                set(mine.mapped("key")),
                {n.lower() for n in mine.mapped("name")},
            )
            if invoice.connection_id.attach_quotation and QUOTATION not in keys:
                rows.append(invoice._prepare_quotation_task(taken))
            for attachment in files.get(invoice.id, ()):
                key = attachment.checksum or str(attachment.id)
                if key in keys:
                    continue
                keys.add(key)
                rows.append(
                    {
                        "invoice": invoice,
                        "kind": "attachment",
                        "key": key,
                        "name": self._get_free_name(attachment.name, taken),
                        "attachment_id": attachment.id,
                    }
                )
        return rows

    def _get_known_files(self):
        """Return the tasks of files by invoice; none of them under None."""
        tasks = self.env["xero.invoice.task"].sudo()
        domain = [("invoice_id", "in", self.ids), ("kind", "=", "attachment")]
        found = tasks.search(domain) if self else tasks
        return {None: tasks, **found.grouped("invoice_id")}

    def _prepare_quotation_task(self, taken):
        order = self.order_id
        name = order.name
        if order.signature:
            name = self.env._("%(order)s signed", order=order.name)
        return {
            "invoice": self,
            "kind": "attachment",
            "key": QUOTATION,
            "name": self._get_free_name(f"{name}.pdf", taken),
        }

    def _get_order_files(self):
        """Return the files of the orders of these invoices, in one query.

        :return: `ir.attachment` by id of the invoice
        :rtype: dict
        """
        wanted = self.filtered(lambda i: i.connection_id.attach_files != "none")
        if not wanted:
            return {}
        files = self.env["ir.attachment"].search(
            [
                ("res_model", "=", "sale.order"),
                ("res_id", "in", wanted.order_id.ids),
                ("res_field", "=", False),
                ("type", "=", "binary"),
            ],
            order="id",
        )
        by_order = files.grouped("res_id")
        result = {}
        for invoice in wanted:
            mine = by_order.get(invoice.order_id.id, files.browse())
            if invoice.connection_id.attach_files == "chosen":
                # Only what hangs on the order itself: nobody sends another's file.
                mine &= invoice.order_id.xero_attachment_ids
            result[invoice.id] = mine
        return result

    @api.model
    def _get_free_name(self, name, taken):
        """Return a name that Xero takes, and that no other file of the invoice has:
        Xero would replace that one.

        :param set taken: names so far; the new one is added
        """
        name = clean_file_name(name)
        stem, dot, ending = name.rpartition(".")
        number = 1
        free = name
        while free.lower() in taken:
            number += 1
            free = clean_file_name(
                f"{stem} ({number}).{ending}" if dot else f"{name} ({number})"
            )
        taken.add(free.lower())
        return free
