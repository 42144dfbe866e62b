import logging
import random
import time

from odoo import models
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

_logger = logging.getLogger(__name__)

ATTEMPTS = 8
FIRST_PAUSE = 0.1  # seconds at most; doubles with each attempt


class XeroJobMixin(models.AbstractModel):
    """Scheduled work on records one by one, each committed."""

    _name = "xero.job.mixin"
    _description = "Scheduled Xero Work"

    def _commit(self):
        """Make what is done stand: a page applied, a batch about to be sent, an answer.

        Only for code that runs in a cursor of its own, or in a scheduled action.
        """
        self.env["ir.cron"]._commit_progress()

    def _commit_or_repeat(self, work):
        """Do something and commit it; do it again when a concurrent transaction won.

        Odoo repeats a whole request by itself. What follows a call to Xero must not be
        repeated with the call, and must not be lost either: the answer is kept in
        memory, and only the database's part is done again.

        :param work: called without arguments; reads anew what it needs
        :return: what `work` returns
        """
        for attempt in range(ATTEMPTS):
            try:
                result = work()
                self._commit()
                return result
            except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY as error:
                self.env.cr.rollback()
                if attempt == ATTEMPTS - 1:
                    raise
                _logger.info("Repeated after a concurrent transaction: %s", error)
                time.sleep(random.uniform(0, FIRST_PAUSE * 2**attempt))

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
