from odoo import fields, models

from ..const import DOCUMENT_RESOURCES, PUSH_MODELS


class XeroPush(models.AbstractModel):
    """What a person who syncs everything wants sent, beside what waits already."""

    _inherit = "xero.push"

    def _get_missing(self, connection, resource):
        """Return the records of a list that belong in Xero and are not there yet.

        :param connection: `xero.connection`, one record
        :param str resource: Xero's path name; documents are only sent one by one
        :return: recordset, as superuser
        """
        model = self.env[PUSH_MODELS[resource]].sudo()
        if resource in DOCUMENT_RESOURCES:
            return model
        domain = model._get_xero_domain(connection)
        if connection.date_start:
            domain &= fields.Domain("create_date", ">=", connection.date_start)
        linked = self.env["xero.link"]._search(
            [
                ("connection_id", "=", connection.id),
                ("res_model", "=", model._name),
                ("xero_id", "!=", False),
            ]
        )
        domain &= fields.Domain("id", "not in", linked.subselect("res_id"))
        return model.search(domain, order="id")

    def _get_waiting(self, connection, resource):
        """Return the links that wait to be sent, or failed and are tried again.

        A failed invoice that Xero has already is a difference that a person looks at:
        nothing is to be sent for it.

        :return: `xero.link`
        """
        domain = fields.Domain(
            [("connection_id", "=", connection.id), ("resource", "=", resource)]
        )
        failed = fields.Domain(
            [("state", "=", "error"), ("merged_into_id", "=", False)]
        )
        if resource == "Invoices":
            failed &= fields.Domain("xero_id", "=", False)
        waits = fields.Domain("state", "in", ("pending", "sending"))
        return self.env["xero.link"].search(domain & (waits | failed))

    def _queue_all(self, connection, resource, records=None):
        """Put into the outbox what is not in Xero, and what failed before.

        :param records: only these; everything that is unsent or waits when None
        :return: `xero.link`
        """
        links = self.env["xero.link"]
        if records is None:
            links = self._get_waiting(connection, resource)
            records = self._get_missing(connection, resource)
        if records:
            links |= links._ensure(connection, records)
        links._mark_pending()
        return links
