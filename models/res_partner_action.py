from odoo import models


class ResPartner(models.Model):
    """Sending and fetching customers at the press of a button."""

    _inherit = "res.partner"

    def _queue_xero_push(self):
        """Put these customers into the outbox of their companies' connections.

        :return: `xero.link`
        :raise UserError: if no organisation is connected
        """
        links = self.env["xero.link"].sudo()
        for partner in self._xero_owner():
            company = partner.company_id or self.env.company
            connection = self.env["xero.connection"]._get_for_company(company)
            connection._check_can_send()
            links |= links._ensure(connection, partner)
        links._mark_pending()
        return links

    def _pull_from_xero(self):
        links = self.env["xero.link"].sudo()._of(self).filtered("xero_id")
        pull = self.env["xero.pull"].sudo()
        for connection, mine in links.grouped("connection_id").items():
            connection._check_connected()
            ids = mine.mapped("xero_id")
            pull._pull_records_or_explain(connection, "Contacts", ids)
            pull._pull_invoices_of(connection, ids)
            with self.env["xero.log"]._explained():
                pull._pull_credits_of(connection, ids)
        return True
