from odoo import api, fields, models

from ..mapping.merge import get_winner
from .xero_change import Change


class XeroMatch(models.Model):
    """Both sides field by field, and what a match would change."""

    _inherit = "xero.match"

    comparison = fields.Html(
        compute="_compute_comparison", sanitize=False, string="Both Sides"
    )

    @api.depends("partner_id", "contact_values")
    @api.depends_context("lang")
    def _compute_comparison(self):
        for match in self:
            rows = match.sudo()._get_comparison() if match.partner_id else []
            match.comparison = rows and self.env["ir.qweb"]._render(
                "xero_crm.xero_match_comparison", {"rows": rows}
            )

    def _get_comparison(self):
        """Return what stands on both sides, and what would after the match, by the very
        plan of the sync. One record.

        :rtype: list of dict
        """
        connection = self.connection_id
        partner = self.partner_id._origin.with_company(self.company_id)
        change = Change("link", self.name, xero_id=self.xero_id)
        partner._set_data(change, self._get_data())
        partner._plan_merge(connection, change, None)
        ours = partner._get_mapped_values(connection)
        theirs = partner._get_mapped_values(connection, change.data)
        return [
            self._prepare_comparison_row(partner, change, name, our, theirs.get(name))
            for name, our in ours.items()
            if our or theirs.get(name)
        ]

    def _prepare_comparison_row(self, partner, change, name, our, their):
        result, effect, colour = our, "", ""
        if name in change.fields:
            result, effect = change.fields[name][1], self.env._("changes in Odoo")
            colour = "info"
        elif name in change.conflicts:
            effect, colour = self.env._("to be settled"), "warning"
        elif our != their and get_winner(change.reasons.get(name, "")) == "odoo":
            effect, colour = self.env._("goes to Xero"), "primary"
        return {
            "label": partner._get_xero_field_label(name),
            "ours": partner._describe_xero_value(name, our),
            "theirs": partner._describe_xero_value(name, their),
            "result": partner._describe_xero_value(name, result),
            "effect": effect,
            "colour": colour,
            "class": "table-warning" if our and their and our != their else "",
        }
