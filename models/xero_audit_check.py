from odoo import api, fields, models
from odoo.tools import SQL

from .xero_audit_catalogue import CATALOGUE


class XeroAuditCheck(models.Model):
    """One tile of the data audit: a count, a light, and where it is put right."""

    _name = "xero.audit.check"
    _description = "Xero Data Audit Check"
    _order = "audit_id, sequence, id"

    audit_id = fields.Many2one(
        "xero.audit", required=True, ondelete="cascade", index=True, readonly=True
    )
    connection_id = fields.Many2one(related="audit_id.connection_id", store=True)
    company_id = fields.Many2one(related="audit_id.company_id", store=True)
    sequence = fields.Integer(readonly=True)
    key = fields.Char(required=True, readonly=True)
    area = fields.Selection(
        [
            ("customers", "Customers in Odoo"),
            ("products", "Products in Odoo"),
            ("xero", "Contacts in Xero"),
            ("sync", "Mapping and Sync"),
        ],
        required=True,
        readonly=True,
    )
    name = fields.Char(compute="_compute_texts")
    why = fields.Char("Why It Matters", compute="_compute_texts")
    fix_label = fields.Char(compute="_compute_texts")
    has_run = fields.Boolean(readonly=True)
    count = fields.Integer(readonly=True)
    groups = fields.Integer(
        readonly=True, help="How many sets of records that look like one."
    )
    previous_count = fields.Integer("Before", readonly=True)
    change = fields.Integer(compute="_compute_change")
    level = fields.Selection(
        [
            ("none", "Not Run Yet"),
            ("ok", "Clean"),
            ("warning", "Worth a Look"),
            ("danger", "Blocks"),
        ],
        "Light",
        compute="_compute_level",
        store=True,
    )

    _key_uniq = models.UniqueIndex("(audit_id, key)", "Each check is there once.")

    @api.depends("key")
    @api.depends_context("lang")
    def _compute_texts(self):
        for check in self:
            entry = CATALOGUE.get(check.key)
            check.name = entry and str(entry.name)
            check.why = entry and str(entry.why)
            check.fix_label = entry and str(entry.fix)

    @api.depends("count", "previous_count")
    def _compute_change(self):
        for check in self:
            check.change = check.count - check.previous_count

    @api.depends("count", "has_run", "key")
    def _compute_level(self):
        for check in self:
            entry = CATALOGUE.get(check.key)
            if not check.has_run or not entry:
                check.level = "none"
            elif not check.count:
                check.level = "ok"
            else:
                check.level = "danger" if entry.blocks else "warning"

    # === ACTION METHODS === #

    def action_fix(self):
        """Open the records that were counted, where they can be put right."""
        self.ensure_one()
        self.check_access("read")
        opener = getattr(self, f"_fix_{self.key}", None)
        if opener:
            return opener()
        model = CATALOGUE[self.key].model
        action = self.env["ir.actions.act_window"]._for_xml_id(
            f"xero_crm.xero_audit_{model.replace('.', '_')}_action"
        )
        action["name"] = action["display_name"] = self.name
        action["domain"] = [("xero_audit_check_id", "=", self.id)]
        if model == "xero.audit.contact" and CATALOGUE[self.key].groups:
            action["context"] = {"search_default_group_key": 1}
        return action

    def _fix_unmapped_taxes(self):
        self.env["xero.tax.map"].sudo()._propose(self.connection_id)
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "xero_crm.xero_tax_map_action"
        )
        action["domain"] = [("connection_id", "=", self.connection_id.id)]
        action["context"] = {"search_default_missing": 1}
        return action

    def _fix_waiting_matches(self):
        return self._open_list("xero_crm.xero_match_action")

    def _fix_conflicts(self):
        return self._open_list("xero_crm.xero_conflict_action")

    def _fix_failing(self):
        return self._open_list("xero_crm.xero_link_action")

    def _open_list(self, action_xml_id):
        action = self.env["ir.actions.act_window"]._for_xml_id(action_xml_id)
        model = self.env[action["res_model"]]
        action["domain"] = self._get_domain(model)
        action["context"] = {}
        return action

    # === BUSINESS METHODS === #

    def _count(self):
        """Return how many records are found now, and in how many groups."""
        self.ensure_one()
        entry = CATALOGUE[self.key]
        found = self._find()
        if not entry.groups:
            [[count]] = self.env.execute_query(
                SQL("SELECT count(*) FROM (%s) AS found", found)
            )
            return count, 0
        [[count, groups]] = self.env.execute_query(
            SQL("SELECT count(*), count(DISTINCT key) FROM (%s) AS found", found)
        )
        return count, groups

    def _find(self):
        """Return the query of what is found: `id`, and `key` of those alike.

        :rtype: SQL
        """
        self.env.flush_all()  # the queries read the tables themselves
        finder = self.env["xero.audit.finder"].sudo()
        finder = finder.with_company(self.company_id)
        return getattr(finder, f"_find_{self.key}")(self.audit_id.sudo())

    def _get_domain(self, model):
        """Return a domain of what is found now, for a model's list."""
        ids = SQL("(SELECT id FROM (%s) AS found)", self._find())
        return [("id", "in", model._search([("id", "in", ids)]).get_result_ids())]

    @api.model
    def _search_found(self, operator, value):
        """Search the records that checks find: for a field of the audited models."""
        if operator not in ("in", "any"):
            return NotImplemented
        checks = self.env["xero.audit.check"].browse(
            value if operator == "in" else self.search(value).ids
        )
        checks.check_access("read")
        queries = [SQL("(SELECT id FROM (%s) AS found)", c._find()) for c in checks]
        return fields.Domain.OR(fields.Domain("id", "in", query) for query in queries)
