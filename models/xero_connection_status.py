from odoo import fields, models

# What a person may exclude from syncing.
EXCLUDABLE_MODELS = ("res.partner", "product.product", "sale.order")


class XeroConnection(models.Model):
    """How many records are in sync, waiting, failing or excluded, and which."""

    _inherit = "xero.connection"

    synced_count = fields.Integer(compute="_compute_counts")
    pending_count = fields.Integer(compute="_compute_counts")
    failing_count = fields.Integer(compute="_compute_counts")
    excluded_count = fields.Integer(compute="_compute_counts")
    error_count = fields.Integer(compute="_compute_counts")
    conflict_count = fields.Integer(compute="_compute_conflict_count")
    match_count = fields.Integer("To Match", compute="_compute_match_count")

    def _compute_match_count(self):
        rows = (
            self.env["xero.match"]
            .sudo()
            ._read_group(
                [("connection_id", "in", self.ids), ("state", "=", "waiting")],
                ["connection_id"],
                ["__count"],
            )
        )
        counts = dict(rows)
        for connection in self:
            connection.match_count = counts.get(connection, 0)

    def _compute_counts(self):
        links = (
            self.env["xero.link"]
            .sudo()
            ._read_group(
                [("connection_id", "in", self.ids)],
                ["connection_id", "state"],
                ["__count"],
            )
        )
        counts = {(connection.id, state): count for connection, state, count in links}
        errors = dict(
            self.env["xero.log"]
            .sudo()
            ._read_group(
                [
                    ("connection_id", "in", self.ids),
                    ("state", "in", ("error", "conflict")),
                    ("operation", "!=", "hold"),  # counted as what waits
                ],
                ["connection_id"],
                ["__count"],
            )
        )
        for connection in self:

            def count(*states, connection=connection):
                return sum(counts.get((connection.id, state), 0) for state in states)

            connection.synced_count = count("synced")
            connection.pending_count = count("pending", "sending")
            connection.failing_count = count("error", "conflict")
            connection.error_count = errors.get(connection, 0)
            connection.excluded_count = sum(
                self.env[model].sudo().search_count(domain)
                for model, domain in connection._get_excluded_domains().items()
            )

    def _compute_conflict_count(self):
        rows = (
            self.env["xero.conflict"]
            .sudo()
            ._read_group(
                [("connection_id", "in", self.ids), ("state", "=", "open")],
                ["connection_id"],
                ["__count"],
            )
        )
        counts = dict(rows)
        for connection in self:
            connection.conflict_count = counts.get(connection, 0)

    def _get_excluded_domains(self):
        """Return the domain of the excluded records by model."""
        self.ensure_one()
        return {
            model: [
                ("xero_do_not_sync", "=", True),
                ("company_id", "in", (False, self.company_id.id)),
            ]
            for model in EXCLUDABLE_MODELS
        }

    # === ACTION METHODS === #

    def action_open_links(self):
        """List the links behind the counter that was clicked."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "xero_crm.xero_link_action"
        )
        states = self.env.context.get("xero_link_states")
        action["domain"] = [("connection_id", "=", self.id)]
        if states:
            action["domain"] += [("state", "in", states)]
        return action

    def action_open_excluded(self):
        """List the excluded customers; where there are none, products or orders."""
        self.ensure_one()
        for model, domain in self._get_excluded_domains().items():
            if self.env[model].search_count(domain, limit=1):
                break
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Excluded From Xero"),
            "res_model": model,
            "domain": domain,
            "view_mode": "list,form",
        }

    def action_open_matches(self):
        """List the contacts that wait for matching."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "xero_crm.xero_match_action"
        )
        action["domain"] = [("connection_id", "=", self.id)]
        return action

    def action_open_conflicts(self):
        """List what is disputed."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "xero_crm.xero_conflict_action"
        )
        action["domain"] = [("connection_id", "=", self.id)]
        return action

    def action_open_errors(self):
        """List the problems that wait for somebody."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "xero_crm.xero_log_action"
        )
        action["domain"] = [("connection_id", "=", self.id)]
        action["context"] = {"search_default_open": 1}
        return action
