from odoo import api, fields, models


class XeroProposedMapMixin(models.AbstractModel):
    """A row of a mapping that may be proposed, for a person to confirm."""

    _name = "xero.proposed.map.mixin"
    _inherit = "xero.map.mixin"
    _description = "Xero Mapping With Proposals"

    is_proposed = fields.Boolean(
        "Proposed",
        readonly=True,
        help="Found by itself, and nobody has looked at it yet.",
    )

    def action_accept(self):
        """Confirm proposals."""
        self.check_access("write")
        self.filtered("is_proposed").is_proposed = False
        return True

    @api.model
    def action_accept_all(self):
        """Confirm all proposals."""
        return self.search([]).action_accept()

    def _get_accept_actions(self):
        """Return the button that confirms all of these proposals, see `get_banner`.

        :rtype: list of dict
        """
        if not self or not self.has_access("write"):
            return []
        label = self.env._("Accept All Proposals (%s)", len(self))
        return [{"method": "action_accept_all", "label": label, "primary": True}]
