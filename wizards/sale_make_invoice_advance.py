from odoo import api, fields, models
from odoo.tools import formatLang


class SaleAdvancePaymentInv(models.TransientModel):
    """Odoo's own dialog makes its invoices in Xero: regular ones and down payments."""

    _inherit = "sale.advance.payment.inv"

    xero_is_connected = fields.Boolean(compute="_compute_xero_is_connected")

    @api.depends("sale_order_ids.company_id")
    def _compute_xero_is_connected(self):
        """For whom may invoice in Xero, where all the orders can go there."""
        connections = self.env["xero.connection"]
        is_user = self.env.user.has_group("xero_crm.group_xero_user")
        for wizard in self:
            wizard.xero_is_connected = is_user and all(
                connections._get_for_company(company)
                for company in wizard.sale_order_ids.company_id
            )

    def create_xero_invoices(self):
        """Create what the dialog says in Xero, one invoice an order.

        :return: action that shows the invoices
        :raise UserError: if an order cannot be invoiced; nothing is done then
        """
        self.ensure_one()
        self.check_access("read")
        self._check_amount_is_positive()
        if self.advance_payment_method == "delivered":
            self.sale_order_ids.action_create_xero_invoice()
        else:
            self._create_xero_down_payment()
        return self.sale_order_ids._get_xero_invoices_action()

    def _create_xero_down_payment(self):
        """Ask for a part of the order in advance. The lines that Odoo keeps of it on
        the order are deducted from its last invoice."""
        self.sale_order_ids.ensure_one()
        order = self.sale_order_ids.with_company(self.company_id)
        order._check_xero_down_payment()
        is_share = self.advance_payment_method == "percentage"
        taxes = self.env["account.tax"]
        base_lines = taxes._prepare_down_payment_lines(
            base_lines=order._prepare_xero_base_lines(order._get_xero_quoted()),
            company=order.company_id,
            amount_type="percent" if is_share else "fixed",
            amount=self.amount if is_share else self.fixed_amount,
            computation_key=f"down_payment,{self.id}",
        )
        order._create_down_payment_section_line_if_needed()
        lines = order._create_down_payment_lines_from_base_lines(base_lines)
        customer = self.with_context(lang=order.partner_invoice_id.lang)
        text = customer.env._("Down payment")
        if is_share:
            share = formatLang(customer.env, self.amount)
            text = customer.env._("Down payment of %(share)s%%", share=share)
        order._create_xero_down_payment(lines, text)
