from odoo import api, fields, models

OPERATION = "remind"
# Kind of fix (see `Problem`) of a mail that could not be made.
TEMPLATE = "reminder_template"


class XeroLog(models.Model):
    """Customers who cannot be reminded stand in the log, each once, until they can."""

    _inherit = "xero.log"

    direction = fields.Selection(
        selection_add=[("mail", "To the Customer")], ondelete={"mail": "cascade"}
    )

    @api.depends("operation")
    def _compute_operation_text(self):
        result = super()._compute_operation_text()
        reminders = self.filtered(lambda log: log.operation == OPERATION)
        reminders.operation_text = self.env._("Remind")
        return result

    def action_resync(self):
        """What could not be sent to a customer is tried again."""
        reminders = self.filtered(lambda log: log.direction == "mail")
        if reminders:
            self.env["xero.reminder"]._wake_cron()
        return super(XeroLog, self - reminders).action_resync()

    @api.model
    def _tell_blocked(self, connection, mails):
        """Have an open row for each customer who cannot be reminded, and for no other.

        :param connection: `xero.connection`, one record
        :param list mails: of blocked `PlannedReminder`
        """
        rows = self._get_reminder_rows(connection).filtered(
            lambda row: row.fix != TEMPLATE
        )
        told = {(row.res_id, row.message) for row in rows}
        wanted = {self._get_reminder_key(mail): mail for mail in mails}
        stale = rows.filtered(lambda row: (row.res_id, row.message) not in wanted)
        stale.write({"state": "resolved"})
        self.sudo().create(
            [
                self._prepare_reminder_vals(connection, mail, mail.reason)
                for key, mail in wanted.items()
                if key not in told
            ]
        )

    @api.model
    def _tell_reminder_failure(self, connection, mail, error):
        """A mail could not be made: say so, once."""
        why = (str(error) or type(error).__name__).splitlines()[0]
        text = self.env._("The reminder could not be made: %(why)s", why=why)
        vals = {
            **self._prepare_reminder_vals(connection, mail, text),
            "remedy": self.env._(
                "Look at the mail template of the stage, then press Resync."
            ),
            "fix": TEMPLATE,
            "fix_id": mail.stage.template_id.id,
        }
        told = self._get_reminder_rows(connection).filtered(
            lambda row: row.fix == TEMPLATE and row.res_id == vals["res_id"]
        )
        if not told:
            self.sudo().create(vals)

    @api.model
    def _resolve_reminder_failures(self, connection, mails):
        """Close the rows of those whose mails could be made."""
        done = {mail.recipient.id for mail in mails}
        self._get_reminder_rows(connection).filtered(
            lambda row: row.fix == TEMPLATE and row.res_id in done
        ).write({"state": "resolved"})

    def _fix_reminder_template(self):
        """Open the mail template."""
        return self._open("mail.template", self.fix_id)

    def _get_reminder_rows(self, connection):
        return self.sudo().search(
            [
                ("connection_id", "=", connection.id),
                ("operation", "=", OPERATION),
                ("state", "=", "error"),
            ]
        )

    def _get_reminder_key(self, mail):
        record = mail.recipient or mail.invoice
        return record.id, mail.reason

    def _prepare_reminder_vals(self, connection, mail, text):
        record = mail.recipient or mail.invoice
        remedy = self.env._("Correct the e-mail of the customer; it goes on by itself.")
        if not mail.recipient:
            remedy = self.env._(
                "Link the contact to a customer: Xero > Sync > Matching."
            )
        return {
            "connection_id": connection.id,
            "direction": "mail",
            "resource": "Invoices",
            "operation": OPERATION,
            "state": "error",
            "res_model": record._name,
            "res_id": record.id,
            "record_name": record.display_name,
            "message": text,
            "remedy": remedy,
            "fix": "email" if mail.recipient else "record",
            "fix_id": mail.recipient.id,
        }
