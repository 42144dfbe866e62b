from odoo import models

from odoo.addons.mail.tools.discuss import Store


class ResPartner(models.Model):
    """The card behind a customer's picture tells what the customer owes."""

    _inherit = "res.partner"

    def _get_store_avatar_card_fields(self, target):
        """Money goes only to whom it is shown: never to a channel of the bus, and by
        the rights of who looks."""
        fields = super()._get_store_avatar_card_fields(target)
        may_see = self.env.user.has_group("xero_crm.group_xero_user")
        if may_see and target.is_current_user(self.env):
            fields.append(
                Store.Attr(
                    "xero_receivables",
                    lambda partner: partner.sudo(False).xero_receivables,
                )
            )
        return fields
