from odoo import fields, models

from ..const import SCOPE_FILES


class XeroConnection(models.Model):
    """What follows once an invoice is in Xero: mail, link, files, note."""

    _inherit = "xero.connection"

    email_mode = fields.Selection(
        [
            ("none", "Not at all"),
            ("click", "When somebody presses Send"),
            ("approved", "At once when it is approved"),
        ],
        "E-Mail the Invoice",
        default="click",
        required=True,
        tracking=True,
    )
    email_sender = fields.Selection(
        [
            ("xero", "Xero, with its own template"),
            ("odoo", "Odoo, with the template below"),
        ],
        "Sent By",
        default="xero",
        required=True,
        tracking=True,
        help="Xero mails to the contact's own address, and allows 1,000 mails a day "
        "(20 in a trial, none in the demo company). Odoo mails to the invoice address "
        "of the order, in the customer's language, with Xero's PDF attached.",
    )
    email_template_id = fields.Many2one(
        "mail.template",
        "Mail Template",
        domain="[('model', '=', 'xero.invoice')]",
        help="Used where Odoo sends the mail. Where it is empty, the one that comes "
        "with this app is.",
    )
    online_link_mode = fields.Selection(
        [
            ("needed", "When somebody asks for it or the mail is sent"),
            ("approved", "At once when the invoice is approved (a call each)"),
        ],
        "Fetch the Payment Link",
        default="needed",
        required=True,
    )
    attach_quotation = fields.Boolean(
        "Attach the Quotation",
        help="The order as Odoo prints it, with the customer's signature if it was "
        "signed, is attached to the invoice in Xero.",
    )
    attach_files = fields.Selection(
        [
            ("none", "None"),
            ("chosen", "Those chosen on the order"),
            ("all", "All that hang on the order"),
        ],
        "Files of the Order",
        default="none",
        required=True,
    )
    attach_online = fields.Boolean(
        "Customers See the Files",
        help="The files are shown with the online invoice as well.",
    )
    history_note = fields.Boolean(
        "Note in Xero's History",
        default=True,
        help="Tells from which order an invoice comes, and who sold it; a call each.",
    )

    def write(self, vals):
        result = super().write(vals)
        if "email_sender" in vals:
            self.env["xero.log"]._retry_fixed("email_sender", self.ids)
        return result

    def _get_email_template(self):
        """Return the template of Odoo's own mail.

        :rtype: mail.template
        """
        default = self.env.ref("xero_crm.mail_template_invoice")
        return self.email_template_id or default

    def _get_needed_scopes(self):
        scopes = super()._get_needed_scopes()
        if self.attach_quotation or self.attach_files != "none":
            scopes += (SCOPE_FILES,)
        return scopes
