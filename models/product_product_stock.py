from odoo import models

from .xero_sync_mixin import NO_ENQUEUE

# Figures that move by themselves in Xero, with every invoice.
QUIET_FIELDS = frozenset({"xero_quantity_on_hand"})


class ProductProduct(models.Model):
    """Xero's stock figure: always taken over, and never told as an update.

    Nobody has edited the item: a preview or a log full of moved figures would hide the
    changes that an accountant looks for.
    """

    _inherit = "product.product"

    def _plan_merge(self, connection, change, *args, **kwargs):
        """See `xero.two.way.mixin`. A figure alone makes no update."""
        result = super()._plan_merge(connection, change, *args, **kwargs)
        moved = QUIET_FIELDS.issuperset(change.vals) and not change.send_back
        if change.operation == "update" and moved:
            change.operation = "unchanged"
        return result

    def _apply_xero_page(self, connection, changes):
        """See `xero.two.way.mixin`. The figures of unchanged items are written too."""
        result = super()._apply_xero_page(connection, changes)
        quiet = self.with_context(**{NO_ENQUEUE: True}, tracking_disable=True)
        quiet._write_each(
            {
                change.record.id: change.vals
                for change in changes
                if change.operation == "unchanged" and change.vals
            }
        )
        return result
