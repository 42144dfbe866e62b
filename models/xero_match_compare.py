from odoo import api, fields, models

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
        partner = self.partner_id._origin.with_company(self.company_id)
        change = Change("link", self.name, xero_id=self.xero_id)
        change.data = partner._canonical(self._get_data())
        partner._plan_merge(self.connection_id, change, None)
        ours = partner._get_xero_values()
        theirs = partner._get_xero_values(change.data)
        rows = []
        for name in partner._xero_fields:
            our, their = ours[name], theirs[name]
            if our or their:
                rows.append(self._prepare_comparison_row(change, name, our, their))
        return rows

    def _prepare_comparison_row(self, change, name, our, their):
        label = self.env._("Archived") if name == "archived" else self._get_label(name)
        row = {
            "label": label,
            "ours": self._get_text(our),
            "theirs": self._get_text(their),
            "result": self._get_text(our),
            "effect": "",
            "colour": "",
            "class": "",
        }
        if name in change.fields:
            row.update(
                result=self._get_text(change.fields[name][1]),
                effect=self.env._("changes in Odoo"),
                colour="info",
            )
        elif our != their and name not in change.base:
            row.update(effect=self.env._("to be settled"), colour="warning")
        elif our != their and name not in self.partner_id._xero_read_only:
            row.update(effect=self.env._("goes to Xero"), colour="primary")
        if our and their and our != their:
            row["class"] = "table-warning"
        return row

    @api.model
    def _get_label(self, name):
        """Return what people call a field of a contact."""
        [field_name, *_others] = self.env["res.partner"]._xero_fields[name]
        field = self.env["res.partner"]._fields[field_name]
        return field.get_description(self.env, ["string"])["string"]

    @api.model
    def _get_text(self, value):
        """Return a value of a document as a person reads it."""
        if isinstance(value, bool):
            return self.env._("Yes") if value else self.env._("No")
        if isinstance(value, (list, tuple)):
            return ", ".join(self._get_text(each) for each in value)
        if isinstance(value, dict):
            return " ".join(self._get_text(each) for each in value.values() if each)
        return str(value or "")
