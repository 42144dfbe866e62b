import functools
import logging

from psycopg2 import OperationalError, errorcodes
from psycopg2.errors import SerializationFailure, UniqueViolation

from odoo import models
from odoo.tools import split_every

from ..const import PAGE_ORDER, PAGE_SIZE, PULL_MODELS, PULL_WHERE, PUSH_MODELS
from ..mapping.base import MappingError
from ..mapping.reference import OrganisationData
from ..xero_api import XeroError
from .xero_change import Change, Problem

_logger = logging.getLogger(__name__)

# So many ids Xero takes in one address.
MAX_IDS = 40


class LostRace(SerializationFailure):
    """Another transaction was quicker. Odoo repeats a request by the code of the error,
    which the database gives to its own only."""

    pgcode = errorcodes.SERIALIZATION_FAILURE


class XeroPull(models.AbstractModel):
    """Xero to Odoo: page by page, each page one transaction."""

    _name = "xero.pull"
    _inherit = "xero.job.mixin"
    _description = "Pull from Xero"

    # === ENTRY POINTS === #

    def _pull(self, connection, resources, run=None):
        """Fetch what changed, page by page. Commits: call it with a cursor of its own.

        :param connection: `xero.connection`, one record
        :param resources: Xero's path names, in the order in which they need each other
        :param run: `xero.sync.run` that counts what is done, or None
        :return: whether everything was fetched (else time ran out or another worker
            is at it)
        :rtype: bool
        :raise XeroError: after noting it on the cursor
        """
        done = True
        for resource in resources:
            while more := self._pull_page(connection, resource, run):
                if run and run._is_out_of_time():
                    return False
            done = done and more is not None
            if resource == "Contacts" and more is not None:
                self.env["xero.match"]._recheck(connection)
        return done

    def _pull_page(self, connection, resource, run):
        """Fetch and apply one page; commit it with its cursor.

        The whole of it is repeated when somebody changed one of its records meanwhile.

        :return: whether there is another page; None if another worker is at it
        """
        return self._commit_or_repeat(
            functools.partial(self._work_next_page, connection, resource, run)
        )

    def _work_next_page(self, connection, resource, run):
        """As `_pull_page`, but leave the commit to the caller."""
        cursor = connection._get_cursor(resource).try_lock_for_update()
        if not cursor:
            return None
        try:
            page = self._fetch_page(connection, cursor)
            changes = self._work_page(connection, resource, page.items)
        except XeroError as error:
            cause = self.env["xero.log"]._explain(error)
            cursor.error = cause.message
            self.env["xero.log"]._add_pull_failure(connection, resource, cause)
            self._commit()
            raise
        if cursor.error:
            self.env["xero.log"]._resolve_fetch(connection, resource)
        told = cursor._get_told_page(page)
        more = cursor._advance(page)
        if run:
            run._count(resource, changes, told)
        return more

    def _pull_in_transaction(self, connection, resources):
        """Fetch all of some short lists within the transaction at hand."""
        for resource in resources:
            cursor = connection._get_cursor(resource)
            more = True
            while more:
                page = self._fetch_page(connection, cursor)
                self._work_page(connection, resource, page.items)
                more = cursor._advance(page)

    def _pull_records(self, connection, resource, xero_ids, choices=None):
        """Fetch some records by their ids and apply them, in the transaction at hand.

        :param list xero_ids: ids in Xero
        :param dict choices: what people chose of conflicts: by Xero id and field, a
            `mapping.Choice`
        :return: list of `Change`
        """
        payloads = self.env["xero.gateway"]._call(
            connection, "get_by_ids", resource, xero_ids
        )
        return self._work_page(connection, resource, payloads, choices)

    def _pull_records_or_explain(self, connection, resource, xero_ids):
        """As `_pull_records`, for a person who is waiting.

        :raise UserError: what went wrong, and what to do
        """
        with self.env["xero.log"]._explained():
            return self._pull_records(connection, resource, xero_ids)

    def _pull_invoices_of(self, connection, contact_ids):
        """Fetch the invoices of some contacts, in the transaction at hand."""
        for chunk in split_every(MAX_IDS, contact_ids):
            number, page_count = 1, 1
            while number <= page_count:
                page = self._fetch(
                    connection, "Invoices", page=number, contact_ids=list(chunk)
                )
                self._work_page(connection, "Invoices", page.items)
                number, page_count = number + 1, page.page_count

    def _choose_links(self, changes):
        """Of a page's changes, only those that bind a record to what Xero has of it,
        or wait for a person to say so."""
        return [change for change in changes if change.operation in ("link", "hold")]

    # === FETCH === #

    def _get_organisation(self, connection):
        """Return the organisation as `OrganisationData`."""
        page = self.env["xero.gateway"]._call(connection, "get_page", "Organisation")
        return OrganisationData.from_xero(page.items[0])

    def _iter_pages(self, connection, resource):
        """Yield all pages of a resource, and apply none.

        :rtype: iterator of Page
        """
        number, page_count = 1, 1
        while number <= page_count:
            page = self._fetch(connection, resource, page=number)
            yield page
            number, page_count = number + 1, page.page_count

    def _fetch_page(self, connection, cursor):
        return self._fetch(
            connection,
            cursor.resource,
            page=cursor.page,
            modified_since=cursor._get_modified_since(),
        )

    def _fetch(self, connection, resource, *, page=1, page_size=None, **kwargs):
        found = self.env["xero.gateway"]._call(
            connection,
            "get_page",
            resource,
            page=page,
            page_size=page_size or PAGE_SIZE,
            order=PAGE_ORDER.get(resource),
            include_archived=resource == "Contacts",
            where=PULL_WHERE.get(resource),
            **kwargs,
        )
        if resource == "ContactGroups":
            return self.env["xero.contact.group"]._add_members(connection, found)
        return found

    # === WORK === #

    def _get_model(self, connection, resource):
        """Return the model of a resource, as superuser in the connection's company."""
        model = self.env[PULL_MODELS[resource]].sudo()
        model = model.with_company(connection.company_id)
        return model._in_xero(connection) if resource in PUSH_MODELS else model

    def _work_page(self, connection, resource, payloads, choices=None, choose=None):
        """Plan and apply a page; log each movement; a bad record fails alone.

        :param choose: takes the list of what was planned together, and returns which
            of it to carry out; all when None
        :return: list of `Change`
        """
        model = self._get_model(connection, resource)
        changes = self._try_page(model, connection, payloads, choices, choose)
        self.env["xero.log"]._add_changes(connection, resource, changes)
        return changes

    def _try_page(self, model, connection, payloads, choices, choose=None):
        """Apply as one batch; when that fails, halve it until the bad one is alone."""
        try:
            with self.env.cr.savepoint():
                changes = model._plan_xero_page(connection, payloads, choices)
                if choose:
                    changes = choose(changes)
                model._apply_xero_page(connection, changes)
                self.env.flush_all()
            return changes
        except (OperationalError, XeroError):
            # Deadlock, serialization failure, or a question to Xero without an answer:
            # no fault of a record, so the whole page again.
            raise
        except Exception as error:
            self.env.invalidate_all()
            if len(payloads) == 1 and self._is_race(error):
                # Somebody has just fetched it as well: again, and it is known.
                raise LostRace(str(error)) from error
            if len(payloads) > 1:
                middle = len(payloads) // 2
                halves = payloads[:middle], payloads[middle:]
                return [
                    change
                    for half in halves
                    for change in self._try_page(
                        model, connection, half, choices, choose
                    )
                ]
            _logger.warning(
                "A %s record of Xero could not be taken over",
                model._name,
                exc_info=True,
            )
            return [self._refuse_payload(model, payloads[0], error)]

    def _is_race(self, error):
        """Whether another transaction has linked or mirrored a record meanwhile."""
        if not isinstance(error, UniqueViolation):
            return False
        links = error.diag.table_name == self.env["xero.link"]._table
        return links or error.diag.constraint_name.endswith("_xero_id_uniq")

    def _refuse_payload(self, model, payload, error):
        names = ("Name", "InvoiceNumber", "CreditNoteNumber", "QuoteNumber")
        names += ("Reference",)
        name = next((payload[key] for key in names if payload.get(key)), "")
        # Overpayments and prepayments share a model with credit notes, not their id.
        xero_id = payload.get(model._xero_data.id_field) or payload.get("ID", "")
        problem = Problem(
            self.env._(
                "%(name)s could not be taken over: %(why)s",
                name=name or xero_id,
                why=str(error) or type(error).__name__,
            ),
            self.env._("Correct the record in Xero (or in Odoo) and press Resync."),
        )
        return Change("refuse", str(name), xero_id=str(xero_id), problem=problem)

    def _read_payloads(self, model, payloads):
        """Turn payloads into dataclasses; an unreadable one is refused alone.

        :return: list of `Change` of the refused ones, list of dataclasses
        """
        refused, datas = [], []
        for payload in payloads:
            try:
                datas.append(model._xero_data.from_xero(payload))
            except MappingError as error:
                refused.append(self._refuse_payload(model, payload, error))
        return refused, datas
