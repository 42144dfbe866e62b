import logging

from odoo import models

_logger = logging.getLogger(__name__)


class XeroJobMixin(models.AbstractModel):
    """Scheduled work on records one by one, each committed."""

    _name = "xero.job.mixin"
    _description = "Scheduled Xero Work"

    def _work_each(self, method):
        """Call a method on each record and commit; a failing one does not stop others.

        :param str method: name of a method of one record
        :raise Exception: the last failure, after all had their turn: the scheduled
            action counts as failed then
        """
        cron, failure = self.env["ir.cron"], None
        cron._commit_progress(remaining=len(self))
        for record in self:
            try:
                getattr(record, method)()
            except Exception as error:  # a programming error, or the database's no
                self.env.cr.rollback()
                _logger.exception("%s of %s failed", method, record)
                failure = error
            if not cron._commit_progress(1):
                break
        if failure:
            raise failure
