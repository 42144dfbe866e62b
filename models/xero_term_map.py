from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import ormcache

from ..mapping.payment_terms import (
    AFTER_DATE,
    AFTER_MONTH,
    LAST_DAY,
    OF_MONTH,
    OF_NEXT_MONTH,
    TermRule,
    rule_of,
)


class XeroTermMap(models.Model):
    """What a payment term is in Xero: when an invoice is due, and the default terms of
    a contact.

    A row without a kind has no counterpart in Xero: Odoo counts the days itself then.
    """

    _name = "xero.term.map"
    _inherit = "xero.proposed.map.mixin"
    _description = "Xero Payment Terms"
    _order = "connection_id, sequence, id"
    _rec_name = "payment_term_id"

    sequence = fields.Integer(
        default=10,
        help="Of several terms that are the same in Xero, the first is meant when a "
        "contact's terms come from there.",
    )
    payment_term_id = fields.Many2one(
        "account.payment.term",
        required=True,
        ondelete="cascade",
        domain="[('company_id', 'in', (False, company_id))]",
    )
    rule_type = fields.Selection(
        [
            (AFTER_DATE, "days after the invoice date"),
            (AFTER_MONTH, "days after the end of the invoice month"),
            (OF_MONTH, "of the current month"),
            (OF_NEXT_MONTH, "of the following month"),
        ],
        "Counted As",
        help="Empty: Xero has nothing like it. Odoo counts the days, and contacts' "
        "default terms are left alone.",
    )
    rule_day = fields.Integer("Day or Days", help="31: the last day of the month.")
    rule_text = fields.Char(compute="_compute_rule_text", store=True)
    review_state = fields.Selection(
        [
            ("odoo", "Counted by Odoo"),
            ("proposed", "Proposed"),
            ("confirmed", "Confirmed"),
        ],
        compute="_compute_review",
    )
    why = fields.Char(compute="_compute_review")

    _term_uniq = models.Constraint(
        "UNIQUE(connection_id, payment_term_id)", "This payment term has a row already."
    )

    # === COMPUTE METHODS === #

    @api.depends("rule_type", "rule_day")
    def _compute_rule_text(self):
        for row in self:
            row.rule_text = row.rule_type and f"{row.rule_day} {row.rule_type}"

    @api.depends("rule_text", "is_proposed", "payment_term_id.line_ids.nb_days")
    def _compute_review(self):
        for row in self:
            if not row.rule_type:
                row.review_state = "odoo"
            else:
                row.review_state = "proposed" if row.is_proposed else "confirmed"
            row.why = row._get_why()

    def _get_why(self):
        """Return what is to be known of this row, in a sentence."""
        lines = self.payment_term_id.line_ids
        rule = self._derive(self.payment_term_id)
        if self.rule_type:
            if rule and rule.text != self.rule_text:
                return self.env._(
                    "By its own days it would be: %s.", self._describe(rule.text)
                )
            return False
        if len(lines) > 1:
            return self.env._("Several instalments: due is the last of them.")
        if not rule:
            return self.env._("Xero has no terms that count like this.")
        return False

    @api.constrains("rule_type", "rule_day")
    def _check_rule(self):
        for row in self.filtered("rule_type"):
            try:
                TermRule(row.rule_day, row.rule_type)
            except ValueError:
                raise ValidationError(
                    self.env._(
                        "Choose a day from 1 to %(last)s of the month, or a number of "
                        "days from 0 to 999.",
                        last=LAST_DAY,
                    )
                ) from None

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        rows = super().create(vals_list)
        self.env.registry.clear_cache()
        return rows

    def write(self, vals):
        """What a person chose is no longer a proposal."""
        if not {"rule_type", "rule_day"}.isdisjoint(vals):
            vals = {"is_proposed": False, **vals}
        result = super().write(vals)
        self.env.registry.clear_cache()
        return result

    def unlink(self):
        result = super().unlink()
        self.env.registry.clear_cache()
        return result

    # === LOOKING UP === #

    @api.model
    @ormcache("company_id")
    def _get_tables(self, company_id):
        """Return what terms are in Xero and back: read once, not once a contact.

        :param int company_id: whose contacts and orders they are
        :return: Xero's text by id of `account.payment.term`, and the id by text
        :rtype: tuple of two dicts
        """
        company = self.env["res.company"].browse(company_id)
        connection = self.env["xero.connection"]._get_for_company(company)
        rows = self.sudo().search(
            [("connection_id", "=", connection.id), ("rule_text", "!=", False)]
        )
        texts = {row.payment_term_id.id: row.rule_text for row in rows}
        terms = {}
        for row in rows.filtered("payment_term_id.active"):
            terms.setdefault(row.rule_text, row.payment_term_id.id)
        return texts, terms

    @api.model
    def _describe(self, text):
        """Return terms as a person says them: '20 of the following month'."""
        try:
            rule = TermRule.from_text(text)
        except ValueError:
            return text
        kinds = dict(self._fields["rule_type"]._description_selection(self.env))
        if rule.type in (OF_MONTH, OF_NEXT_MONTH) and rule.day == LAST_DAY:
            return self.env._("last day %(of_month)s", of_month=kinds[rule.type])
        return f"{rule.day} {kinds[rule.type]}"

    # === PROPOSALS === #

    @api.model
    def _derive(self, term):
        """Return what a payment term of one line is in Xero.

        :param term: `account.payment.term`, one record
        :return: `mapping.TermRule`; None where there is no doubt-free answer
        """
        lines = term.line_ids
        if len(lines) != 1:
            return None
        on_the = lines.days_next_month or "0"
        day = int(on_the) if on_the.isdecimal() else 0
        return rule_of(lines.delay_type, lines.nb_days, day)

    @api.model
    def _propose(self, connection):
        """Have a row for each payment term, and what it is in Xero where that is sure.

        :param connection: `xero.connection`, one record
        """
        rows = self.sudo().search([("connection_id", "=", connection.id)])
        company = connection.company_id
        unknown = (
            self.env["account.payment.term"]
            .sudo()
            .search(
                [
                    ("company_id", "in", (False, company.id)),
                    ("id", "not in", rows.payment_term_id.ids),
                ]
            )
        )
        return self.sudo().create(
            [
                {
                    "connection_id": connection.id,
                    "payment_term_id": term.id,
                    "sequence": term.sequence,
                    **self._prepare_proposal(term),
                }
                for term in unknown
            ]
        )

    @api.model
    def _prepare_proposal(self, term):
        rule = self._derive(term)
        return {
            "rule_type": rule and rule.type,
            "rule_day": rule.day if rule else 0,
            "is_proposed": bool(rule),
        }

    @api.model
    def _propose_for(self, terms):
        """Follow what became of payment terms, as far as nobody has decided yet.

        :param terms: `account.payment.term`
        """
        rows = self.sudo().search([("payment_term_id", "in", terms.ids)])
        for row in rows:
            if row.is_proposed or not row.rule_type:
                row.write(self._prepare_proposal(row.payment_term_id))
        connections = self.env["xero.connection"].sudo()
        for connection in connections.search([("state", "!=", "draft")]):
            self._propose(connection)

    # === ACTION METHODS === #

    @api.model
    def get_banner(self):
        """Return what the head of the page says.

        :rtype: dict
        """
        self.check_access("read")
        rows = self.search([])
        proposals = rows.filtered("is_proposed")
        alone = rows.filtered(lambda row: not row.rule_type)
        banner = {"level": "info", "title": "", "text": "", "actions": []}
        banner["title"] = self.env._(
            "%(mapped)s of %(total)s payment terms are known to Xero.",
            mapped=len(rows - alone),
            total=len(rows),
        )
        banner["text"] = self.env._(
            "They go to contacts as their default terms, and come from there. Invoices "
            "of the others are due when Odoo says."
        )
        banner["actions"] = proposals._get_accept_actions()
        return banner
