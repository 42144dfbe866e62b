import functools
import logging

from psycopg2 import OperationalError

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_datetime

from ..xero_api import XeroError
from .xero_deadline import SECONDS_IN_CRON, Deadline
from .xero_pull import MAX_IDS
from .xero_reminder_planned import BLOCKED, READY

_logger = logging.getLogger(__name__)


class XeroReminder(models.Model):
    """Reminders on their way: asked of Xero once more, written down and put into
    Odoo's outgoing mails in one transaction.

    A worker that dies before the commit has sent nothing; after it, all is there.
    """

    _name = "xero.reminder"
    _inherit = ["xero.reminder", "xero.job.mixin"]

    # === SCHEDULED ACTION === #

    @api.model
    def _cron_send(self):
        """Send what is due now, for each connection where reminders are on."""
        connections = self.env["xero.connection"].search(
            [("reminders_enabled", "=", True), ("state", "=", "connected")]
        )
        connections._work_each("_send_reminders")

    @api.model
    def _send_day(self, connection, day):
        """Send the reminders of a day. Commits: call it with a cursor of its own.

        :param connection: `xero.connection`, one record
        :param date day: in the organisation's time zone
        """
        mails = self.env["xero.reminder.planner"]._plan(connection, day)
        self.env["xero.log"]._tell_blocked(
            connection, [mail for mail in mails if mail.state == BLOCKED]
        )
        self._commit()
        limit, sent, problem = Deadline(SECONDS_IN_CRON), 0, ""
        chunks = self._split([mail for mail in mails if mail.state == READY])
        for chunk in chunks:
            if limit._is_out_of_time():
                self._wake_cron()
                break
            if connection._is_short_of_calls():
                problem = self.env._("The calls left today are kept for people.")
                break
            try:
                sent += self._send_chunk(connection, day, chunk)
            except XeroError as error:
                # Nothing is sent unasked; the next run tries again.
                problem = self.env["xero.log"]._explain(error).message
                _logger.info("Reminders of %s stopped: %s", connection.name, error)
                break
        if sent or problem:
            note = functools.partial(self._note_run, connection, sent, problem)
            self._commit_or_repeat(note)

    def _split(self, mails):
        """Return lists of mails, each of as many invoices as Xero takes in one call;
        as ids, because each commit empties the cache.

        :return: list of lists of pairs of the invoices' ids and of those whose PDF is
            wanted
        """
        chunks, size = [], MAX_IDS
        for mail in mails:
            ids = mail.invoices.ids
            # By any stage of it: the highest may be paid when it is written.
            attach = any(stage.attach_pdf for _invoice, stage in mail.entries)
            pdfs = ids if attach else []
            if size + len(ids) > MAX_IDS:
                chunks.append([])
                size = 0
            chunks[-1].append((ids, pdfs))
            size += len(ids)
        return chunks

    def _send_chunk(self, connection, day, chunk):
        """Send some mails; those of them that are still due once Xero was asked.

        :return: number of mails
        :raise XeroError: if Xero cannot be asked; nothing is sent then
        """
        # What Xero said stands, and a new transaction sees what people did meanwhile.
        ids, pdfs = self._commit_or_repeat(
            functools.partial(self._ask_xero, connection, chunk)
        )
        return self._commit_or_repeat(
            functools.partial(self._send_checked, connection, day, ids, pdfs)
        )

    def _ask_xero(self, connection, chunk):
        """Return the ids of the invoices that Xero has told of, and the PDFs by id."""
        ids = [invoice_id for ids, _pdfs in chunk for invoice_id in ids]
        wanted = [invoice_id for _ids, pdfs in chunk for invoice_id in pdfs]
        checked = self._check_with_xero(connection, self._browse(ids))
        pdfs = self._fetch_pdfs(connection, checked & self._browse(wanted))
        return checked.ids, pdfs

    def _browse(self, ids):
        return self.env["xero.invoice"].sudo().browse(ids)

    def _check_with_xero(self, connection, invoices):
        """Fetch these invoices once more, whatever they are now.

        :return: those of them that Xero has told of
        """
        changes = self.env["xero.pull"]._pull_records(
            connection, "Invoices", invoices.mapped("xero_id")
        )
        told = {change.xero_id for change in changes if change.operation != "refuse"}
        return invoices.filtered(lambda invoice: invoice.xero_id in told)

    def _fetch_pdfs(self, connection, invoices):
        """Return the PDFs of those of these invoices that are still open.

        :return: content by id of the invoice
        :rtype: dict
        """
        return {
            invoice.id: self.env["xero.gateway"]._call(
                connection, "invoice_pdf", invoice.xero_id
            )
            for invoice in invoices
            if invoice.is_open and invoice.amount_due > 0
        }

    def _send_checked(self, connection, day, ids, pdfs):
        """Send what is due of these invoices by what is known now.

        :return: number of mails
        """
        mails = self.env["xero.reminder.planner"]._plan(
            connection, day, among=self._browse(ids)
        )
        mails = [mail for mail in mails if mail.state == READY]
        return self._try_mails(connection, mails, pdfs)

    def _try_mails(self, connection, mails, pdfs):
        """Send as one batch; when that fails, halve it until the bad one is alone."""
        if not mails:
            return 0
        try:
            with self.env.cr.savepoint():
                sent = self._make_mails(mails, pdfs)
                self.env.flush_all()
            self.env["xero.log"]._resolve_reminder_failures(connection, mails)
            return sent
        except OperationalError:
            raise  # no fault of a mail: the whole again
        except Exception as error:
            self.env.invalidate_all()
            if len(mails) > 1:
                middle = len(mails) // 2
                halves = mails[:middle], mails[middle:]
                return sum(self._try_mails(connection, half, pdfs) for half in halves)
            _logger.warning("A reminder could not be made", exc_info=True)
            self.env["xero.log"]._tell_reminder_failure(connection, mails[0], error)
            return 0

    # === FEEDBACK === #

    @api.model
    def _wake_cron(self):
        self.env.ref("xero_crm.ir_cron_xero_reminder").sudo()._trigger()

    def _note_run(self, connection, sent, problem):
        moment = format_datetime(
            self.env, fields.Datetime.now(), tz=connection.reminders_tz
        )
        text = self.env._("%(time)s: mails sent: %(count)s.", time=moment, count=sent)
        connection.sudo().reminders_note = f"{text} {problem}" if problem else text

    # === BY A PERSON === #

    @api.model
    def _send_by_hand(self, connection, day, invoices):
        """Send the reminders that a person has looked at in the preview, now.

        In the user's own transaction: it only asks Xero, and a mail is not sent before
        the transaction stands.

        :return: number of mails
        :raise UserError: if Xero cannot be asked, or nothing is due any more
        """
        connection._check_connected()
        today = connection._get_reminder_moment().date()
        reminders = self.sudo().with_context(xero_reminder_user=self.env.uid)
        with self.env["xero.log"]._explained():
            checked = reminders._check_with_xero(connection, invoices.sudo())
            stages = self.env["xero.reminder.planner"]._plan(connection, day, checked)
            wanted = reminders._browse(
                [i.id for m in stages if m.stage.attach_pdf for i in m.invoices]
            )
            pdfs = reminders._fetch_pdfs(connection, wanted)
        if holds := checked._get_reminder_holds(connection, today):
            raise UserError("\n".join(dict.fromkeys(holds.values())))
        sent = reminders._send_checked(connection, day, checked.ids, pdfs)
        if not sent:
            raise UserError(
                self.env._(
                    "Nothing was sent: by what Xero says now, there is nothing to "
                    "remind of. Open the list again."
                )
            )
        return sent
