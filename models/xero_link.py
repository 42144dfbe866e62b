from odoo import api, fields, models

from ..const import OUTBOX_MODELS, SYNC_STATES

STATES = [state for state in SYNC_STATES if state[0] not in ("none", "excluded")]


class XeroLink(models.Model):
    """What binds an Odoo record to its Xero counterpart, and its place in the outbox.

    The database refuses a second link on either side, so that a duplicate cannot exist.
    """

    _name = "xero.link"
    _inherit = "xero.bulk.mixin"
    _description = "Xero Link"
    _order = "id"
    _rec_name = "record_name"

    connection_id = fields.Many2one(
        "xero.connection",
        required=True,
        ondelete="cascade",  # found by `_record_uniq`, which begins with it
    )
    company_id = fields.Many2one(related="connection_id.company_id", store=True)
    resource = fields.Selection(
        [(name, name) for name in OUTBOX_MODELS], "List", required=True, readonly=True
    )
    res_model = fields.Char("Model", required=True, readonly=True)
    res_id = fields.Many2oneReference(
        "Record", model_field="res_model", required=True, readonly=True
    )
    xero_id = fields.Char("Xero ID", readonly=True)
    state = fields.Selection(STATES, required=True, default="pending", readonly=True)
    base = fields.Json(
        "Last Agreed Values", help="What both sides held when they last agreed."
    )
    conflict_ids = fields.One2many(
        "xero.conflict",
        "link_id",
        "Conflicts",
        domain=[("state", "=", "open")],
        readonly=True,
    )
    # What the merge has to know of single fields of the record's document.
    changed_at = fields.Json("When Odoo's Values Were Changed")
    reasons = fields.Json("Why Values Are to Be Sent")
    untaken = fields.Json("Values That Xero Did Not Keep")
    idempotency_key = fields.Char(readonly=True, groups="base.group_no_one")
    sent_at = fields.Datetime(readonly=True)
    synced_at = fields.Datetime("Last Synced", readonly=True)
    attempts = fields.Integer(readonly=True)
    next_try = fields.Datetime(readonly=True)
    error = fields.Char("Cause", readonly=True)
    rule = fields.Char("Matched By", readonly=True)
    record_name = fields.Char(compute="_compute_record_name")
    xero_url = fields.Char(compute="_compute_xero_url")

    _xero_id_uniq = models.UniqueIndex(
        "(connection_id, resource, xero_id) WHERE xero_id IS NOT NULL",
        "This Xero record is linked to another record already.",
    )
    _record_uniq = models.UniqueIndex(
        "(connection_id, res_model, res_id, resource)",
        "This record is linked to another Xero record already.",
    )
    _record_index = models.Index("(res_model, res_id)")
    _outbox_index = models.Index(
        "(connection_id, resource, id) WHERE state IN ('pending', 'sending')"
    )

    # === COMPUTE METHODS === #

    @api.depends("res_model", "res_id")
    def _compute_record_name(self):
        for model_name, links in self.grouped("res_model").items():
            records = self.env[model_name].sudo().browse(links.mapped("res_id"))
            names = {record.id: record.display_name for record in records.exists()}
            for link in links:
                link.record_name = names.get(link.res_id, False)

    @api.depends("xero_id", "resource", "connection_id.short_code")
    def _compute_xero_url(self):
        for link in self:
            link.xero_url = link.connection_id._get_record_url(
                link.resource, link.xero_id
            )

    # === BINDING === #

    @api.model
    def _find(self, connection, resource, xero_ids):
        """Return the links of Xero ids, in one query.

        :param connection: `xero.connection`, one record
        :param str resource: Xero's path name
        :param xero_ids: ids of one page
        :return: `xero.link` by Xero id
        :rtype: dict
        """
        links = self.search(
            [
                ("connection_id", "=", connection.id),
                ("resource", "=", resource),
                ("xero_id", "in", list(xero_ids)),
            ]
        )
        return {link.xero_id: link for link in links}

    @api.model
    def _of(self, records, connection=None):
        """Return the links of Odoo records, of one connection or of all.

        :param records: recordset of one model
        :return: `xero.link`
        """
        domain = [("res_model", "=", records._name), ("res_id", "in", records.ids)]
        if connection:
            domain.append(("connection_id", "=", connection.id))
        return self.search(domain)

    @api.model
    def _ensure(self, connection, records):
        """Return links for all the records, making those that are missing.

        Two transactions that make the same link at once: the second waits, fails on the
        unique index as a serialization failure, is repeated by Odoo, finds the first.

        :param connection: `xero.connection`, one record
        :param records: recordset of one synced model
        """
        links = self._of(records, connection)
        missing = set(records.ids) - set(links.mapped("res_id"))
        if missing:
            self._insert(
                [
                    {
                        "connection_id": connection.id,
                        "company_id": connection.company_id.id,
                        "resource": records._xero_resource,
                        "res_model": records._name,
                        "res_id": res_id,
                        "state": "pending",
                        "attempts": 0,
                    }
                    for res_id in sorted(missing)
                ],
                ignore_known=True,
            )
            self.invalidate_model()
            records.sudo().invalidate_recordset(["xero_link_ids"])
            links = self._of(records, connection)
            links.modified(["res_id", "state"])
        return links

    def _get_record(self):
        """Return the linked record, as superuser; empty when it was deleted."""
        self.ensure_one()
        return self.env[self.res_model].sudo().browse(self.res_id).exists()
