import logging

from psycopg2 import OperationalError

from odoo import models

from ..const import ASKED_MODELS, MONEY_RESOURCES
from ..xero_api import XeroError, XeroValidationError

_logger = logging.getLogger(__name__)


class XeroPush(models.AbstractModel):
    """What becomes of calls that were never answered.

    Xero may have done the work, may still be at it, or may never have heard of it. So
    its documents are looked for. Where none is found, the very same call goes out again
    under its key, as long as Xero remembers that: the answer is that of the first call.
    A call that would not be the same any more, because somebody has edited a record,
    waits until the key is forgotten; by then the first call's work can be found.
    """

    _inherit = "xero.push"

    def _recover(self, connection, resource):
        """Settle, or send again, what a dead or timed-out worker had been sending."""
        lost = self.env["xero.link"]._get_lost(connection, resource)
        for links in lost.grouped("idempotency_key").values():
            missing = self._look_for_all(connection, links)
            if missing == links and links._is_key_alive():
                self._repeat(connection, links)
            elif resource in MONEY_RESOURCES and missing._is_key_alive():
                missing._mark_waiting_for_key()
            else:
                missing._mark_unsent()
            self._commit()

    def _look_for_all(self, connection, links):
        """Link what Xero has of them.

        :return: `xero.link` of those that Xero does not have
        """
        creates = links.filtered(lambda link: not link.xero_id)
        if creates:
            self._get_records(creates)._read_lost(connection)
            creates = creates.filtered(lambda link: not link.xero_id)
        unknown = self.env["xero.link"]
        for link in creates:
            try:
                record = link._get_record()
                problem = (
                    self._look_for(connection, link, record)
                    if record
                    else self._look_for_deleted(connection, link)
                )
            except XeroValidationError as error:
                # Xero does not take this question; it does those about the others.
                self._settle_failure(link, error, repeated=True)
                unknown |= link
            else:
                if problem:
                    # It may be there: looked for again, and not sent before.
                    link._mark_unanswered(problem.message)
                    unknown |= link
        return links.filtered(lambda link: link.state == "sending") - unknown

    def _look_for(self, connection, link, record):
        """Link a record with what Xero has of it, if it has. What cannot be taken over
        fails alone.

        :return: the `Problem` that was logged, or None
        :raise XeroError: if Xero cannot be asked
        """
        try:
            if payload := record._find_in_xero(connection, link):
                with self.env.cr.savepoint():
                    record._adopt_from_xero(connection, link, payload)
        except (XeroError, OperationalError):
            raise
        except Exception as error:
            _logger.warning("What Xero has could not be taken over", exc_info=True)
            problem = self._get_unreadable_problem(record, error)
            self.env["xero.log"]._add_problem(link, problem, operation="link")
            return problem
        return None

    def _look_for_deleted(self, connection, link):
        """Link what Xero may have of a record that was deleted here during the call:
        the link remembers it, so that no fetch brings it back. Returns no problem."""
        model = self.env[link.res_model].sudo()
        if payload := model._find_deleted_in_xero(connection, link):
            link._mark_synced(payload[model._xero_data.id_field])

    def _repeat(self, connection, links):
        """Send a call again that may still be at work in Xero, word by word."""
        links = links.sorted("id")
        key = links[0].idempotency_key
        changes = self._plan_links(connection, links)
        operations = {change.operation for change in changes}
        if operations in ({"create"}, {"update"}):
            [method] = operations
            payloads = [change.payload for change in changes]
            if key.endswith(self._get_digest(method, payloads)):
                self._send(connection, method, changes, key)
                if links[0].resource in ASKED_MODELS:
                    self._after_asked(connection, changes)
                return
        links._mark_waiting_for_key()
