from markupsafe import Markup

from odoo import api, fields, models
from odoo.tools import formataddr

# Context key: which invoices go into one mail: tuple of ids by id of the invoice that
# the mail hangs on, as a tuple of pairs.
TOGETHER = "xero_reminded_together"


class XeroInvoice(models.Model):
    """What the templates of reminders show: to whom, from whom, of which invoices."""

    _inherit = "xero.invoice"

    reminder_partner_id = fields.Many2one(
        "res.partner",
        "Recipient of Reminders",
        compute="_compute_reminder_partner_id",
        compute_sudo=True,
        groups="xero_crm.group_xero_user",
    )
    reminder_invoice_ids = fields.Many2many(
        "xero.invoice",
        string="Invoices of the Reminder",
        compute="_compute_reminder_invoice_ids",
        groups="xero_crm.group_xero_user",
    )
    reminder_numbers = fields.Char(
        compute="_compute_reminder_table", groups="xero_crm.group_xero_user"
    )
    reminder_table = fields.Html(
        compute="_compute_reminder_table",
        sanitize=False,
        groups="xero_crm.group_xero_user",
    )
    reminder_email_from = fields.Char(
        compute="_compute_reminder_email",
        compute_sudo=True,
        groups="xero_crm.group_xero_user",
    )
    reminder_reply_to = fields.Char(
        compute="_compute_reminder_email",
        compute_sudo=True,
        groups="xero_crm.group_xero_user",
    )

    # === COMPUTE METHODS === #

    @api.depends("commercial_partner_id", "order_id.partner_invoice_id")
    def _compute_reminder_partner_id(self):
        recipients = self._get_reminder_recipients()
        for invoice in self:
            invoice.reminder_partner_id = recipients[invoice.id]

    @api.depends_context(TOGETHER)
    def _compute_reminder_invoice_ids(self):
        together = dict(self.env.context.get(TOGETHER) or ())
        for invoice in self:
            ids = together.get(invoice.id, invoice.ids)
            invoice.reminder_invoice_ids = self.browse(ids).with_prefetch(
                self._prefetch_ids
            )

    @api.depends("reminder_invoice_ids")
    @api.depends_context(TOGETHER, "lang")
    def _compute_reminder_table(self):
        for invoice in self:
            invoices = invoice.reminder_invoice_ids
            names = invoices.mapped("display_name")
            if len(names) > 3:
                invoice.reminder_numbers = self.env._(
                    "%(number)s and %(count)s more",
                    number=names[0],
                    count=len(names) - 1,
                )
            else:
                invoice.reminder_numbers = ", ".join(names)
            invoice.reminder_table = invoices._render_reminder_table()

    def _render_reminder_table(self):
        """Return the list of these invoices, with a way to pay each.

        :rtype: Markup
        """
        totals = [
            (currency, sum(invoices.mapped("amount_due")))
            for currency, invoices in self.grouped("currency_id").items()
        ]
        html = self.env["ir.qweb"]._render(
            "xero_crm.reminder_table",
            {"invoices": self, "totals": totals},
        )
        return Markup(html)

    @api.depends(
        "user_id", "connection_id.reminders_email_from", "company_id.email_formatted"
    )
    def _compute_reminder_email(self):
        for invoice in self:
            connection, company = invoice.connection_id, invoice.company_id
            sender = company.email_formatted or self.env.user.email_formatted
            if connection.reminders_email_from:
                sender = formataddr((company.name, connection.reminders_email_from))
            person = invoice.user_id.email_formatted
            if connection.reminders_reply_to != "salesperson":
                person = False
            invoice.reminder_email_from = sender
            invoice.reminder_reply_to = person or sender

    # === BUSINESS METHODS === #

    def _get_reminder_recipients(self):
        """Return who is reminded of each invoice, whether or not that person has an
        e-mail: the invoice address of the order, else the customer's contact for
        invoices, else the customer. As superuser; one query for all.

        :return: `res.partner` by id of the invoice
        :rtype: dict
        """
        contacts = self.env["res.partner"].search(
            [
                ("commercial_partner_id", "in", self.commercial_partner_id.ids),
                ("type", "=", "invoice"),
                ("email", "!=", False),
                ("company_id", "in", (False, *self.company_id.ids)),
            ],
            order="id desc",
        )
        by_family = {contact.commercial_partner_id: contact for contact in contacts}
        recipients = {}
        for invoice in self:
            family = invoice.commercial_partner_id
            billed = invoice.order_id.partner_invoice_id
            if billed == family or not billed.email:
                billed = by_family.get(family, family)
            recipients[invoice.id] = billed
        return recipients
