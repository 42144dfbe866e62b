from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import split_every

from ..const import BATCH_SIZE, PUSH_MODELS, SYNC_STATES
from ..xero_api import retry_delay

# An invoice looks so often whether its customer and items have come through.
WAIT_FOR_OTHERS = timedelta(minutes=1)
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
        "xero.connection", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="connection_id.company_id", store=True)
    resource = fields.Selection(
        [(name, name) for name in PUSH_MODELS], required=True, readonly=True
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
        paths = {
            "Contacts": "/Contacts/View/%s",
            "Items": "/Inventory/%s",
            "Invoices": "/AccountsReceivable/View.aspx?InvoiceID=%s",
        }
        for link in self:
            link.xero_url = link.xero_id and link.connection_id._get_web_url(
                paths[link.resource] % link.xero_id
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
            links = self._of(records, connection)
            links.modified(["res_id", "state"])
        return links

    def _get_record(self):
        """Return the linked record, as superuser; empty when it was deleted."""
        self.ensure_one()
        return self.env[self.res_model].sudo().browse(self.res_id).exists()

    # === OUTBOX === #

    def _mark_pending(self):
        """Put into the outbox what is not there yet."""
        links = self.filtered(lambda link: link.state not in ("pending", "sending"))
        links.write({"state": "pending", "attempts": 0, "next_try": False})
        (self - links).filtered("next_try").write({"next_try": False})

    def _requeue(self):
        """Put into the outbox again, with the customers and items that invoices need.

        :return: `xero.link`
        """
        links = self
        for link in self.filtered(lambda link: link.resource == "Invoices"):
            if invoice := link._get_record():
                links |= invoice._requeue_dependencies(link.connection_id)
        links._mark_pending()
        return links

    def _mark_sending(self, key):
        """The call is about to go out; the life of a key counts from its first call."""
        vals = {"state": "sending", "idempotency_key": key}
        if set(self.mapped("idempotency_key")) != {key}:
            vals["sent_at"] = fields.Datetime.now()
        self.write(vals)

    def _mark_unanswered(self, message, answered=False):
        """Xero may have done the work: stay `sending` until that is known.

        The first time it is looked for at once, then after growing waits.

        :param bool answered: Xero did answer, though nothing that can be read: it is
            not at work any more, and would give the same answer to the same key
        """
        for attempts, links in self.grouped("attempts").items():
            delay = timedelta(seconds=retry_delay(attempts)) if attempts else None
            vals = {
                "attempts": attempts + 1,
                "next_try": delay and fields.Datetime.now() + delay,
                "error": message,
            }
            if answered:
                vals["idempotency_key"] = False
            links.write(vals)
        self._wake_cron(min(self.mapped("next_try"), default=None) or None)

    def _mark_synced(self, xero_id=None, base=None):
        self.ensure_one()
        vals = {
            "state": "synced",
            "synced_at": fields.Datetime.now(),
            "idempotency_key": False,
            "attempts": 0,
            "next_try": False,
            "error": False,
        }
        if xero_id and xero_id != self.xero_id:
            vals["xero_id"] = xero_id
        if base is not None:
            vals["base"] = base
        self.write(vals)

    def _mark_error(self, message):
        self.write({"state": "error", "error": message, "idempotency_key": False})

    def _mark_deferred(self, retry_after=None, message=False):
        """Nothing was done: try again later.

        :param int retry_after: seconds, as Xero says
        """
        for attempts, links in self.grouped("attempts").items():
            delay = retry_delay(attempts, retry_after)
            links.write(
                {
                    "state": "pending",
                    "idempotency_key": False,
                    "attempts": attempts + 1,
                    "next_try": fields.Datetime.now() + timedelta(seconds=delay),
                    "error": message,
                }
            )
        self._wake_cron(min(self.mapped("next_try"), default=None))

    def _mark_waiting(self, message):
        """Something else has to be in Xero first; that is no failed try."""
        next_try = fields.Datetime.now() + WAIT_FOR_OTHERS
        self.write({"next_try": next_try, "error": message})

    def _wake_cron(self, at=None):
        """Have the outbox worked after this transaction, or at a moment.

        An import that touches thousands of customers wakes it once.
        """
        woken = self.env.cr.precommit.data.setdefault("xero_crm.woken", set())
        if at not in woken:
            woken.add(at)
            self.env.ref("xero_crm.ir_cron_xero_push").sudo()._trigger(at=at)

    def _next_batch(self, connection, resource, among=None):
        """Lock and return the next links to send: at most one batch.

        :param among: ids to choose from; all when None
        """
        domain = self._get_due_domain(connection, resource, "pending")
        if among is not None:
            domain &= fields.Domain("id", "in", among)
        batch = self.search(domain, limit=BATCH_SIZE)
        # What went out together without an answer goes out together again.
        key = batch[:1].idempotency_key
        batch = batch.filtered(lambda link: link.idempotency_key == key)
        return batch.try_lock_for_update().sorted("id")

    @api.model
    def _get_lost(self, connection, resource):
        """Return the links of calls that were never answered, as far as they are due.

        The caller is the only one who sends for the connection: nobody else is at it.
        """
        return self.search(self._get_due_domain(connection, resource, "sending"))

    def _get_due_domain(self, connection, resource, state):
        """What of the outbox is in a state, and need not wait any longer."""
        return fields.Domain(
            [
                ("connection_id", "=", connection.id),
                ("resource", "=", resource),
                ("state", "=", state),
                "|",
                ("next_try", "=", False),
                ("next_try", "<=", fields.Datetime.now()),
            ]
        )

    # === ACTION METHODS === #

    def action_resync(self):
        """Send again, at once."""
        self.check_access("read")
        links = self.sudo()._requeue()
        self.env["xero.push"].sudo()._flush_after_commit(links)
        return True

    def action_do_not_sync(self):
        """Exclude the records of these links from syncing."""
        for model_name, links in self.grouped("res_model").items():
            # By the right to work the outbox: accountants may not edit products.
            records = self.env[model_name].sudo().browse(links.mapped("res_id"))
            records.exists().write({"xero_do_not_sync": True})
        return True

    def action_open_record(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": self.res_model,
            "res_id": self.res_id,
            "view_mode": "form",
        }

    def action_open_in_xero(self):
        self.ensure_one()
        return {"type": "ir.actions.act_url", "url": self.xero_url, "target": "new"}

    def action_keep_odoo(self):
        """Settle conflicts: Odoo's values go to Xero."""
        self.check_access("read")
        self.sudo()._settle("odoo")
        return True

    def action_keep_xero(self):
        """Settle conflicts: Xero's values come to Odoo."""
        self.check_access("read")
        self.sudo()._settle("xero")
        return True

    def _settle(self, policy):
        for resource, links in self.grouped("resource").items():
            for connection, mine in links.grouped("connection_id").items():
                for chunk in split_every(BATCH_SIZE, mine.ids, self.browse):
                    self.env["xero.pull"]._pull_records(
                        connection, resource, chunk.mapped("xero_id"), policy=policy
                    )
        self.filtered(lambda link: link.state == "pending").action_resync()
