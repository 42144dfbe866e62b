from odoo import api, fields, models
from odoo.tools import split_every

from ..const import PUSH_MODELS

RESOURCES = ("Contacts", "Items")
# So many records are read at once, and forgotten before the next are.
CHUNK = 1000


class XeroRequiredCheck(models.TransientModel):
    """Finds every customer and product that cannot go to Xero as it is, and why."""

    _name = "xero.required.check"
    _description = "Xero Mandatory-Field Check"

    connection_id = fields.Many2one("xero.connection", required=True, readonly=True)
    line_ids = fields.One2many("xero.required.line", "check_id", readonly=True)

    @api.model
    def action_open(self):
        """Check all customers and products of the company's connection.

        :return: an action that lists what is missing, to fill in place
        :raise UserError: if no organisation is connected
        """
        self.env["xero.link"].check_access("read")
        connection = self.env["xero.connection"]._get_for_company(self.env.company)
        connection._check_exists()
        check = self.sudo().create({"connection_id": connection.id})
        check._find_all()
        return check._get_action()

    def _get_action(self):
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "xero_crm.xero_required_line_action"
        )
        action["domain"] = [("check_id", "=", self.id)]
        return action

    # === BUSINESS METHODS === #

    def _find_all(self):
        """Write a line for each field of each record that Xero would refuse."""
        for resource in RESOURCES:
            model = self.env[PUSH_MODELS[resource]].sudo()._in_xero(self.connection_id)
            domain = model._get_xero_audit_domain(self.connection_id)
            ids = model.search(domain).ids
            for chunk in split_every(CHUNK, ids, model.browse):
                rows = [row for record in chunk for row in self._find(record)]
                self.env["xero.required.line"]._insert(rows)
                chunk.invalidate_recordset()
        self.env["xero.required.line"].invalidate_model()

    def _find(self, record):
        """Return the values of the lines of one record."""
        name = record.display_name
        return [
            {
                "check_id": self.id,
                "res_model": record._name,
                "res_id": record.id,
                "record_name": name,
                "data_field": data_field,
                "field_name": record._get_xero_field_name(data_field),
                "problem": sentence,
                "state": "missing",
            }
            for data_field, sentence in record._get_xero_shortcomings(
                self.connection_id
            )
        ]
