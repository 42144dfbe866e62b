from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

PHASES = [
    ("waiting", "Waiting"),
    ("asked", "Asked For"),
    ("rest", "Left Over"),
    ("refund", "Refund to Record"),
    ("closed", "Not for Xero"),
]
STATES = [
    ("waiting", "Waiting"),
    ("sending", "Being Sent"),
    ("sent", "In Xero"),
    ("failed", "Failed"),
    ("rest", "Left Over"),
    ("refund", "Refund to Record"),
    ("closed", "Not for Xero"),
]
# Of what was asked for: state of its link -> what is shown.
LINK_STATES = {"pending": "sending", "sending": "sending", "synced": "sent"}
# What is not on its way yet, and may still be given to an invoice.
OPEN_PHASES = ("waiting", "rest")
# What a person has to look after.
ATTENTION = ("failed", "rest", "refund")


class XeroPaymentRequest(models.Model):
    """What a customer paid online in Odoo, to be recorded in Xero on an invoice.

    The rows of a transaction always add up to what was paid: one for each invoice, and
    one for what no invoice has taken yet. The database knows each pair of transaction
    and invoice once.
    """

    _name = "xero.payment.request"
    _inherit = ["xero.bulk.mixin", "xero.sync.mixin"]
    _description = "Online Payment for Xero"
    _order = "date desc, id desc"
    _rec_names_search = ["reference", "invoice_id.number", "order_id.name"]

    _xero_resource = "InvoicePayments"

    connection_id = fields.Many2one(
        "xero.connection",
        "Organisation",
        required=True,
        ondelete="cascade",
        index=True,
        readonly=True,
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True)
    transaction_id = fields.Many2one(
        "payment.transaction",
        required=True,
        ondelete="cascade",
        index=True,
        readonly=True,
    )
    # For accountants, who may not see transactions.
    reference = fields.Char("Payment", readonly=True)
    provider_id = fields.Many2one(
        "payment.provider", ondelete="set null", readonly=True
    )
    partner_id = fields.Many2one(
        "res.partner", "Customer", ondelete="set null", readonly=True, index=True
    )
    order_id = fields.Many2one(
        "sale.order",
        "Sales Order",
        ondelete="set null",
        readonly=True,
        index="btree_not_null",
    )
    invoice_id = fields.Many2one(
        "xero.invoice", ondelete="set null", readonly=True, index="btree_not_null"
    )
    account_id = fields.Many2one(
        "xero.account", "Paid Into", ondelete="set null", readonly=True
    )
    date = fields.Date("Paid On", required=True, readonly=True)
    currency_id = fields.Many2one("res.currency", required=True, readonly=True)
    amount = fields.Monetary(required=True, readonly=True)
    phase = fields.Selection(PHASES, required=True, readonly=True)
    is_to_look = fields.Boolean(readonly=True)
    reason = fields.Char(readonly=True)
    state = fields.Selection(STATES, compute="_compute_state", search="_search_state")
    why = fields.Char("Note", compute="_compute_state")

    remedy = fields.Char("What to Do", compute="_compute_remedy")
    can_fix = fields.Boolean(compute="_compute_remedy")

    _invoice_uniq = models.UniqueIndex(
        "(transaction_id, invoice_id) WHERE invoice_id IS NOT NULL",
        "This payment is recorded on this invoice already.",
    )
    _open_uniq = models.UniqueIndex(
        "(transaction_id) WHERE phase IN ('waiting', 'rest')",
        "What is left of a payment is one row.",
    )
    _look_index = models.Index("(connection_id) WHERE is_to_look IS TRUE")

    # === COMPUTE METHODS === #

    @api.depends("reference", "invoice_id.number")
    def _compute_display_name(self):
        for request in self:
            number = request.invoice_id.number
            request.display_name = (
                f"{request.reference} ({number})" if number else request.reference
            )

    @api.depends(
        "phase", "reason", "invoice_id", "xero_link_ids.state", "xero_link_ids.error"
    )
    def _compute_state(self):
        links = self.env["xero.link"].sudo()._of(self).grouped("res_id")
        for request in self:
            state, why = request.phase, request.reason
            if state == "waiting":
                why = request.sudo()._get_wait_reason()
            elif state == "asked":
                link = links.get(request.id, self.env["xero.link"])
                state, why = LINK_STATES.get(link.state, "failed"), link.error
            request.state, request.why = state, why

    @api.depends("state")
    def _compute_remedy(self):
        logs = self._get_open_logs().grouped("res_id")
        for request in self:
            log = logs.get(request.id, self.env["xero.log"])[:1]
            request.remedy = log.remedy
            request.can_fix = bool(log.fix)

    def _get_open_logs(self):
        """Return the open rows of the log about these, the newest first."""
        return (
            self.env["xero.log"]
            .sudo()
            .search(
                [
                    ("res_model", "=", self._name),
                    ("res_id", "in", self.ids),
                    ("state", "=", "error"),
                ]
            )
        )

    def _search_state(self, operator, value):
        if operator != "in":
            return NotImplemented
        return Domain.OR(self._get_state_domain(state) for state in value if state)

    @api.model
    def _get_state_domain(self, state):
        if state not in ("sending", "sent", "failed"):
            return Domain("phase", "=", state)
        wanted = [key for key, shown in LINK_STATES.items() if shown == state]
        operator = "in"
        if state == "failed":
            wanted, operator = list(LINK_STATES), "not in"
        links = self.env["xero.link"].sudo()
        found = links._search(
            [("res_model", "=", self._name), ("state", operator, wanted)]
        )
        return Domain("phase", "=", "asked") & Domain(
            "id", "in", found.subselect("res_id")
        )

    @api.model
    def _get_attention_domain(self):
        return [("state", "in", list(ATTENTION))]

    @api.model
    def _get_xero_tracked_fields(self):
        """Nobody edits a request."""
        return frozenset()

    def _describe_for_order(self):
        """Return what a salesperson is told of payments that are in one state."""
        amount = self.currency_id[:1].format(sum(self.mapped("amount")))
        state, why = self[:1].state, self[:1].why
        parts = {
            "waiting": [
                self.env._("%s paid online.", amount),
                why,
                self.env._("Then the payment follows by itself."),
            ],
            "sending": [self.env._("%s paid online, being sent to Xero.", amount)],
            "failed": [self.env._("%s paid online is not in Xero.", amount), why],
        }
        return " ".join(filter(None, parts.get(state, [why])))

    # === ACTION METHODS === #

    def action_try_again(self):
        """Look again at what waits, is left over or has failed, and send it.

        :raise UserError: if nothing can be sent now
        """
        self.check_access("read")
        requests = self.sudo()
        for connection in requests.connection_id:
            connection._check_can_send()
        links = self.env["xero.link"].sudo()._of(requests)
        links = links.filtered(lambda link: link.state != "synced")
        requests.filtered(lambda r: r.phase in OPEN_PHASES)._look_again()
        links._requeue()
        self.env["xero.push"].sudo()._flush_after_commit(links)
        return True

    def action_fix(self):
        """Open where the problem of this payment is put right.

        :raise UserError: if there is none any more
        """
        self.ensure_one()
        self.check_access("read")
        log = self._get_open_logs()[:1]
        if not log:
            raise UserError(self.env._("Nothing is to be put right any more."))
        return log.sudo(False).action_fix()

    def action_close(self):
        """Settle by hand: nothing more of these goes to Xero from here.

        :raise UserError: if one is on its way, or in Xero
        """
        self.check_access("read")
        requests = self.sudo()
        # What is being sent at this moment holds its row.
        links = self.env["xero.link"].sudo()._of(requests)
        if links.try_lock_for_update() != links or requests.filtered(
            lambda r: r.state in ("sending", "sent")
        ):
            raise UserError(
                self.env._(
                    "What is on its way to Xero, or there already, cannot be taken "
                    "back here: remove the payment in Xero."
                )
            )
        links.unlink()
        requests._close(self.env._("Settled by hand by %s.", self.env.user.name))
        return True

    # === BUSINESS METHODS === #

    def _close(self, reason):
        """Nothing more of these goes to Xero."""
        self.write({"phase": "closed", "reason": reason, "is_to_look": False})
        self.env["xero.log"]._resolve_payments(self)

    def _look_again(self):
        """Something has changed that may let these go on."""
        self.write({"is_to_look": True})
        if self:
            self.env["xero.link"]._wake_cron()

    @api.model
    def _get_waiting_connections(self):
        """Return the organisations of which something is to be looked at again."""
        connections = self.sudo().search([("is_to_look", "=", True)]).connection_id
        return connections.filtered(
            lambda c: c.state == "connected" and c.sync_mode == "live"
        )
