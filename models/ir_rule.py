from odoo import api, models
from odoo.fields import Domain
from odoo.tools import ormcache

# Models whose records belong to a customer -> the way to the customer.
CUSTOMER_PATHS = {
    "xero.invoice": "partner_id",
    "xero.invoice.line": "invoice_id.partner_id",
    "xero.billed.line": "partner_id",
    "xero.credit.note": "partner_id",
    "xero.credit.note.line": "credit_note_id.partner_id",
    "xero.credit.allocation": "partner_id",
    "xero.quote": "partner_id",
    "xero.quote.line": "quote_id.partner_id",
    "xero.allocation.request": "credit_note_id.partner_id",
    "xero.refund.request": "credit_note_id.partner_id",
    "xero.payment": "partner_id",
    "xero.partner.history": "partner_id",
    "xero.reminder": "invoice_id.partner_id",
    "xero.product.history": "partner_id",
}


class IrRule(models.Model):
    _inherit = "ir.rule"

    @api.model
    @ormcache(
        "self.env.uid",
        "self.env.su",
        "model_name",
        "mode",
        "tuple(self._compute_domain_context_values())",
    )
    def _compute_domain(self, model_name, mode="read"):
        """Of Xero's money, show what belongs to customers that the user may see.

        A stored rule cannot say so: rules are evaluated as superuser, for whom
        `('partner_id', 'any', [])` leaves nothing out. So the customer's own rules are
        put in, as Odoo does for parents by `_inherits`. Accountants see all. Remembered
        as Odoo's own is, whose memory ends with each change of rules or groups.
        """
        domain = super()._compute_domain(model_name, mode)
        path = CUSTOMER_PATHS.get(model_name)
        if not path or self.env.su:
            return domain
        if self.env.user.has_group("xero_crm.group_xero_accountant"):
            return domain
        customers = Domain(self._compute_domain("res.partner", "read"))
        domain = Domain(domain) & Domain(path, "any", customers)
        return domain.optimize(self.env[model_name])
