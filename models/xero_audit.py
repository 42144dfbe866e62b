from odoo import api, fields, models

from .xero_audit_catalogue import CATALOGUE


class XeroAudit(models.Model):
    """How clean the data of an organisation and of Odoo is, and what it was before.

    Counted when a person asks for it; the lists behind the figures are always of today.
    """

    _name = "xero.audit"
    _description = "Xero Data Audit"
    _rec_name = "connection_id"

    connection_id = fields.Many2one(
        "xero.connection",
        "Organisation",
        required=True,
        ondelete="cascade",
        index=True,
        readonly=True,
    )
    company_id = fields.Many2one(related="connection_id.company_id", store=True)
    run_at = fields.Datetime("Last Run", readonly=True)
    previous_run_at = fields.Datetime("Run Before", readonly=True)
    check_ids = fields.One2many("xero.audit.check", "audit_id", readonly=True)
    customer_check_ids = fields.One2many(
        "xero.audit.check",
        "audit_id",
        "Customers in Odoo",
        domain=[("area", "=", "customers")],
        readonly=True,
    )
    product_check_ids = fields.One2many(
        "xero.audit.check",
        "audit_id",
        "Products in Odoo",
        domain=[("area", "=", "products")],
        readonly=True,
    )
    xero_check_ids = fields.One2many(
        "xero.audit.check",
        "audit_id",
        "Contacts in Xero",
        domain=[("area", "=", "xero")],
        readonly=True,
    )
    sync_check_ids = fields.One2many(
        "xero.audit.check",
        "audit_id",
        "Mapping and Sync",
        domain=[("area", "=", "sync")],
        readonly=True,
    )
    contact_ids = fields.One2many("xero.audit.contact", "audit_id", readonly=True)
    open_count = fields.Integer("To Look At", compute="_compute_counts")
    previous_open_count = fields.Integer("Before", compute="_compute_counts")
    blocking_count = fields.Integer("Blocking", compute="_compute_counts")
    clean_count = fields.Integer("Clean", compute="_compute_counts")

    _connection_uniq = models.UniqueIndex(
        "(connection_id)", "Each organisation has one data audit."
    )

    @api.depends("check_ids.count", "check_ids.previous_count", "check_ids.level")
    def _compute_counts(self):
        for audit in self:
            checks = audit.check_ids
            levels = checks.mapped("level")
            audit.open_count = sum(checks.mapped("count"))
            audit.previous_open_count = sum(checks.mapped("previous_count"))
            audit.blocking_count = levels.count("danger")
            audit.clean_count = levels.count("ok")

    # === ACTION METHODS === #

    @api.model
    def action_open(self):
        """Open the audit of the companies at hand: its page, or a list of several.

        :raise UserError: if no organisation was ever connected
        """
        self.check_access("read")
        connections = self.env["xero.connection"].search(
            [("company_id", "in", self.env.companies.ids), ("tenant_id", "!=", False)]
        )
        connections._check_exists()
        audits = self.sudo()._ensure(connections).sudo(False)
        if len(audits) == 1:
            return audits._get_action()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Data Audit"),
            "res_model": self._name,
            "view_mode": "list,form",
        }

    def _get_action(self):
        """Return the action that opens an audit's page. One record."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Data Audit"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
        }

    def action_run(self):
        """Count anew. Fetches the contacts from Xero, a thousand a call; where they are
        many, in the background.

        :return: True, or an action that shows how far it is
        :raise UserError: if Xero does not answer
        """
        self.ensure_one()
        self.check_access("read")
        connection, runs = self.sudo().connection_id, self.env["xero.sync.run"]
        connection._check_connected()
        mine = [("audit_id", "=", self.id), ("state", "=", "running")]
        if run := runs.search(mine, limit=1):
            return run._get_action()
        done, action = runs._start_other(
            connection, "audit", [("audit", "Contacts")], {"audit_id": self.id}
        )
        return done or action

    def action_view_checks(self):
        """Open the figures as a list, which Odoo exports."""
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "xero_crm.xero_audit_check_action"
        )
        action["domain"] = [("audit_id", "=", self.id)]
        return action

    # === BUSINESS METHODS === #

    @api.model
    def _ensure(self, connections):
        """Return an audit with all its checks for each connection."""
        audits = self.search([("connection_id", "in", connections.ids)])
        audits |= self.create(
            [
                {"connection_id": connection.id}
                for connection in connections - audits.connection_id
            ]
        )
        for audit in audits:
            audit._ensure_checks()
        return audits

    def _ensure_checks(self):
        """What a newer version of the addon audits is added, what it dropped goes."""
        known = {check.key: check for check in self.check_ids}
        self.check_ids.create(
            [
                {
                    "audit_id": self.id,
                    "key": key,
                    "area": entry.area,
                    "sequence": number,
                }
                for number, (key, entry) in enumerate(CATALOGUE.items())
                if key not in known
            ]
        )
        self.check_ids.filtered(lambda check: check.key not in CATALOGUE).unlink()

    def _count(self, datas):
        """Count what is found now, and remember what it was before. One record.

        :param list datas: what `xero.audit.contact` read from Xero
        """
        self._ensure_checks()
        self.env["xero.audit.contact"]._keep(self, datas)
        for check in self.check_ids:
            count, groups = check._count()
            check.write(
                {
                    "previous_count": check.count if check.has_run else count,
                    "count": count,
                    "groups": groups,
                    "has_run": True,
                }
            )
        self.write({"previous_run_at": self.run_at, "run_at": fields.Datetime.now()})
