from odoo import api, fields, models

from ..mapping.base import MappingError


class XeroAuditedMixin(models.AbstractModel):
    """Records that the data audit counts, and opens as a list of today's findings."""

    _name = "xero.audited.mixin"
    _description = "Audited for Xero"

    xero_audit_check_id = fields.Many2one(
        "xero.audit.check",
        "Xero Data Audit",
        compute="_compute_xero_audit_check_id",
        search="_search_xero_audit_check_id",
        groups="xero_crm.group_xero_accountant",
        help="Serves to search for what a check of the data audit finds.",
    )

    def _compute_xero_audit_check_id(self):
        self.xero_audit_check_id = False

    @api.model
    def _search_xero_audit_check_id(self, operator, value):
        return self.env["xero.audit.check"]._search_found(operator, value)

    def _get_xero_audit_domain(self, connection):
        """Return the domain of the records that may go to Xero, once they are clean.

        :param connection: `xero.connection`, one record
        """
        return self._get_xero_domain(connection)

    def _get_xero_shortcomings(self, connection):
        """Return what keeps this record from Xero: what Xero refuses, and what the
        connection's rules hold back. One record.

        :return: list of pairs: a field of the dataclass, a sentence
        """
        try:
            return list(self._get_xero_refusals(connection))
        except MappingError as error:
            return [(error.field, str(error))]

    @api.model
    def _get_xero_field_name(self, data_field):
        """Return the field of this model that a field of the dataclass lies in."""
        return next(iter(self._xero_fields.get(data_field, ())), False)
