from odoo import api, fields, models
from odoo.exceptions import AccessError

from ..mapping.contact import ContactData

STATES = [
    ("waiting", "Waiting"),
    ("linked", "Matched"),
    ("created", "Created"),
    ("merged", "Merged"),
    ("ignored", "Ignored"),
    ("gone", "Archived in Xero"),
]
DECISIONS = [("link", "Match"), ("merge", "Merge"), ("create", "Create")]
RULES = [
    ("contact_number", "Contact Number"),
    ("account_number", "Account Number"),
    ("tax_number", "Tax Number"),
    ("email", "Email"),
    ("name", "Name"),
    ("similar", "Similar"),
]
# What a person may write by hand: the customer that they choose.
OPEN_FIELDS = {"partner_id"}


class XeroMatch(models.Model):
    """A Xero contact of which a person has to say who it is, and what they said."""

    _name = "xero.match"
    _inherit = "xero.bulk.mixin"
    _description = "Xero Contact to Match"
    _order = "score desc, id"

    connection_id = fields.Many2one(
        "xero.connection",
        "Organisation",
        required=True,
        ondelete="cascade",
        index=True,
        readonly=True,
    )
    company_id = fields.Many2one(related="connection_id.company_id", store=True)
    resource = fields.Char(required=True, default="Contacts", readonly=True)
    xero_id = fields.Char("Xero ID", required=True, readonly=True)
    name = fields.Char("Xero Contact", required=True, readonly=True)
    contact_values = fields.Json(
        "Values in Xero", readonly=True, help="What Xero said when it was last read."
    )
    state = fields.Selection(STATES, required=True, default="waiting", readonly=True)
    decision = fields.Selection(
        DECISIONS,
        readonly=True,
        help="What a person decided; it is carried out in the background.",
    )
    rule = fields.Selection(
        RULES,
        "Held By",
        readonly=True,
        help="By what several customers fit; Similar where no rule names one.",
    )
    score = fields.Integer(
        "Likeness", readonly=True, aggregator="avg", help="0 to 100, of the best fit."
    )
    partner_id = fields.Many2one(
        "res.partner",
        "Customer",
        index="btree_not_null",
        ondelete="set null",
        domain="[('parent_id', '=', False), '|', ('company_id', '=', False), "
        "('company_id', '=', company_id)]",
    )
    candidate_ids = fields.One2many(
        "xero.match.candidate", "match_id", "Candidates", readonly=True
    )
    candidate_count = fields.Integer(compute="_compute_candidates")
    hints = fields.Char("Why", compute="_compute_candidates")
    email = fields.Char("Email in Xero", compute="_compute_contact")
    phone = fields.Char("Phone in Xero", compute="_compute_contact")
    invoice_count = fields.Integer("Invoices", compute="_compute_invoice_count")
    xero_url = fields.Char(compute="_compute_xero_url")
    message = fields.Char("Problem", readonly=True)
    asks_again = fields.Boolean(
        readonly=True, help="Who was chosen was deleted: a person has to choose anew."
    )
    decided_by_id = fields.Many2one("res.users", readonly=True)
    decided_at = fields.Datetime("Decided", readonly=True)

    _xero_id_uniq = models.Constraint(
        "UNIQUE(connection_id, resource, xero_id)",
        "This Xero contact waits for matching already.",
    )
    _waiting_index = models.Index("(connection_id, id) WHERE state = 'waiting'")

    # === COMPUTE METHODS === #

    @api.depends("candidate_ids.hint_text", "candidate_ids.rejected", "partner_id")
    def _compute_candidates(self):
        for match in self:
            fitting = match.candidate_ids.filtered(lambda c: not c.rejected)
            chosen = fitting.filtered(lambda c, m=match: c.partner_id == m.partner_id)
            match.candidate_count = len(fitting)
            match.hints = chosen[:1].hint_text

    @api.depends("contact_values")
    def _compute_contact(self):
        for match in self:
            values = match.contact_values or {}
            match.email = values.get("email")
            match.phone = values.get("phone")

    def _compute_invoice_count(self):
        rows = self.env["xero.invoice"]._read_group(
            [
                ("connection_id", "in", self.connection_id.ids),
                ("xero_contact_id", "in", self.mapped("xero_id")),
            ],
            ["xero_contact_id"],
            ["__count"],
        )
        counts = dict(rows)
        for match in self:
            match.invoice_count = counts.get(match.xero_id, 0)

    @api.depends("xero_id", "connection_id.short_code")
    def _compute_xero_url(self):
        for match in self:
            match.xero_url = match.connection_id._get_web_url(
                f"/Contacts/View/{match.xero_id}"
            )

    # === CRUD METHODS === #

    def write(self, vals):
        if not self.env.su and set(vals) - OPEN_FIELDS:
            raise AccessError(
                self.env._("Decide with the buttons: only the customer can be chosen.")
            )
        return super().write(vals)

    # === WHO IT IS === #

    def _get_data(self):
        """Return the contact as it was last read, as `ContactData`. One record."""
        self.ensure_one()
        return ContactData.from_values({**self.contact_values, "xero_id": self.xero_id})

    def _choose_best(self):
        """Choose the likest customer that is not somebody else. One record."""
        fitting = self.candidate_ids.filtered(lambda c: not c.rejected)
        best = fitting.sorted(lambda c: (-c.score, c.id))[:1]
        if self.partner_id not in fitting.partner_id:
            self.partner_id = best.partner_id
        self.score = best.score

    def _check_may_merge(self):
        """:raise AccessError: if the user may not merge contacts in Odoo"""
        self.check_access("write")
        self.env["base.partner.merge.automatic.wizard"].check_access("create")

    # === ACTION METHODS === #

    def action_open_in_xero(self):
        """Open the contact in Xero."""
        self.ensure_one()
        return {"type": "ir.actions.act_url", "url": self.xero_url, "target": "new"}

    def action_open_invoices(self):
        """List the contact's invoices, which have no customer in Odoo yet."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "xero_crm.xero_invoice_action"
        )
        action["domain"] = [
            ("connection_id", "=", self.connection_id.id),
            ("xero_contact_id", "=", self.xero_id),
        ]
        action["context"] = {"create": False}
        return action
