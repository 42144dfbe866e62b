import logging
from datetime import timedelta

from odoo import api, fields, models
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY
from odoo.tools import split_every

_logger = logging.getLogger(__name__)

# So many invoices are told of in one transaction.
BATCH = 500
# What was told and is over is of no use after so long.
KEPT = timedelta(days=400)
GROUP = "xero_crm.group_xero_user"


class XeroAlert(models.Model):
    """What people were told, or are to be told, about money in Xero.

    A row for each invoice and stage, each payment, each customer who owes much: that is
    how everything is told exactly once, whatever people do with their activities.
    """

    _name = "xero.alert"
    _inherit = "xero.job.mixin"
    _description = "Xero Alert"
    _order = "id desc"

    connection_id = fields.Many2one(
        "xero.connection", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(
        related="connection_id.company_id", store=True, index=True
    )
    kind = fields.Selection(
        [
            ("overdue", "Overdue Invoice"),
            ("payment", "Payment Received"),
            ("large", "Large Overdue Balance"),
        ],
        required=True,
    )
    state = fields.Selection(
        [("waiting", "To Be Told"), ("open", "Told"), ("done", "Over")],
        default="open",
        required=True,
    )
    invoice_id = fields.Many2one(
        "xero.invoice", ondelete="cascade", index="btree_not_null"
    )
    partner_id = fields.Many2one(
        "res.partner", "Customer", ondelete="cascade", index="btree_not_null"
    )
    stage = fields.Integer("Days Overdue", help="The stage at which it was told.")
    due_date = fields.Date(help="As it was when it was told.")
    amount = fields.Monetary("Received")
    currency_id = fields.Many2one(related="invoice_id.currency_id")
    is_logged = fields.Boolean("In the Chatter")
    user_id = fields.Many2one("res.users", "Told To", ondelete="set null")
    reason = fields.Selection(
        [
            ("nobody", "Nobody may see it"),
            ("off", "Switched off by the salesperson"),
        ],
        "Told to Nobody",
    )
    # Done ones are archived: what is in here is still to be done.
    activity_ids = fields.Many2many("mail.activity", string="Activities")
    outcome = fields.Selection(
        [
            ("paid", "Paid"),
            ("credited", "Credited"),
            ("voided", "Voided"),
            ("moved", "Due date moved"),
            ("settled", "Not overdue any more"),
            ("later", "Overdue for longer"),
        ]
    )

    _overdue_uniq = models.UniqueIndex(
        "(invoice_id, stage) WHERE kind = 'overdue' AND state = 'open'",
        "This has been told already.",
    )
    _large_uniq = models.UniqueIndex(
        "(connection_id, partner_id) WHERE kind = 'large' AND state = 'open'",
        "This has been told already.",
    )
    _waiting_index = models.Index("(connection_id) WHERE state = 'waiting'")

    # === SCHEDULED ACTIONS === #

    @api.model
    def _cron_tell(self):
        """Tell of payments that have come in, and end what they have settled."""
        for connection in self.env["xero.connection"].search([]):
            self._close_overdue(connection)
            self._tell_payments(connection)
            self._work_in_batches(connection, self._tell_large)

    @api.model
    def _wake_cron(self):
        self.env.ref("xero_crm.ir_cron_xero_alert").sudo()._trigger()

    @api.autovacuum
    def _gc_alerts(self):
        """Forget what is long over."""
        over = [("state", "=", "done"), ("write_date", "<", fields.Date.today() - KEPT)]
        self.sudo().search(over, limit=10000).unlink()

    # === BUSINESS METHODS === #

    def _work_in_batches(self, records, work):
        """Do something with records, some hundred at a time. One with which it fails
        does not stop the others: it has its turn again next time.

        Each batch is committed where a scheduled action does it; who calls it by hand
        has a transaction of their own.

        :param work: called with some of the records
        """
        for ids in split_every(BATCH, records.ids):
            self._try_batch(records.browse(ids), work)
            if self.env.context.get("ir_cron_progress_id"):
                self._commit()

    def _try_batch(self, records, work):
        try:
            with self.env.cr.savepoint():
                work(records)
                self.env.flush_all()
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            raise
        except Exception:
            self.env.invalidate_all()
            if len(records) == 1:
                _logger.exception("%s could not be told of", records)
                return
            middle = len(records) // 2
            self._try_batch(records[:middle], work)
            self._try_batch(records[middle:], work)
