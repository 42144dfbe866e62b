"""What all resources share: dispatch, lists, batches of writes, History."""

import copy

from .. import query, wire
from ..answer import Answer
from ..errors import (
    BadRequest,
    NotFound,
    NotImplementedByXero,
    Refused,
    validation_exception,
)

MAX_NOTE = 2500


class Resource:
    """One path of the Accounting API.

    Subclasses say their names and methods and implement ``save`` and ``view``.
    """

    name = ""
    store_name = ""
    id_field = ""
    methods = ("GET", "PUT", "POST")
    pageable = False
    fixed_page_size = None
    incremental = False
    fields = None
    error_flag = None
    has_status_attribute = True
    stamp_offset = True

    @property
    def key(self):
        """The collection's key in JSON."""
        return self.name

    def store(self, ctx):
        """The organisation's store of this resource."""
        return getattr(ctx.org, self.store_name)

    # --- hooks ------------------------------------------------------------------

    def save(self, ctx, payload, create_only=False):
        """Create or update one element; returns the stored record.

        :raise Refused: if it breaks a rule
        """
        raise NotImplementedByXero()

    def view(self, ctx, record, detail):
        """The record as it goes over the wire.

        :param detail: 'full' (single), 'paged', 'plain' (list without pages)
        """
        return record

    def find(self, ctx, xero_id):
        """The record that a path names.

        :raise NotFound: 404
        """
        record = self.store(ctx).get(xero_id.lower())
        if record is None:
            raise NotFound()
        return record

    def filter_rows(self, ctx, rows):
        """Filters of this resource's own; rows is a list."""
        return rows

    # --- dispatch ---------------------------------------------------------------

    def dispatch(self, ctx, method, parts):
        """The answer to a call.

        :param parts: what follows the resource in the path
        :return: api.Answer
        """
        if len(parts) > 1:
            return self.sub(ctx, method, self.find(ctx, parts[0]), parts[1:])
        if method not in self.methods:
            raise NotImplementedByXero()
        if method == "GET":
            return self.get(ctx, parts[0]) if parts else self.list(ctx)
        if method == "DELETE":
            if not parts:
                raise NotImplementedByXero()
            return self.delete(ctx, self.find(ctx, parts[0]))
        return self.write(ctx, method, parts[0] if parts else None)

    def sub(self, ctx, method, record, parts):
        """Sub-resources: History here, more in subclasses."""
        if parts[0].lower() == "history" and len(parts) == 1:
            return self.history(ctx, method, record)
        raise NotFound()

    def delete(self, ctx, record):
        """DELETE of one record."""
        raise NotImplementedByXero()

    def answer(self, ctx, elements, **extra):
        """The enveloped answer."""
        payload = wire.envelope(self.key, elements, ctx.xero.now, **extra)
        return Answer(payload=payload)

    # --- reading ----------------------------------------------------------------

    def get(self, ctx, xero_id):
        """GET of one record."""
        return self.answer(ctx, [self.view(ctx, self.find(ctx, xero_id), "full")])

    def list(self, ctx):
        """GET of the list."""
        store = self.store(ctx)
        since = ctx.headers.get("If-Modified-Since") if self.incremental else None
        rows = query.modified_since(store, since)
        rows = self.filter_rows(ctx, rows)
        rows = query.refine(rows, ctx.args, self.fields)
        if self.is_paged(ctx):
            rows, block = query.page_of(rows, ctx.args, self.fixed_page_size)
            extra = {} if self.fixed_page_size else {"pagination": block}
            elements = [self.view(ctx, row, "paged") for row in rows]
        else:
            extra = {}
            elements = [self.view(ctx, row, "plain") for row in rows]
        return self.answer(ctx, _spoil(elements, ctx.bad_index, self.id_field), **extra)

    def is_paged(self, ctx):
        """Whether this call gets pages."""
        return self.pageable and query.is_paged(ctx.args)

    # --- writing ----------------------------------------------------------------

    def write(self, ctx, method, xero_id=None):
        """PUT and POST of a collection or of one element."""
        elements = ctx.elements(self.key)
        if xero_id is not None:
            record = self.find(ctx, xero_id)
            elements = [{**elements[0], self.id_field: record[self.id_field]}]
        results, refused = [], []
        with ctx.org.transaction() as journal:
            for index, element in enumerate(elements):
                mark = journal.mark()
                try:
                    results.append(self._write_one(ctx, element, method, index))
                except Refused as error:
                    journal.rollback(mark)
                    refused.append(self.refusal(ctx, element, error.messages))
                    results.append(refused[-1])
            if refused and (ctx.summarize or xero_id is not None):
                raise validation_exception(refused)
        return self.answer(ctx, results, **self.write_extra())

    def write_extra(self):
        """Top level keys of a write's answer."""
        return {}

    def _write_one(self, ctx, element, method, index):
        if index == ctx.bad_index:
            raise Refused("A simulated fault refuses this element")
        element = {k: v for k, v in element.items() if k not in ctx.org.unkept}
        record = self.save(ctx, element, create_only=method == "PUT")
        result = dict(self.view(ctx, record, "full"))
        if not ctx.summarize and self.has_status_attribute:
            result["StatusAttributeString"] = "OK"
        return result

    def refusal(self, ctx, element, messages):
        """A refused element: echo, zero GUID for a create, messages."""
        echo = copy.deepcopy(element)
        known = self.store(ctx).get(str(element.get(self.id_field, "")).lower())
        echo[self.id_field] = known[self.id_field] if known else wire.ZERO_GUID
        if self.error_flag:
            echo[self.error_flag] = True
        if not ctx.summarize and self.has_status_attribute:
            echo["StatusAttributeString"] = "ERROR"
        echo["ValidationErrors"] = [{"Message": message} for message in messages]
        return echo

    # --- history ----------------------------------------------------------------

    def history(self, ctx, method, record):
        """GET and PUT of History rows (notes)."""
        place = (self.name, record[self.id_field])
        if method == "GET":
            rows = ctx.org.history.get(place, [])
            payload = wire.envelope("HistoryRecords", rows, ctx.xero.now)
            return Answer(payload=payload)
        if method != "PUT":
            raise NotImplementedByXero()
        notes = []
        for element in ctx.elements("HistoryRecords"):
            text = element.get("Details") or ""
            if not text or len(text) > MAX_NOTE:
                raise BadRequest("Details must be between 1 and 2500 characters", 10)
            row = ctx.org.note(*place, "Note", text, "System Generated")
            notes.append({k: row[k] for k in ("DateUTCString", "DateUTC", "Details")})
        payload = wire.envelope("HistoryRecords", notes, ctx.xero.now)
        return Answer(payload=payload)


def _spoil(elements, index, id_field):
    """Make one element of a page such as no SDK can read: nulls, an unknown status."""
    if index is None or index >= len(elements):
        return elements
    bad = {name: None for name in elements[index]}
    bad[id_field] = elements[index][id_field]
    for name in ("ContactStatus", "Status", "Type", "CurrencyCode", "TaxType"):
        if name in bad:
            bad[name] = "MARTIAN"
    return [*elements[:index], bad, *elements[index + 1 :]]


class ReadOnly(Resource):
    """A resource that can only be read."""

    methods = ("GET",)
