from odoo import api, models

from ..xero_api import XeroValidationError
from .xero_change import Problem

TASK_MODEL = "xero.invoice.task"
# What Xero's refusals of a follow-up contain, in lower case -> what explains it.
TASK_REFUSALS = [
    ("email rate limit", "_explain_email_limit"),
    ("no email address", "_explain_no_email"),
    ("valid status", "_explain_not_approved"),
    ("attachment", "_explain_file"),
    ("file", "_explain_file"),
]


class XeroLog(models.Model):
    """Rows about follow-ups of invoices: how they come, how they are tried again."""

    _inherit = "xero.log"

    # === WRITING === #

    @api.model
    def _prepare_task_vals(self, task):
        return {
            "connection_id": task.connection_id.id,
            "direction": "push",
            "resource": "Invoices",
            "operation": task.kind,
            "res_model": TASK_MODEL,
            "res_id": task.id,
            "record_name": task.invoice_id.display_name,
            "xero_id": task.invoice_id.xero_id,
        }

    @api.model
    def _add_task_success(self, task):
        """Log a follow-up that was done, and close what was open about it."""
        self._resolve_tasks(task)
        return self.sudo().create(
            {
                **self._prepare_task_vals(task),
                "state": "success",
                "message": task.name or self.env._("Done."),
            }
        )

    @api.model
    def _add_task_problem(self, task, problem):
        """Log why a follow-up was not done, replacing its open row."""
        self._resolve_tasks(task)
        return self.sudo().create(
            {
                **self._prepare_task_vals(task),
                "state": "error",
                **self._prepare_problem_vals(problem),
            }
        )

    @api.model
    def _resolve_tasks(self, tasks):
        self._get_open_task_rows(tasks).write({"state": "resolved"})

    @api.model
    def _get_open_task_rows(self, tasks):
        return self.sudo().search(
            [
                ("connection_id", "in", tasks.connection_id.ids),
                ("res_model", "=", TASK_MODEL),
                ("res_id", "in", tasks.ids),
                ("state", "=", "error"),
            ]
        )

    def _compute_operation_text(self):
        result = super()._compute_operation_text()
        kinds = dict(
            self.env[TASK_MODEL]._fields["kind"]._description_selection(self.env)
        )
        for log in self.filtered(lambda log: log.res_model == TASK_MODEL):
            log.operation_text = kinds.get(log.operation, log.operation)
        return result

    # === TRYING AGAIN === #

    def _get_tasks(self):
        """Return the follow-ups that these rows are about."""
        rows = self.filtered(lambda log: log.res_model == TASK_MODEL)
        return self.env[TASK_MODEL].sudo().browse(rows.mapped("res_id")).exists()

    def action_resync(self):
        """See `xero.log`: rows about follow-ups are tried again as well."""
        result = super().action_resync()
        self._get_tasks()._flush_after_commit()
        return result

    def _requeue(self):
        tasks = self._get_tasks()
        tasks.filtered(lambda task: task.kind == "email")._take_sender()
        tasks._requeue()
        if tasks:
            self.env["xero.link"]._wake_cron()
        return super()._requeue()

    def action_open_record(self):
        """See `xero.log`: a follow-up is seen on its invoice."""
        self.ensure_one()
        if tasks := self._get_tasks():
            return self._open("xero.invoice", tasks.invoice_id.id)
        return super().action_open_record()

    # === EXPLAINING === #

    @api.model
    def _explain_task(self, task, error):
        """Explain why Xero did not do a follow-up.

        :param task: `xero.invoice.task`, one record
        :param XeroError error: of the call
        :return: `Problem`; with `wait` if Xero mails nothing more today
        """
        if isinstance(error, XeroValidationError):
            return self._explain_task_messages(task, error.messages)
        return self._explain(error)

    @api.model
    def _explain_task_messages(self, task, messages):
        text = " ".join(messages)
        for needle, method in TASK_REFUSALS:
            if needle in text.lower():
                return getattr(self, method)(task, text)
        return Problem(
            self.env._("Xero refused it: %(why)s", why=text or self.env._("no reason")),
            self.env._("Correct what Xero names, then press Resync."),
            fix="task",
            fix_id=task.invoice_id.id,
        )

    def _explain_email_limit(self, task, text):
        return Problem(
            self.env._(
                "Xero has sent as many e-mails as it allows this organisation in a day "
                "(1,000; 20 in a trial)."
            ),
            self.env._(
                "Nothing is to be done: it is tried again by itself. Or let Odoo send "
                "the mails, see the connection."
            ),
            fix="email_sender",
            fix_id=task.connection_id.id,
            wait=True,
        )

    def _explain_no_email(self, task, text):
        partner = task.invoice_id.commercial_partner_id
        return Problem(
            self.env._(
                "The contact of %(name)s has no e-mail address in Xero.",
                name=partner.display_name,
            ),
            self.env._(
                "Enter the e-mail of the customer, wait until it is in Xero, then "
                "press Resync."
            ),
            fix="email",
            fix_id=partner.id,
        )

    def _explain_not_approved(self, task, text):
        return Problem(
            self.env._(
                "Xero does not send %(name)s in the state that it is in. %(why)s",
                name=task.invoice_id.display_name,
                why=text,
            ),
            self.env._("Approve the invoice in Xero, then press Resync."),
            fix="task",
            fix_id=task.invoice_id.id,
        )

    def _explain_file(self, task, text):
        return Problem(
            self.env._(
                "Xero did not take the file %(file)s. %(why)s",
                file=task.name,
                why=text,
            ),
            self.env._(
                "Attach it in Xero by hand, or make it smaller; then press Resync."
            ),
            fix="task",
            fix_id=task.invoice_id.id,
        )

    # === FIXES === #

    def _fix_task(self):
        return self._open("xero.invoice", self.fix_id)

    def _fix_email_sender(self):
        return self._open("xero.connection", self.connection_id.id)
