from odoo import api, models

from .xero_change import Problem

REQUESTS = "xero.payment.request"
# What Xero's refusals of a payment contain, in lower case -> what explains it.
PAYMENT_REFUSALS = [
    ("lock date", "_explain_lock_date"),
    ("amount outstanding", "_explain_paid_meanwhile"),
    ("authorised documents", "_explain_paid_meanwhile"),
    ("invoice of this payment", "_explain_paid_meanwhile"),
    ("currency", "_explain_payment_account"),
    ("account", "_explain_payment_account"),
    ("archived", "_explain_payment_account"),
]


class XeroLog(models.Model):
    """Rows about online payments: how they come, how they are put right."""

    _inherit = "xero.log"

    # === WRITING === #

    @api.model
    def _add_payment_problem(self, request, problem):
        """Log why a payment is not on its way.

        :param request: `xero.payment.request`, one record
        """
        return self.sudo().create(
            {
                "connection_id": request.connection_id.id,
                "direction": "push",
                "resource": request._xero_resource,
                "operation": "pay",
                "state": "error",
                "res_model": REQUESTS,
                "res_id": request.id,
                "record_name": request.display_name,
                **self._prepare_problem_vals(problem),
            }
        )

    @api.model
    def _resolve_payments(self, requests):
        """Close the open rows about payments."""
        requests._get_open_logs().write({"state": "resolved"})

    def _compute_operation_text(self):
        result = super()._compute_operation_text()
        for log in self.filtered(lambda log: log.operation == "pay"):
            log.operation_text = self.env._("Record Payment")
        return result

    # === TRYING AGAIN === #

    def _requeue(self):
        rows = self.filtered(lambda log: log.res_model == REQUESTS)
        requests = self.env[REQUESTS].sudo().browse(rows.mapped("res_id")).exists()
        requests.filtered(lambda r: r.phase in ("waiting", "rest"))._look_again()
        return super()._requeue()

    @api.model
    def _retry_payment_accounts(self, connections):
        """Another account was chosen: what waited for one goes on."""
        rows = self.sudo().search(
            [
                ("connection_id", "in", connections.ids),
                ("state", "=", "error"),
                ("fix", "=", "payment_account"),
            ]
        )
        if rows:
            rows._requeue()._wake_cron()

    # === FIXES === #

    def _fix_payment_account(self):
        """The accounts of payment providers."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "xero_crm.xero_payment_map_action"
        )
        action["domain"] = [("connection_id", "=", self.connection_id.id)]
        action["context"] = {
            "default_connection_id": self.connection_id.id,
            "default_provider_id": self.fix_id,
        }
        return action

    def _fix_payment_invoice(self):
        """The invoice that was paid; where there is none, the payment."""
        invoice = self.env["xero.invoice"].browse(self.fix_id).exists()
        if invoice:
            return self._open("xero.invoice", invoice.id)
        return self.action_open_record()

    # === EXPLAINING === #

    @api.model
    def _explain_refusal(self, link, messages):
        if link.res_model != REQUESTS:
            return super()._explain_refusal(link, messages)
        text = " ".join(messages)
        for needle, method in PAYMENT_REFUSALS:
            if needle in text.lower():
                return getattr(self, method)(link, text)
        return super()._explain_refusal(link, messages)

    def _explain_paid_meanwhile(self, link, text):
        return Problem(
            self.env._(
                "%(name)s was not recorded: the invoice was paid, voided or changed in "
                "Xero meanwhile. %(why)s",
                name=link.record_name,
                why=text,
            ),
            self.env._("Press Resync: what is still due is paid, and the rest told."),
            fix="payment_invoice",
            fix_id=link._get_record().invoice_id.id,
        )

    def _explain_payment_account(self, link, text):
        request = link._get_record()
        return Problem(
            self.env._(
                "Xero takes no payment on %(account)s. %(why)s",
                account=request.account_id.display_name,
                why=text,
            ),
            self.env._("Choose another account; the payment then goes on."),
            fix="payment_account",
            fix_id=request.provider_id.id,
        )
