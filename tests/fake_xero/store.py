"""Records of one kind: a dict by id, with indexes and an undo journal."""

from collections import defaultdict


class Journal:
    """What to do to take back the writes of a transaction, and its events."""

    def __init__(self):
        self.undo = []
        self.events = {}

    def mark(self):
        """:return: a position to roll back to."""
        return len(self.undo), len(self.events)

    def rollback(self, mark=(0, 0)):
        """Take back all that was done since ``mark``."""
        while len(self.undo) > mark[0]:
            self.undo.pop()()
        for key in list(self.events)[mark[1] :]:
            del self.events[key]


class Store(dict):
    """Wire payloads by id.

    :param str id_field: name of the field with the id
    :param indexes: {name: function(record) -> key or None}
    :param stamp_field: the change stamp by which lists are ordered
    """

    def __init__(self, id_field, indexes=None, stamp_field="UpdatedDateUTC"):
        super().__init__()
        self.id_field = id_field
        self.stamp_field = stamp_field
        self.journal = None
        self._functions = indexes or {}
        self._index = {name: defaultdict(dict) for name in self._functions}
        self._keys = {}
        self._sorted = None

    def put(self, record):
        """Insert or replace a record; one already stored stays the same object."""
        xero_id = record[self.id_field]
        known = self.get(xero_id)
        before = None if known is None else dict(known)
        if known is None:
            self[xero_id] = known = record
        elif known is not record:
            known.clear()
            known.update(record)
        if self.journal is not None:
            self.journal.undo.append(lambda: self._restore(xero_id, before))
        self._reindex(xero_id)
        return known

    def drop(self, xero_id):
        """Remove a record for good."""
        before = dict(self[xero_id])
        if self.journal is not None:
            self.journal.undo.append(lambda: self._restore(xero_id, before))
        del self[xero_id]
        self._reindex(xero_id)

    def restore(self, records, values):
        """Hold these records only, each the same object with the values it had.

        :param list records: the stored objects
        :param list values: of each, a dict
        """
        for xero_id in self.keys() - {record[self.id_field] for record in values}:
            del self[xero_id]
            self._reindex(xero_id)
        for record, its_values in zip(records, values, strict=True):
            if record == its_values and self.get(its_values[self.id_field]) is record:
                continue
            record.clear()
            record.update(its_values)
            self[record[self.id_field]] = record
            self._reindex(record[self.id_field])

    def _restore(self, xero_id, before):
        if before is None:
            del self[xero_id]
        elif xero_id in self:
            self[xero_id].clear()
            self[xero_id].update(before)
        else:
            self[xero_id] = before
        self._reindex(xero_id)

    def _reindex(self, xero_id):
        self._sorted = None
        for name, key in self._keys.pop(xero_id, {}).items():
            self._index[name][key].pop(xero_id, None)
        record = self.get(xero_id)
        if record is None:
            return
        keys = {name: function(record) for name, function in self._functions.items()}
        self._keys[xero_id] = keys = {n: k for n, k in keys.items() if k is not None}
        for name, key in keys.items():
            self._index[name][key][xero_id] = True

    def find(self, index, key):
        """:return: list of the records whose indexed key is ``key``."""
        return [self[xero_id] for xero_id in self._index[index].get(key, ())]

    def ordered(self):
        """:return: list of records by change stamp, then id: Xero's own order."""
        if self._sorted is None:
            self._sorted = sorted(self.values(), key=self.stamp_key)
        return self._sorted

    def stamp_key(self, record):
        """The sort key of a record: (milliseconds, id); without stamp, as inserted."""
        stamp = record.get(self.stamp_field)
        if not stamp:
            return 0, ""
        return int(stamp[6:].split("+")[0].rstrip(")/")), record[self.id_field]
