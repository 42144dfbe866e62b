from markupsafe import Markup

from odoo import models
from odoo.fields import Command

from .xero_invoice_reminder_mail import TOGETHER

LAYOUT = "xero_crm.mail_layout_reminder"


class XeroReminder(models.Model):
    """The mails themselves, and what is noted of them."""

    _inherit = "xero.reminder"

    def _make_mails(self, mails, pdfs):
        """Note reminders, and put their mails into Odoo's outgoing mails.

        :param list mails: of `PlannedReminder`
        :param dict pdfs: content by id of the invoice
        :return: number of mails
        """
        user_id = self.env.context.get("xero_reminder_user", False)
        rows = [
            {
                "invoice": invoice,
                "stage": stage,
                "state": "sent",
                "recipient": mail.recipient,
                "user_id": user_id,
            }
            for mail in mails
            for invoice, stage in mail.entries
        ]
        reminders = self._record(rows).grouped("invoice_id")
        for mail in mails:  # what somebody else reminds of at this moment is left out
            mail.entries = [pair for pair in mail.entries if pair[0] in reminders]
        mails = [mail for mail in mails if mail.entries]
        for mail in mails:  # all at once, before the first is rendered
            for invoice in mail.invoices.with_context(tracking_disable=True):
                invoice._portal_ensure_token()
        by_stage = {}
        for mail in mails:
            by_stage.setdefault(mail.stage, []).append(mail)
        for stage, mine in by_stage.items():
            messages = self._send_stage(stage, mine, pdfs)
            for mail in mine:
                message = messages[mail.invoice.id]
                for invoice in mail.invoices:
                    reminders[invoice].mail_message_id = message
        self._note_in_chatters(mails)
        # At once, not within the hour: nobody is to pay in between.
        self.env.ref("mail.ir_cron_mail_scheduler_action").sudo()._trigger()
        return len(mails)

    def _send_stage(self, stage, mails, pdfs):
        """Make the mails of one stage, all at once.

        :return: `mail.message` by id of the invoice that the mail hangs on
        :rtype: dict
        """
        together = tuple((mail.invoice.id, tuple(mail.invoices.ids)) for mail in mails)
        template = stage.template_id.with_context(lang=None, **{TOGETHER: together})
        author = stage.company_id.partner_id
        made = template.send_mail_batch(
            [invoice_id for invoice_id, _ids in together],
            email_values={"author_id": author.id},
            email_layout_xmlid=LAYOUT,
        )
        if stage.attach_pdf:
            for mail, planned in zip(made, mails, strict=True):
                self._attach(mail, planned.invoices, pdfs)
        return {mail.res_id: mail.mail_message_id for mail in made}

    def _attach(self, mail, invoices, pdfs):
        mail.attachment_ids = [
            Command.create(
                {
                    "name": f"{invoice.number or invoice.reference}.pdf",
                    "raw": pdfs[invoice.id],
                    "mimetype": "application/pdf",
                    "res_model": "mail.message",
                    "res_id": mail.mail_message_id.id,
                }
            )
            for invoice in invoices
            if invoice.id in pdfs
        ]

    # === CHATTER === #

    def _note_in_chatters(self, mails):
        """The mail itself stands on its invoice; note it on the others of the mail, on
        the orders, and on customers of invoices without an order."""
        others, orders, customers = {}, {}, {}
        for mail in mails:
            for invoice, stage in mail.entries:
                text = self.env._(
                    "%(number)s: reminder sent to %(email)s "
                    "(%(stage)s, %(amount)s due)",
                    number=invoice.display_name,
                    email=mail.recipient.email,
                    stage=stage.display_name,
                    amount=invoice.currency_id.format(invoice.amount_due),
                )
                if invoice != mail.invoice:
                    others[invoice.id] = text
                if invoice.order_id:
                    orders.setdefault(invoice.order_id, []).append(text)
                else:
                    customers.setdefault(mail.customer, []).append(text)
        self.env["xero.invoice"].browse(others)._message_log_batch(others)
        self._log_hidden(orders, "xero_invoice_number")
        self._log_hidden(customers, "xero_reminder")

    def _log_hidden(self, texts, name):
        """Note texts in the chatter of records, as changes of a field: the chatter
        hides them from those who may not see the field. All records at once.

        :param dict texts: lists of texts by record
        :param str name: of a field of these records
        """
        if not texts:
            return
        records = next(iter(texts)).union(*texts)
        messages = records._message_log_batch(dict.fromkeys(records.ids, Markup()))
        column = records.fields_get([name])[name]
        tracking, values = self.env["mail.tracking.value"].sudo(), []
        for message in messages:
            record = records.browse(message.res_id)
            values += [
                {
                    **tracking._create_tracking_values("", text, name, column, record),
                    "mail_message_id": message.id,
                }
                for text in texts[record]
            ]
        tracking.create(values)
