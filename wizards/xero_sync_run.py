from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..models.xero_preview_foreseen import Foreseen
from ..xero_api import XeroError

# So long a preview's progress is kept; its lines go when Odoo deletes the wizard.
KEPT = timedelta(days=1)


class XeroSyncRun(models.Model):
    """A preview at work: in the request at hand where the lists are short, else in the
    background, with the progress of any other run."""

    _inherit = "xero.sync.run"

    wizard_res_id = fields.Integer(
        readonly=True, help="The wizard, which Odoo deletes when it is old."
    )
    foreseen = fields.Json(
        readonly=True,
        prefetch=False,
        help="What a preview knows of its own while it pauses.",
    )

    def _work(self):
        if self.kind != "preview":
            return super()._work()
        run = self._as_starter()
        foreseen = run._recall_foreseen()
        run = run.with_context(xero_foreseen=foreseen)
        try:
            super(XeroSyncRun, run)._work()
        except XeroError:
            # What was looked at stands: it goes on at the page without an answer.
            self.foreseen = foreseen.to_json()
            raise
        if self.state == "running":
            self.foreseen = foreseen.to_json()
        return None

    def _as_starter(self):
        """Return this run as the person who started it sees it: their language, and
        their lines. One record."""
        person = self.create_uid
        return self.with_user(person).with_context(lang=person.lang).sudo()

    def _recall_foreseen(self):
        """Return what a worker before knew. One that was killed, or cancelled, left
        nothing: as nothing was changed, it is all looked at anew."""
        if self.foreseen:
            foreseen = Foreseen.from_json(self.foreseen)
            self.foreseen = False
            return foreseen
        if any(self.line_ids.mapped("page")):
            self._get_wizard().line_ids.unlink()
            self.line_ids.write({"state": "waiting", "page": 0, "done": 0})
        return Foreseen()

    def _get_wizard(self):
        """Return the wizard of a preview. One record.

        :raise UserError: if it is too old, and gone
        """
        wizard = self.env["xero.sync.wizard"].browse(self.wizard_res_id).exists()
        if not wizard:
            raise UserError(
                self.env._("This preview is too old to be shown. Preview again.")
            )
        return wizard

    @api.autovacuum
    def _gc_previews(self):
        """Delete the runs of previews that are gone."""
        old = fields.Datetime.now() - KEPT
        self.search([("kind", "=", "preview"), ("create_date", "<", old)]).unlink()

    def _work_preview_pull(self, step):
        """Look at a list of Xero's. Returns whether all of it was looked at."""
        return self._look_at(step)

    def _work_preview_push(self, step):
        """Look at what would be sent. Returns whether all of it was looked at."""
        return self._look_at(step)

    def _look_at(self, step):
        wizard = self._get_wizard()
        iterate = getattr(self.env["xero.preview"], f"_iter_{step.kind}")
        pages = iterate(
            self.connection_id,
            step.resource,
            wizard.direction,
            self.env.context["xero_foreseen"],
            done=step.page,
        )
        for told in pages:
            self.env["xero.sync.wizard.line"]._add_rows(wizard, told.rows)
            step._count_looked_at(told.page, told.done, told.total)
            self._commit()
            if not told.is_last and self._is_out_of_time():
                return False
        return True

    def _get_result_action(self):
        if self.kind != "preview":
            return super()._get_result_action()
        return self._get_wizard()._show_preview()
