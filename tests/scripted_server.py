"""A tiny HTTP server that answers as a script says: for traps on the wire.

The simulated Xero behaves well; this one drops connections, cuts bodies short and
says what no server should.
"""

import json
import threading
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlsplit

JSON = "application/json; charset=utf-8"
# An unscripted request gets a status that no test expects.
UNSCRIPTED = 418


@dataclass
class Answer:
    """One answer.

    :param body: bytes, a text, or anything that becomes JSON
    :param str fault: ``drop`` closes the connection instead of answering, ``cut``
        after half of the body, ``stall`` waits until the server stops
    """

    status: int = 200
    body: object = b""
    headers: dict = field(default_factory=dict)
    fault: str = ""

    def __post_init__(self):
        if not isinstance(self.body, bytes | str):
            self.body = json.dumps(self.body)
            self.headers = {"Content-Type": JSON, **self.headers}
        if isinstance(self.body, str):
            self.body = self.body.encode()


@dataclass
class Seen:
    """A request as it arrived."""

    method: str
    path: str
    query: dict
    headers: dict
    body: bytes


class ScriptedServer:
    """Serves in a thread while the ``with`` block lasts.

    :param script: answers in order, or a callable ``Seen -> Answer``
    :param ssl.SSLContext context: serve https with it
    """

    def __init__(self, *script, context=None):
        self._context = context
        self._script = list(script)
        self._answer = script[0] if script and callable(script[0]) else None
        self._lock = threading.Lock()
        self.seen = []
        self.stopping = threading.Event()

    def __enter__(self):
        handler = type("Handler", (_Handler,), {"owner": self})
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self._server.daemon_threads = True
        scheme = "https" if self._context else "http"
        self.url = f"{scheme}://127.0.0.1:{self._server.server_port}"
        if self._context:
            # The handshake is left to the thread of the connection.
            self._server.socket = self._context.wrap_socket(
                self._server.socket, server_side=True, do_handshake_on_connect=False
            )
        # The short poll lets it stop at once: tests make hundreds of servers.
        threading.Thread(
            target=self._server.serve_forever, args=(0.005,), daemon=True
        ).start()
        return self

    def __exit__(self, *_exc_info):
        self.stopping.set()
        self._server.shutdown()
        self._server.server_close()

    @property
    def last(self):
        """The last request."""
        return self.seen[-1]

    def answer(self, seen):
        """Record a request and choose its answer."""
        with self._lock:
            self.seen.append(seen)
            if self._answer:
                return self._answer(seen)
            return self._script.pop(0) if self._script else Answer(UNSCRIPTED)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    owner = None

    def handle(self):
        # A client that breaks off, as one that trusts no certificate does, is fine.
        with suppress(OSError):
            super().handle()

    def _serve(self):
        parts = urlsplit(self.path)
        seen = Seen(
            method=self.command,
            path=parts.path,
            query=dict(parse_qsl(parts.query)),
            headers={name.lower(): value for name, value in self.headers.items()},
            body=self.rfile.read(int(self.headers.get("Content-Length", 0))),
        )
        answer = self.owner.answer(seen)
        if answer.fault == "stall":
            self.owner.stopping.wait(30)
        if answer.fault in ("drop", "stall"):
            self.close_connection = True
            return
        self._send(answer)

    def _send(self, answer):
        self.send_response(answer.status)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        if answer.status not in (204, 304):
            self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        body = answer.body
        if answer.fault == "cut":
            body = body[: len(body) // 2]
            self.close_connection = True
        self.wfile.write(body)

    do_GET = do_PUT = do_POST = do_DELETE = _serve

    def log_message(self, *_args):
        """Say nothing."""
