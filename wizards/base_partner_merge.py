from odoo import api, models


class MergePartnerAutomatic(models.TransientModel):
    """Odoo's merge of customers takes their links with Xero along."""

    _inherit = "base.partner.merge.automatic.wizard"

    @api.model
    def _update_reference_fields(self, src_partners, dst_partner):
        result = super()._update_reference_fields(src_partners, dst_partner)
        self.env["xero.link"].sudo()._merge_partners(src_partners, dst_partner)
        return result
