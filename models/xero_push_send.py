import functools
import hashlib
import itertools
import json
import uuid

from odoo import models

from ..const import ONE_BY_ONE, WIRE_RESOURCES
from ..xero_api import XeroError, XeroValidationError

# So many records refused one by one, and none accepted: it is no fault of theirs.
HOPELESS = 8
TOO_LARGE = 413


class XeroPush(models.AbstractModel):
    """One batch on its way: a call under a key, or several when Xero refuses it."""

    _inherit = "xero.push"

    def _send(self, connection, method, changes, key=None):
        """Send changes in one call.

        A body that Xero cannot read is refused as a whole, without a word on which
        element is to blame: it is sent again in halves, each a call with a key of its
        own, until the bad ones are alone.

        :param str method: `create` or `update`
        :param list changes: `Change` with a payload, of one resource
        :param str key: of the call that this one repeats; a new one when None
        :raise XeroError: if a call failed, or all are refused for a common reason
        """
        one_by_one = changes[0].link.resource in ONE_BY_ONE
        waiting = [[change] for change in changes] if one_by_one else [changes]
        refused, accepted = 0, False
        while waiting:
            part = self._get_unsent(waiting.pop(0), key)
            if not part:
                continue
            error = self._send_call(connection, method, part, key)
            key = None
            if not error:
                accepted = True
            elif len(part) > 1:
                waiting[:0] = self._halve(part)
            else:
                self._settle_refused(part[0], error)
                refused += 1
            if refused == HOPELESS and waiting and not accepted:
                for change in itertools.chain(*waiting):
                    self._settle_refused(change, error)
                raise error

    def _get_unsent(self, changes, key):
        """Leave out what a fetch has linked, or a person has taken out of the outbox,
        while other halves were on their way."""
        known = set(self._get_links(changes).exists())
        return [
            change
            for change in changes
            if key
            or (change.link in known and (change.link.xero_id or "") == change.xero_id)
        ]

    def _halve(self, changes):
        """Xero did nothing: what is not sent again now may wait like any other."""
        self._get_links(changes)._mark_unsent()
        middle = len(changes) // 2
        return [changes[:middle], changes[middle:]]

    def _send_call(self, connection, method, changes, key):
        """Commit as sending, call, settle the answers, commit.

        :return: the `XeroError` with which Xero refused the call as a whole, or None
        :raise XeroError: any other, after settling it on the links
        """
        links = self._get_links(changes)
        payloads = [change.payload for change in changes]
        repeated = bool(key)
        key = key or self._get_key(method, payloads)
        links._mark_sending(key)
        self._commit()
        try:
            elements = self._call_xero(connection, method, changes, key)
        except XeroError as error:
            if isinstance(error, XeroValidationError) or error.status == TOO_LARGE:
                return error
            self._settle_failure(links, error, repeated)
            raise
        answers = list(zip(changes, elements, strict=True))
        # A new transaction sees what others wrote during the call.
        self._commit()
        self._commit_or_repeat(
            functools.partial(self._settle_call, connection, answers)
        )
        return None

    def _call_xero(self, connection, method, changes, key):
        """Make the one call that sends changes.

        :return: list of `Element`, one a change
        """
        call = functools.partial(
            self.env["xero.gateway"]._call, connection, idempotency_key=key
        )
        resource = changes[0].link.resource
        if resource == "Allocations":
            return [call("allocate", **changes[0].payload)]
        resource = WIRE_RESOURCES.get(resource, resource)
        return call(method, resource, [change.payload for change in changes])

    def _get_links(self, changes):
        return self.env["xero.link"].union(*(change.link for change in changes))

    def _get_key(self, method, payloads):
        """Return a new idempotency key, which tells what it was made for.

        Xero remembers refusals as well as work done: only a call without an answer is
        ever repeated under its key, see `_repeat`.

        :param list payloads: what is sent
        :rtype: str
        """
        return f"{uuid.uuid4().hex}-{self._get_digest(method, payloads)}"

    def _get_digest(self, method, payloads):
        content = json.dumps([method, payloads], sort_keys=True, default=str)
        return hashlib.sha256(content.encode()).hexdigest()[:32]
