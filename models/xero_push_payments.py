import functools

from odoo import models

RESOURCE = "InvoicePayments"


class XeroPush(models.AbstractModel):
    """Before payments are sent: which invoice takes them."""

    _inherit = "xero.push"

    def _get_due_resources(self, connection, among):
        due = super()._get_due_resources(connection, among)
        # What is to be looked at again is in no outbox yet.
        requests = self.env["xero.payment.request"].sudo()
        waits = requests.search_count(
            [("connection_id", "=", connection.id), ("is_to_look", "=", True)], limit=1
        )
        return due | {RESOURCE} if waits else due

    def _push_resource(self, connection, resource, among, step=None):
        if resource != RESOURCE:
            return super()._push_resource(connection, resource, among, step)
        assign = functools.partial(
            self.env["xero.payment.request"].sudo()._assign, connection
        )
        self._commit_or_repeat(assign)
        done = super()._push_resource(connection, resource, among, step)
        # What an invoice did not take any more looks for another one.
        self._commit_or_repeat(assign)
        return done

    def _get_success_message(self, links):
        if links and set(links.mapped("resource")) == {RESOURCE}:
            return self.env._("The payment is recorded in Xero.")
        return super()._get_success_message(links)
