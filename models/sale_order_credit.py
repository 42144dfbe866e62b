from odoo import api, fields, models


class SaleOrder(models.Model):
    """What of an order was credited in Xero."""

    _inherit = "sale.order"

    xero_credit_note_ids = fields.One2many(
        "xero.credit.note",
        "order_id",
        "Xero Credit Notes",
        copy=False,
        groups="xero_crm.group_xero_user",
    )
    xero_credit_note_number = fields.Char(
        "Xero Credit Note",
        compute="_compute_xero_credit_note_number",
        groups="xero_crm.group_xero_user",
    )

    @api.depends("xero_credit_note_ids.number")
    def _compute_xero_credit_note_number(self):
        for order in self:
            numbers = order.sudo().xero_credit_note_ids.mapped("number")
            order.xero_credit_note_number = ", ".join(filter(None, numbers))

    # === ACTION METHODS === #

    def action_view_xero_credit_notes(self):
        """Open the order's credit note in Xero, or the list of several."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "xero_crm.xero_credit_note_action"
        )
        action["domain"] = [("order_id", "=", self.id)]
        action["context"] = {"create": False}
        if len(self.xero_credit_note_ids) == 1:
            action["views"] = [(False, "form")]
            action["res_id"] = self.xero_credit_note_ids.id
        return action

    # === BUSINESS METHODS === #

    def _post_xero_credit(self, credit):
        """Note a new credit note in the order's chatter, as `_post_xero_invoice`."""
        name = "xero_credit_note_number"
        total = credit.currency_id.format(credit.amount_total)
        for order in self:
            values = self.env["mail.tracking.value"]._create_tracking_values(
                "",
                f"{credit.number or ''} ({total})",
                name,
                order.fields_get([name])[name],
                order,
            )
            order._message_log(tracking_value_ids=[fields.Command.create(values)])
