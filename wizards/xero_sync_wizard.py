from odoo import api, fields, models
from odoo.exceptions import UserError

# What each choice means, in Xero's path names.
RESOURCES = {
    "contacts": ("Contacts",),
    "items": ("Items",),
    "invoices": ("Invoices", "CreditNotes", "Overpayments", "Prepayments", "Quotes"),
}


class XeroSyncWizard(models.TransientModel):
    """Joins an organisation with Odoo: look first, then try five, then all."""

    _name = "xero.sync.wizard"
    _description = "Xero Sync Wizard"

    connection_id = fields.Many2one(
        "xero.connection",
        "Organisation",
        required=True,
        domain=[("state", "=", "connected")],
        default=lambda self: self.env["xero.connection"].search(
            [("state", "=", "connected")], limit=1
        ),
    )
    mode = fields.Selection(
        [
            ("preview", "Preview: change nothing, show what would happen"),
            ("test", "Test batch: a few records only"),
            ("full", "Full: everything, in the background"),
        ],
        required=True,
        default="preview",
    )
    direction = fields.Selection(
        [
            ("pull", "From Xero to Odoo"),
            ("push", "From Odoo to Xero"),
            ("both", "Both ways"),
        ],
        required=True,
        default="pull",
    )
    sync_contacts = fields.Boolean("Contacts", default=True)
    sync_items = fields.Boolean("Items", default=True)
    sync_invoices = fields.Boolean("Invoices", default=True)
    test_size = fields.Integer("Records of Each List", default=5)
    sync_mode = fields.Selection(
        related="connection_id.sync_mode", string="Connection Mode"
    )
    line_ids = fields.One2many("xero.sync.wizard.line", "wizard_id", "Results")
    running_id = fields.Many2one("xero.sync.run", compute="_compute_running_id")

    @api.depends("connection_id")
    def _compute_running_id(self):
        runs = self.env["xero.sync.run"]
        for wizard in self:
            wizard.running_id = runs._get_running(wizard.connection_id)

    # === ACTION METHODS === #

    def action_run(self):
        """Run in the chosen mode.

        :return: an action that shows the result, or the progress of a full sync
        :raise UserError: if nothing is chosen, or Xero does not answer
        """
        self.ensure_one()
        self._check_ready()
        with self.env["xero.log"]._explained():
            return getattr(self, f"_run_{self.mode}")()

    def action_run_test(self):
        """After a preview: carry out a few records, beside the preview's lines."""
        return self.copy({"mode": "test"}).action_run()

    def action_continue(self):
        """After a preview: run everything that was previewed."""
        self.mode = "full"
        return self.action_run()

    def action_back(self):
        """Choose again, starting from the same choice."""
        wizard = self.copy({"mode": "preview"})
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "xero_crm.xero_sync_wizard_action"
        )
        return {**action, "res_id": wizard.id}

    def action_open_running(self):
        """Open the sync that is under way."""
        self.ensure_one()
        self.check_access("read")
        return self.running_id._get_action()

    def _check_ready(self):
        """:raise UserError: unless what was chosen can be run"""
        self.check_access("write")
        self.connection_id.check_access("write")
        self.connection_id._check_connected()
        if not self._get_resources():
            raise UserError(self.env._("Choose at least one of the lists to sync."))
        if self.direction != "pull" and self.mode != "preview":
            self.connection_id._check_can_send()

    # === RESULT === #

    def _get_resources(self):
        return [
            resource
            for name, resources in RESOURCES.items()
            if self[f"sync_{name}"]
            for resource in resources
        ]

    def get_summary(self):
        """Return what stands above the list of lines.

        :return: organisation, mode and direction in words; counts by operation
        :rtype: dict
        """
        self.ensure_one()
        self.check_access("read")
        counts = dict(
            self.env["xero.sync.wizard.line"]._read_group(
                [("wizard_id", "=", self.id)], ["operation"], ["__count"]
            )
        )
        directions = dict(self._fields["direction"]._description_selection(self.env))
        lines = self.env["xero.sync.wizard.line"]
        labels = lines._fields["operation"]._description_selection(self.env)
        return {
            "mode": self.mode,
            "organisation": self.connection_id.name,
            "direction": directions[self.direction],
            "can_send": self.direction == "pull" or self.sync_mode == "live",
            "tiles": [
                {"operation": name, "label": label, "count": counts.get(name, 0)}
                for name, label in labels
            ],
        }

    def _show_lines(self, moves):
        """Return the list of lines, with search and tiles.

        :param bool moves: whether to leave out at first what stays as it is
        """
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "xero_crm.xero_sync_wizard_line_action"
        )
        return {
            **action,
            "name": self.env._("Test Batch")
            if self.mode == "test"
            else self.env._("Preview"),
            "domain": [("wizard_id", "=", self.id)],
            "context": {
                "xero_wizard_id": self.id,
                "search_default_moves": int(moves),
            },
        }
