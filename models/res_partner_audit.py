from odoo import models


class ResPartner(models.Model):
    """Customers in the data audit and in the mandatory-field check."""

    _name = "res.partner"
    _inherit = ["res.partner", "xero.audited.mixin"]

    def _get_xero_shortcomings(self, connection):
        """See `xero.audited.mixin`. By the connection's rules, an e-mail may be one."""
        found = super()._get_xero_shortcomings(connection)
        if connection.require_email and not self.email:
            sentence = self.env._("The connection asks for an e-mail on each invoice.")
            found.append(("email", sentence))
        return found
