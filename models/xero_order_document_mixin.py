import logging

from odoo import models

from ..mapping.errors import MappingError
from .xero_change import Problem, XeroProblem

_logger = logging.getLogger(__name__)


class XeroOrderDocumentMixin(models.AbstractModel):
    """A money document of Xero that an order of Odoo may have asked for.

    A model that inherits has the fields of `xero.document.mixin`, and `order_id`.
    """

    _name = "xero.order.document.mixin"
    _description = "Xero Document of an Order"

    def action_open_order(self):
        """Open the order that this document was made of."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "sale.order",
            "res_id": self.order_id.id,
            "view_mode": "form",
        }

    def action_refresh(self):
        """Fetch these documents from Xero, at once."""
        self.check_access("read")
        pull = self.env["xero.pull"].sudo()
        for connection, documents in self.sudo().grouped("connection_id").items():
            connection._check_connected()
            ids = [xero_id for xero_id in documents.mapped("xero_id") if xero_id]
            pull._pull_records_or_explain(connection, self._xero_resource, ids)
        return True

    # === THE ORDER === #

    def _check_order_goes_to_xero(self, order):
        """:raise XeroProblem: if there is no order any more, or it is excluded"""
        if not order:
            raise XeroProblem(
                Problem(
                    self.env._("The order was deleted."),
                    self.env._("Nothing is to be done."),
                    skip=True,
                )
            )
        if order.xero_do_not_sync:
            raise XeroProblem(
                Problem(
                    self.env._("%(name)s is excluded.", name=order.name),
                    self.env._("Untick Do Not Invoice in Xero to include it."),
                    skip=True,
                )
            )

    # === WHAT HAS TO GO FIRST === #

    def _requeue_dependencies(self, connection):
        """Put the customers and items of these documents into the outbox, as far as
        they are not in Xero: a document refers to both.

        :param connection: `xero.connection`, one record
        :return: `xero.link` of those that have to go first; none of a document that
            cannot follow them, for a reason that its own push will tell
        """
        partners, items = self.env["res.partner"], self.env["product.product"]
        for document in self._filter_asked():
            order = document._get_billing_order()
            if order and document._can_follow(order, connection):
                partners |= order.partner_invoice_id._xero_owner()
                items |= order._get_xero_billed_items(document._get_billed())
        links = self.env["xero.link"]
        links = links._ensure(connection, partners) | links._ensure(connection, items)
        links = links.filtered(lambda link: not link.xero_id)
        links._mark_pending()
        return links

    def _can_follow(self, order, connection):
        try:
            self._draft(order, connection)
        except XeroProblem:
            return False
        except MappingError as error:
            # A record that cannot be read: its own push tells which, and why.
            _logger.info("%s waits for an unreadable record: %s", order.name, error)
        return True

    def _filter_asked(self):
        """Return those that are still to be sent for an order."""
        raise NotImplementedError()

    def _get_billing_order(self):
        """Return the order that this document is made of. One record."""
        raise NotImplementedError()

    def _get_billed(self):
        """Return the lines of the order that this document holds, see
        `sale.order._get_xero_billable`. One record."""
        raise NotImplementedError()

    def _draft(self, order, connection):
        """Return what would be sent, the ids of customer and items apart. One record.

        :raise XeroProblem: if it cannot be sent as it is
        """
        raise NotImplementedError()
