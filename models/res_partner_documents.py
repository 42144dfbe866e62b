from odoo import models

DOCUMENTS = ("xero.invoice", "xero.credit.note", "xero.quote")


class ResPartner(models.Model):
    """Documents that came before their customer was linked find the customer."""

    _inherit = "res.partner"

    def _bind_changes(self, connection, changes):
        result = super()._bind_changes(connection, changes)
        self._adopt_documents(
            connection,
            {
                change.xero_id: change.record.id
                for change in changes
                if change.operation in ("create", "link") and change.record
            },
        )
        return result

    def _adopt_from_xero(self, connection, link, payload):
        result = super()._adopt_from_xero(connection, link, payload)
        self._adopt_documents(connection, {link.xero_id: self.id})
        return result

    def _adopt_documents(self, connection, partners):
        """See `xero.document.mixin`.

        :param dict partners: id of the partner by id of the Xero contact
        """
        for model in DOCUMENTS if partners else ():
            self.env[model]._adopt(connection, partners)
