from odoo import models

from .xero_invoice_alerts import QUIET


class XeroPull(models.AbstractModel):
    """Of what is here for the first time, nobody is told: it is history."""

    _inherit = "xero.pull"

    def _work_next_page(self, connection, resource, run):
        first = connection._get_cursor(resource)._is_first_walk()
        pull = self.with_context(**{QUIET: True}) if first else self
        return super(XeroPull, pull)._work_next_page(connection, resource, run)

    def _work_history_page(self, history):
        quiet = self.with_context(**{QUIET: True})
        return super(XeroPull, quiet)._work_history_page(history)

    def _pull_invoices_of(self, connection, contact_ids):
        quiet = self.with_context(**{QUIET: True})
        return super(XeroPull, quiet)._pull_invoices_of(connection, contact_ids)
