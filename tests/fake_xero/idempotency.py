"""Idempotency-Key: the first answer is kept for six minutes (facts file section 4)."""

import hashlib
import threading
from dataclasses import dataclass, field
from datetime import timedelta

from .errors import BadRequest

LIFE = timedelta(minutes=6)
MAX_LENGTH = 128


@dataclass
class Entry:
    """The first request with a key, and its answer once it is there."""

    fingerprint: str
    began: object
    ready: threading.Event = field(default_factory=threading.Event)
    answer: object = None


class Idempotency:
    """Answers by app and key."""

    def __init__(self, clock):
        self._clock = clock
        self._lock = threading.Lock()
        self._entries = {}

    def reset(self):
        """Forget all keys."""
        with self._lock:
            self._entries.clear()

    def run(self, client_id, key, request_parts, work):
        """The answer of ``work()``, or the cached one of the same request.

        A second call while the first is still at work waits for its answer.

        :param request_parts: what makes the request (method, address, body, tenant)
        :param work: function() -> answer; errors must be answers too (they are kept)
        :raise BadRequest: key too long, or used with another request
        """
        if len(key) > MAX_LENGTH:
            raise BadRequest("Idempotency Key must not be longer than 128 characters")
        fingerprint = hashlib.sha256(repr(request_parts).encode()).hexdigest()
        with self._lock:
            now = self._clock.now()
            entry = self._entries.get((client_id, key))
            if entry and now - entry.began < LIFE:
                first = False
            else:
                first, entry = True, Entry(fingerprint, now)
                self._entries[(client_id, key)] = entry
        if not first:
            return self._replay(key, entry, fingerprint)
        try:
            entry.answer = work()
        except BaseException:
            with self._lock:
                self._entries.pop((client_id, key), None)
            raise
        finally:
            entry.ready.set()
        return entry.answer

    def _replay(self, key, entry, fingerprint):
        if entry.fingerprint != fingerprint:
            raise BadRequest(
                f"Idempotency Key {key} is used with a different request", 10
            )
        entry.ready.wait(60)
        if entry.answer is None:
            raise BadRequest(f"Idempotency Key {key} is in use", 10)
        return entry.answer
