import base64

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..const import APPROVED_STATUSES, EMAIL_STATES
from .xero_change import Problem

LAYOUT = "xero_crm.mail_layout_invoice"


class XeroInvoice(models.Model):
    """Sending an invoice to the customer, by Xero or by Odoo."""

    _inherit = "xero.invoice"

    email_state = fields.Selection(
        EMAIL_STATES, "E-Mail", compute="_compute_email", compute_sudo=True
    )
    email_sent_to = fields.Char("Sent To", compute="_compute_email", compute_sudo=True)
    email_problem = fields.Char(compute="_compute_email", compute_sudo=True)
    can_send = fields.Boolean(compute="_compute_email", compute_sudo=True)

    @api.depends(
        "status",
        "is_sent",
        "task_ids.state",
        "connection_id.email_mode",
        "connection_id.state",
    )
    def _compute_email(self):
        mails = self.env["xero.invoice.task"].search(
            [("invoice_id", "in", self.ids), ("kind", "=", "email")]
        )
        by_invoice = mails.grouped("invoice_id")
        states = {
            "pending": "waiting",
            "sending": "waiting",
            "done": "sent",
            "error": "error",
        }
        for invoice in self:
            mail = by_invoice.get(invoice, mails.browse())[:1]
            state = states.get(mail.state, "none")
            if invoice.is_sent:
                state = "sent"
            invoice.email_state = state
            invoice.email_sent_to = state == "sent" and mail.name
            invoice.email_problem = state in ("error", "waiting") and mail.error
            invoice.can_send = (
                state in ("none", "error")
                and invoice.status in APPROVED_STATUSES
                and invoice.connection_id.state == "connected"
                and invoice.connection_id.email_mode != "none"
            )

    # === ACTION METHODS === #

    def action_send(self):
        """E-mail these invoices to their customers: now, and each once.

        :raise UserError: if one cannot be sent; nothing is done then
        """
        self._check_may_send()
        for invoice in self.sudo():
            invoice._check_can_send()
        tasks = self.sudo()._request_email(self.env.uid)
        tasks._flush_after_commit()
        return True

    def _check_may_send(self):
        """:raise AccessError: unless the user may; what no order stands for belongs to
        the accountants
        """
        self.check_access("read")
        self.order_id.check_access("write")
        if self.filtered(lambda invoice: not invoice.order_id):
            if not self.env.user.has_group("xero_crm.group_xero_accountant"):
                raise AccessError(
                    self.env._("Only accountants send invoices that have no order.")
                )

    def _check_can_send(self):
        """:raise UserError: why it cannot be sent, and what to do. One record."""
        self.connection_id._check_can_send()
        if self.connection_id.email_mode == "none":
            raise UserError(
                self.env._(
                    "E-mailing invoices is switched off. An accountant can switch it "
                    "on: on the connection, page After Creation."
                )
            )
        if self.status not in APPROVED_STATUSES:
            raise UserError(
                self.env._(
                    "%(name)s is not approved in Xero yet. Approve it there, then send "
                    "it.",
                    name=self.display_name,
                )
            )
        if self.email_state == "sent":
            raise UserError(
                self.env._(
                    "%(name)s was sent already. To send it again, open it in Xero.",
                    name=self.display_name,
                )
            )
        problem = self._get_unequal_problem()
        if not problem and not self._get_email_address(self.connection_id.email_sender):
            problem = self._get_no_email_problem()
        if problem:
            raise UserError(problem.text)

    # === BUSINESS METHODS === #

    def _request_email(self, user_id=False):
        """Put the mails into the outbox; one that failed is tried again, by whoever
        sends mails now.

        :return: `xero.invoice.task`
        """
        tasks = self.env["xero.invoice.task"]
        tasks._queue([invoice._prepare_email_task(user_id) for invoice in self])
        mails = tasks.search([("invoice_id", "in", self.ids), ("kind", "=", "email")])
        mails._take_sender()
        mails._requeue()
        return mails

    def _prepare_email_task(self, user_id=False):
        sender = self.connection_id.email_sender
        return {
            "invoice": self,
            "kind": "email",
            "sender": sender,
            "name": self._get_email_address(sender),
            "user_id": user_id,
        }

    def _get_email_address(self, sender):
        """Return where the mail goes. Xero mails to its contact's own address.

        :param str sender: `xero` or `odoo`
        """
        owner = self.commercial_partner_id
        if sender == "xero":
            return owner.email
        return self._get_email_partner().email

    def _get_email_partner(self):
        billed = self.order_id.partner_invoice_id
        return billed if billed.email else self.commercial_partner_id

    def _get_no_email_problem(self):
        partner = self.commercial_partner_id
        return Problem(
            self.env._(
                "%(name)s has no e-mail address, so the invoice cannot be sent.",
                name=partner.display_name,
            ),
            self.env._("Enter the e-mail of the customer, then press Resync."),
            fix="email",
            fix_id=partner.id,
        )

    def _get_unequal_problem(self):
        """Return a `Problem` if Xero's total is not the one that the order has.

        :rtype: Problem or None
        """
        if not self.order_id or not self.order_sequence:
            return None
        link = self.env["xero.link"]._of(self, self.connection_id)
        if link.state == "synced" and not self._get_total_difference():
            return None
        return Problem(
            self.env._(
                "%(name)s is not sent: its total in Xero, %(theirs)s, was not found "
                "equal to that of %(order)s.",
                name=self.display_name,
                theirs=self.currency_id.format(self.amount_total),
                order=self.order_id.name,
            ),
            self.env._("Settle the difference first, then press Resync."),
            fix="order",
            fix_id=self.order_id.id,
        )

    def _send_odoo_mail(self, content):
        """Put the mail to the customer into Odoo's own outgoing mails.

        :param bytes content: the invoice as PDF, straight from Xero
        """
        template = self.connection_id._get_email_template()
        template.with_context(lang=None).send_mail(
            self.id,
            email_values={
                "recipient_ids": [fields.Command.link(self._get_email_partner().id)],
                "attachments": [(f"{self.number}.pdf", base64.b64encode(content))],
            },
            email_layout_xmlid=LAYOUT,
        )

    def _post_sent(self, task):
        """Tell in the order's chatter that the invoice went out. See
        `_post_xero_invoice`: who may not see Xero's numbers sees nothing of it."""
        sender = dict(task._fields["sender"]._description_selection(self.env))
        order = self.order_id
        if task.user_id:
            order = order.with_user(task.user_id).sudo()
        order._log_xero_change(
            self.env._(
                "%(number)s e-mailed to %(address)s by %(sender)s",
                number=self.number,
                address=task.name,
                sender=sender[task.sender],
            )
        )
