from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..const import INVOICE_TRIGGERS


class XeroConnection(models.Model):
    """What the accountant decides: what is sent, when, and as what."""

    _inherit = "xero.connection"

    # Settings
    sync_mode = fields.Selection(
        [("read_only", "Read-only: only fetch from Xero"), ("live", "Live")],
        "Mode",
        default="read_only",
        required=True,
        copy=False,
        tracking=True,
        help="In read-only mode nothing is ever written to Xero. "
        "Look at what arrives first, then go live.",
    )
    invoice_status = fields.Selection(
        [
            ("draft", "Draft"),
            ("submitted", "Awaiting Approval"),
            ("authorised", "Awaiting Payment (approved)"),
        ],
        "Create Invoices As",
        default="draft",
        required=True,
        tracking=True,
    )
    invoice_trigger = fields.Selection(
        INVOICE_TRIGGERS,
        "Invoice",
        default="manual",
        required=True,
        tracking=True,
        help="Customers and orders can have a trigger of their own.",
    )
    invoice_only_won = fields.Boolean(
        "Only Won Deals",
        tracking=True,
        help="An order that belongs to an opportunity is invoiced by itself once that "
        "is won, and not before.",
    )
    number_source = fields.Selection(
        [("xero", "Xero"), ("odoo", "Odoo")],
        "Invoice Numbers By",
        default="xero",
        required=True,
        tracking=True,
    )
    number_sequence_id = fields.Many2one(
        "ir.sequence",
        check_company=True,
        domain="[('company_id', 'in', (False, company_id))]",
        help="Numbers of invoices that Odoo makes in Xero. Xero refuses a number that "
        "it has already.",
    )
    reference_source = fields.Selection(
        [
            ("order", "Order number"),
            ("customer", "Customer's reference, else the order number"),
            ("both", "Order number and customer's reference"),
        ],
        "Reference on Invoices",
        default="order",
        required=True,
        tracking=True,
    )
    currency_rate_source = fields.Selection(
        [("xero", "Xero"), ("odoo", "Odoo")],
        "Exchange Rates By",
        default="xero",
        required=True,
        tracking=True,
        help="Of an invoice in a foreign currency. By Xero: the rate of its day.",
    )
    conflict_policy = fields.Selection(
        [
            ("newest", "The newer change wins"),
            ("xero", "Xero wins"),
            ("odoo", "Odoo wins"),
            ("ask", "Ask a person"),
        ],
        "When Both Sides Changed",
        default="newest",
        required=True,
        tracking=True,
    )
    match_hold_score = fields.Integer(
        "Ask From a Likeness Of",
        default=60,
        tracking=True,
        help="A contact that is in one of the two only, and this much like one of the "
        "other (0 to 100: by name, phone, e-mail domain, address), waits until a "
        "person has said whether they are the same. Lower asks more often, higher "
        "risks duplicates; 0 never asks, and creates it.",
    )
    contact_push = fields.Selection(
        [
            ("with_invoice", "With their first invoice"),
            ("at_once", "As soon as they are created"),
        ],
        "Send Customers to Xero",
        default="with_invoice",
        required=True,
        tracking=True,
    )
    date_start = fields.Date(
        "Day Zero",
        help="Nothing that is older than this day is sent to Xero: neither orders "
        "dated before it, nor customers created before it on their own account.",
    )
    require_email = fields.Boolean(
        "Customers Need an Email",
        default=True,
        help="An invoice of a customer without an e-mail address is held back.",
    )
    default_account_id = fields.Many2one(
        "xero.account",
        "Default Sales Account",
        domain="[('connection_id', '=', id), ('is_revenue', '=', True)]",
        help="Used on invoice lines whose product names no account.",
    )
    down_payment_account_id = fields.Many2one(
        "xero.account",
        domain="[('connection_id', '=', id), ('account_type', '!=', 'BANK')]",
        help="Used for down payments, and where they are deducted. Where it is empty, "
        "that of the product or of sales.",
    )
    default_tax_rate_id = fields.Many2one(
        "xero.tax.rate",
        "Tax Rate Without Tax",
        domain="[('connection_id', '=', id)]",
        help="Used on invoice lines that carry no tax in Odoo. "
        "Where it is empty, Xero's 'NONE' is used.",
    )
    contact_minutes = fields.Integer("Contacts Every (min)", default=10)
    invoice_minutes = fields.Integer("Invoices Every (min)", default=5)
    item_minutes = fields.Integer("Items Every (min)", default=60)
    reference_minutes = fields.Integer("Accounts and Taxes Every (min)", default=1440)
    reserve_percent = fields.Integer(
        "Kept for People (%)",
        default=15,
        help="Scheduled fetches stop when only this share of the day's calls is left, "
        "so that a person's click still goes through.",
    )
    _match_hold_range = models.Constraint(
        "CHECK(match_hold_score BETWEEN 0 AND 100)",
        "The likeness lies between 0 and 100.",
    )
    _reserve_range = models.Constraint(
        "CHECK(reserve_percent BETWEEN 0 AND 90)",
        "Between 0 and 90 percent can be kept for people.",
    )

    @api.constrains("number_source", "number_sequence_id")
    def _check_number_sequence(self):
        for connection in self:
            if connection.number_source == "odoo" and not connection.number_sequence_id:
                raise ValidationError(
                    connection.env._(
                        "Choose the sequence by which Odoo numbers the invoices."
                    )
                )

    def _get_next_number(self):
        """Return the next number for an invoice, where Odoo gives them."""
        self.ensure_one()
        return self.number_sequence_id.sudo().next_by_id()

    def _is_before_day_zero(self, moment):
        """Whether a datetime lies before the day from which on things are sent."""
        return bool(self.date_start and moment and moment.date() < self.date_start)

    def _check_can_send(self):
        """:raise UserError: if nothing can be sent to Xero now, and what to do"""
        if not self:
            raise UserError(
                self.env._(
                    "No Xero organisation is connected to this company. An "
                    "administrator can connect one under Xero > Configuration."
                )
            )
        self._check_connected()
        if self.sync_mode != "live":
            raise UserError(
                self.env._(
                    "%(name)s is in read-only mode: nothing is sent to Xero yet. An "
                    "accountant can press Go Live on the connection.",
                    name=self.name,
                )
            )

    def action_go_live(self):
        """Allow writing to Xero from now on."""
        self.sync_mode = "live"
        self.env.ref("xero_crm.ir_cron_xero_push").sudo()._trigger()
        return True

    def action_set_read_only(self):
        """Stop writing to Xero; what changes meanwhile waits."""
        self.sync_mode = "read_only"
        return True
