from odoo import api, models
from odoo.tools import ormcache

from .xero_sync_mixin import NO_ENQUEUE

# Links that wait for nothing: a change puts them into the outbox.
SENT = ("synced", "error")


class XeroSyncMixin(models.AbstractModel):
    """Notices which records were changed and puts them into the outbox."""

    _inherit = "xero.sync.mixin"

    @api.model_create_multi
    def create(self, vals_list):
        records = super().create(vals_list)
        records._xero_mark_created()
        return records

    def write(self, vals):
        result = super().write(vals)
        changed = self._get_xero_tracked_fields().intersection(vals)
        if changed:
            self._xero_mark_changed(changed)
        return result

    @api.model
    @ormcache()
    def _get_xero_tracked_fields(self):
        """The fields of this model whose change concerns Xero."""
        tracked = {name for names in self._xero_fields.values() for name in names}
        tracked |= self.env["xero.field.map"]._get_tracked(self)
        return frozenset(tracked | {"xero_do_not_sync"} if tracked else ())

    def _xero_mark_created(self):
        """Put new records into the outbox, where a connection wants them at once."""

    def _xero_mark_changed(self, names=()):
        """Put changed records into the outbox, in the user's own transaction.

        :param names: fields of this model that were changed, where that is known
        """
        if self.env.context.get(NO_ENQUEUE):
            return
        links = self.env["xero.link"].sudo()._of(self._xero_owner())
        self._xero_note_changed(links, set(names))
        links = links.filtered(lambda link: link.state in SENT or link.conflict_ids)
        if links:
            links._mark_pending()
            links._wake_cron()
        if self._xero_fix:
            self.env["xero.log"]._retry_fixed(self._xero_fix, self._xero_owner().ids)

    def _xero_note_changed(self, links, names):
        """Note on their links when fields of these records were changed.

        :param links: `xero.link` of these records' owners
        :param set names: fields of this model
        """
        links.filtered(lambda link: link.res_id in self._ids)._note_changed(
            name for name, ours in self._xero_fields.items() if names.intersection(ours)
        )
