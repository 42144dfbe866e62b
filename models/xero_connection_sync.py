import logging

from odoo import api, models
from odoo.exceptions import UserError

from ..const import PULL_MODELS, REFERENCE_RESOURCES
from ..xero_api import XeroError
from .xero_deadline import SECONDS_IN_CRON, Deadline

_logger = logging.getLogger(__name__)


class XeroConnection(models.Model):
    """When the connection fetches and sends: scheduled actions and the button."""

    _inherit = "xero.connection"

    # === ACTION METHODS === #

    def action_sync(self):
        """Fetch everything that changed, and send what waits, as a background run.

        :return: an action that shows the run and its progress
        """
        self.ensure_one()
        self.check_access("write")
        self._check_connected()
        return self.env["xero.sync.run"]._start(self, list(PULL_MODELS), push=True)

    def action_open_wizard(self):
        self.ensure_one()
        self.check_access("write")
        self._check_connected()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "xero_crm.xero_sync_wizard_action"
        )
        action["context"] = {"default_connection_id": self.id}
        return action

    def _check_connected(self):
        """:raise UserError: if the organisation is not connected"""
        self.ensure_one()
        if self.state != "connected":
            raise UserError(
                self.env._(
                    "%(name)s is not connected to Xero. An administrator can connect "
                    "it under Xero > Configuration > Connections.",
                    name=self.name,
                )
            )

    # === SCHEDULED ACTIONS === #

    @api.model
    def _cron_pull(self):
        """Go on with a run that a person started, else fetch what is due.

        One thing a call: Odoo stops a scheduled action that takes two minutes, and in
        its threaded mode the whole server with it.
        """
        runs = self.env["xero.sync.run"]._get_unfinished()
        if runs:
            runs[:1]._work_each("_continue")
            runs._wake()
            return
        self.search([("state", "=", "connected")])._work_each("_pull_due")

    def _pull_due(self):
        """Fetch the resources that are due, unless the day's calls run short."""
        self.ensure_one()
        if self._is_short_of_calls():
            _logger.info("%s: the calls left today are kept for people", self.name)
            return
        due = [
            resource for resource in PULL_MODELS if self._get_cursor(resource)._is_due()
        ]
        try:
            self.env["xero.match"]._work_decided(self)
            limit = Deadline(SECONDS_IN_CRON)
            self.env["xero.pull"]._pull(self, due, run=limit)
            if set(due) & set(REFERENCE_RESOURCES):
                self._set_defaults()
            if limit._is_out_of_time():
                self.env["xero.sync.run"]._wake()
                return
            self._continue_history()
        except XeroError as error:
            # Logged with its remedy where it happened; the next run tries again.
            _logger.info("Fetching from %s stopped: %s", self.name, error)

    def _is_short_of_calls(self):
        self.ensure_one()
        return self.day_remaining * 100 < self.day_limit * self.reserve_percent

    @api.model
    def _cron_push(self):
        """Send what waits, for each connection."""
        waiting = self.env["xero.link"]._read_group(
            [
                ("state", "in", ("pending", "sending")),
                ("connection_id.state", "=", "connected"),
                ("connection_id.sync_mode", "=", "live"),
            ],
            [],
            ["connection_id:recordset"],
        )
        groups = self.env["xero.contact.group"]._get_differences()
        behind = self.browse(group.connection_id.id for group in groups)
        behind = behind.filtered(
            lambda c: c.state == "connected" and c.sync_mode == "live"
        )
        asked = self.env["xero.invoice.task"]._get_waiting_connections()
        paid = self.env["xero.payment.request"]._get_waiting_connections()
        (waiting[0][0] | behind | asked | paid)._work_each("_push_waiting")

    def _push_waiting(self):
        self.env["xero.push"]._push(self)
        self.env["xero.invoice.task"]._work(self)

    @api.model
    def _cron_health(self):
        """Find a revoked or expiring consent before users do."""
        self.search([("state", "=", "connected")])._work_each("_check_health")

    def _check_health(self):
        """Ask for the organisation: the gateway finds out whether the consent stands.

        Using the refresh token keeps it alive: Xero forgets one that was not used for
        60 days.
        """
        try:
            self._fetch_organisation()
        except XeroError as error:
            # What a person has to do is on the connection and in the log already.
            _logger.info("Health of %s: %s", self.name, error)
