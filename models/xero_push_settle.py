import logging

from psycopg2 import OperationalError

from odoo import models

from ..xero_api import (
    XeroAuthError,
    XeroPermissionError,
    XeroRateLimitError,
    XeroTransientError,
)

_logger = logging.getLogger(__name__)

# Unreadable, but Xero's own answer to the call: its work is over, done or not. Others
# (502, 503, 504) come from whoever stands before it.
ANSWERED = (200, 201, 500)

# Nothing was done, and it is not the fault of a record: try again later.
DEFERRED = (
    XeroAuthError,
    XeroPermissionError,
    XeroRateLimitError,
    XeroTransientError,
)


class XeroPush(models.AbstractModel):
    """What becomes of links after a call, or after one that was lost."""

    _inherit = "xero.push"

    def _settle_unsent(self, changes):
        """Settle what needs no call: unchanged, excluded, refused beforehand."""
        logs = self.env["xero.log"]
        synced = self.env["xero.link"]
        for change in changes:
            # The link of what is left out stays, so that a pull does not bring the
            # record back.
            left_out = change.operation == "skip" and change.link.xero_id
            if change.operation == "unchanged" or left_out:
                change.link._mark_synced()
                synced |= change.link
                if change.record:
                    change.record._after_xero_agreed(change)
            elif change.operation == "skip":
                change.link.unlink()
            elif change.operation == "wait":
                change.link._mark_waiting(change.problem.message)
            elif change.operation == "refuse":
                change.link._mark_error(change.problem.message)
                logs._add_problem(change.link, change.problem, operation="refuse")
        logs._resolve_for(synced)
        self.env["xero.match"]._add_held(changes)

    def _settle_call(self, connection, answers):
        """Settle what Xero answered to a call, though links or records were deleted
        during it.

        :param list answers: pairs of `Change` and `Element`
        """
        changes = [change for change, _element in answers]
        self._restore_links(connection, changes)
        there = changes[0].record.union(*(change.record for change in changes)).exists()
        gone = [pair for pair in answers if pair[0].record not in there]
        for change, element in gone:
            self._settle_gone(change, element)
        if rest := [pair for pair in answers if pair[0].record in there]:
            self._settle_answers(connection, rest)

    def _restore_links(self, connection, changes):
        """What was sent is in Xero, whoever deleted its link meanwhile: without one, a
        fetch would take it for a stranger."""
        links = self.env["xero.link"]
        there = links.union(*(change.link for change in changes)).exists()
        for change in changes:
            if change.link not in there:
                change.link = links._ensure(connection, change.record)

    def _settle_gone(self, change, element):
        """The record was deleted here during the call, or merged into another one.

        The link remembers what Xero has made, so that no fetch brings it back.
        """
        link, logs = change.link, self.env["xero.log"]
        if not element.ok or not element.xero_id:
            link._mark_error(self.env._("The record was deleted in Odoo."))
            return
        link._mark_synced(element.xero_id)
        row = logs._prepare_success_vals(
            link, "push", change.operation, {}, element, change.reasons
        )
        row["message"] = self.env._(
            "%(name)s was deleted in Odoo while it was sent. In Xero it is there: "
            "archive it there where it is not wanted.",
            name=change.name,
        )
        logs._insert([row])
        if link.res_id != change.record.id:
            # It is another customer's now, whose values Xero does not have yet.
            link._mark_pending()

    def _settle_answers(self, connection, answers):
        """Settle what Xero answered; what Odoo cannot take over fails alone.

        :param list answers: pairs of `Change` and `Element`
        """
        try:
            with self.env.cr.savepoint():
                logs = self.env["xero.log"]
                links = [change.link for change, _element in answers]
                logs._resolve_for(links[0].union(*links[1:]))
                rows = []
                self._take_over(connection, answers)
                for change, element in answers:
                    rows += self._settle_element(connection, change, element)
                logs._insert(rows)
        except OperationalError:
            raise  # a concurrent transaction: all of it again
        except Exception as error:
            if len(answers) > 1:
                middle = len(answers) // 2
                self._settle_answers(connection, answers[:middle])
                self._settle_answers(connection, answers[middle:])
                return
            _logger.warning("An answer of Xero could not be taken over", exc_info=True)
            [(change, element)] = answers
            problem = self._get_unreadable_problem(change.record, error)
            # It exists: a link without its id would make it a second time.
            change.link.xero_id = element.xero_id
            change.link._mark_error(problem.message)
            self.env["xero.log"]._add_problem(change.link, problem, operation="answer")

    def _take_over(self, connection, answers):
        taken = [pair for pair in answers if pair[1].ok and pair[1].xero_id]
        if taken:
            record = taken[0][0].record
            record.browse()._take_over_answers(connection, taken)

    def _settle_element(self, connection, change, element):
        """Settle one element of a batch; a bad one fails alone.

        :return: values of rows for the log
        :rtype: list of dict
        """
        link, logs, operation = change.link, self.env["xero.log"], change.operation
        if not element.ok or not element.xero_id:
            problem = logs._explain_refusal(link, element.errors)
            change.record._after_xero_refused(element.errors)
            link._mark_error(problem.message)
            return [logs._prepare_failure_vals(link, problem, operation)]
        warning = change.record._after_xero_push(connection, change, element)
        rows = [
            logs._prepare_success_vals(
                link, "push", operation, change.fields, element, change.reasons
            )
        ]
        if change.notes:
            rows[0]["message"] = " ".join(change.notes)
        if warning:
            link._mark_error(warning.message)
            rows.append(logs._prepare_failure_vals(link, warning, "compare"))
        return rows

    def _settle_refused(self, change, error):
        """Settle a record that Xero refused in a call of its own.

        :param error: `XeroError` of the call
        """
        logs, link = self.env["xero.log"], change.link
        messages = getattr(error, "messages", None) or [error.message]
        problem = logs._explain_refusal(link, messages)
        change.record._after_xero_refused(messages)
        link._mark_error(problem.message)
        logs._add_problem(link, problem, change.operation)
        self._commit()

    def _settle_failure(self, links, error, repeated=False):
        """Settle a call that failed as a whole, by what to do next.

        :param bool repeated: an earlier call for these records is without an answer
        """
        logs = self.env["xero.log"]
        cause = logs._explain(error)
        retry_after = getattr(error, "retry_after", None)
        if isinstance(error, XeroTransientError) and error.outcome_unknown:
            # The next worker looks for it in Xero first.
            answered = error.status in ANSWERED
            links._mark_unanswered(cause.message, answered=answered)
        elif repeated:
            links._mark_unanswered(cause.message, retry_after=retry_after)
        elif isinstance(error, DEFERRED):
            links._mark_deferred(retry_after, cause.message)
        else:
            links._mark_error(cause.message)
        logs._add_failure(links, cause)
        self._commit()
