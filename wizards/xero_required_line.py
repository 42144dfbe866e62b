from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..const import PUSH_MODELS

# The texts that a person may fill in place; the rest is put right on the record.
TEXTS = ("char", "text")


class XeroRequiredLine(models.TransientModel):
    """One field of one record that keeps it from Xero, to be filled in the list."""

    _name = "xero.required.line"
    _inherit = "xero.bulk.mixin"
    _description = "Field That Xero Needs"
    _order = "res_model desc, field_name, record_name, id"

    check_id = fields.Many2one(
        "xero.required.check", required=True, ondelete="cascade", index=True
    )
    res_model = fields.Selection(
        [("res.partner", "Customer"), ("product.product", "Product")],
        "Kind",
        required=True,
        readonly=True,
    )
    res_id = fields.Many2oneReference(
        "Record", model_field="res_model", required=True, readonly=True
    )
    record_name = fields.Char("Name", readonly=True)
    data_field = fields.Char(readonly=True)
    field_name = fields.Char(readonly=True)
    field_label = fields.Char("Field", compute="_compute_field_label")
    is_text = fields.Boolean(compute="_compute_field_label")
    problem = fields.Char(readonly=True)
    value = fields.Char(compute="_compute_value", inverse="_inverse_value")
    state = fields.Selection(
        [("missing", "To Fill"), ("ready", "Ready"), ("sent", "Sent")],
        readonly=True,
        required=True,
    )

    # === COMPUTE METHODS === #

    @api.depends("res_model", "field_name")
    @api.depends_context("lang")
    def _compute_field_label(self):
        for line in self:
            field = self.env[line.res_model]._fields.get(line.field_name)
            line.is_text = field is not None and field.type in TEXTS
            line.field_label = field and field._description_string(self.env)

    @api.depends("res_model", "res_id", "field_name")
    def _compute_value(self):
        for model_name, lines in self.grouped("res_model").items():
            records = self.env[model_name].browse(lines.mapped("res_id")).exists()
            seen = {record.id: record for record in records._filtered_access("read")}
            for line in lines:
                record = seen.get(line.res_id)
                line.value = record and line.is_text and record[line.field_name]

    def _inverse_value(self):
        """Write to the record, with the rights of the person who fills it in."""
        for line in self:
            record = line._get_record()
            if not line.is_text:
                raise UserError(
                    self.env._("Open %(name)s to change it.", name=line.record_name)
                )
            record.write({line.field_name: line.value})
            line.sudo()._check_again()

    def write(self, vals):
        """:raise AccessError: if a person writes more than the missing value"""
        if not self.env.su and set(vals) - {"value"}:
            raise AccessError(
                self.env._("Only the missing value can be written in this list.")
            )
        return super().write(vals)

    # === ACTION METHODS === #

    def action_open_record(self):
        """Open the customer or product."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "res_model": self.res_model,
            "res_id": self.res_id,
            "view_mode": "form",
        }

    @api.model
    def action_check_again(self):
        """Check all customers and products once more."""
        return self.env["xero.required.check"].action_open()

    def action_send(self):
        """Send the records of these lines, as far as nothing is missing any more.

        :return: a message that says what was sent and what was not
        :raise UserError: if nothing can be sent now
        """
        self.check_access("write")
        self.check_id.connection_id._check_can_send()
        lines = self.sudo()
        lines._check_again()
        ready = lines.filtered(lambda line: line.state == "ready")
        links = lines.env["xero.link"]
        for (model_name, connection), mine in ready.grouped(
            lambda line: (line.res_model, line.check_id.connection_id)
        ).items():
            records = self.env[model_name].browse(mine.mapped("res_id"))
            records.check_access("read")
            records.sudo()._in_xero(connection)
            links |= links._ensure(connection, records.sudo())
        links._mark_pending()
        ready.state = "sent"
        if links:
            self.env["xero.push"].sudo()._flush_after_commit(links)
        return self._get_message(len(ready), len(lines - ready))

    # === BUSINESS METHODS === #

    def _get_record(self):
        """:raise AccessError: for a field that is none of the synced ones"""
        self.ensure_one()
        if self.res_model not in PUSH_MODELS.values():
            raise AccessError(self.env._("This record is not synced with Xero."))
        record = self.env[self.res_model].browse(self.res_id)
        if self.field_name != record._get_xero_field_name(self.data_field):
            raise AccessError(self.env._("This field is not synced with Xero."))
        return record

    def _check_again(self):
        """Say of each line what its record still lacks of this field."""
        for (model_name, connection), lines in self.grouped(
            lambda line: (line.res_model, line.check_id.connection_id)
        ).items():
            model = self.env[model_name].sudo()._in_xero(connection)
            records = model.browse(lines.mapped("res_id")).exists()
            found = {r.id: r._get_xero_shortcomings(connection) for r in records}
            for line in lines:
                problems = dict(found.get(line.res_id, ()))
                problem = problems.get(line.data_field)
                # What else the record lacks has a line of its own.
                state = "missing" if problems else "ready"
                line.write({"problem": problem, "state": state})

    def _get_message(self, sent, left):
        message = self.env._("%(sent)s sent to Xero.", sent=sent)
        if left:
            message = self.env._(
                "%(sent)s sent to Xero; %(left)s still lack something.",
                sent=sent,
                left=left,
            )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "message": message,
                "type": "warning" if left else "success",
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }
