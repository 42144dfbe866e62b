"""The HTTP server around the simulator: in a thread for tests, or as a process."""

import threading

from werkzeug.serving import WSGIRequestHandler, make_server

from .app import Application
from .contract import contract_from_environment
from .state import FakeXero

HOST = "127.0.0.1"
# How long stopping may take at most.
POLL_SECONDS = 0.1


class QuietHandler(WSGIRequestHandler):
    """Keeps connections open, sends small answers at once, logs nothing."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def log(self, type, message, *args):  # noqa: A002 (werkzeug's name)
        """Say nothing: ``xero.requests`` keeps the record."""


class FakeXeroServer:
    """A running simulator.

    ``server = FakeXeroServer().start()``; then ``server.url`` and ``server.xero``.
    What the server itself does not have is looked up in its FakeXero, so that
    ``server.add_organisation()`` works as well.

    :param int port: 0 takes a free one
    """

    def __init__(self, port=0):
        self.xero = FakeXero()
        self._port = port
        self._server = None
        self._thread = None

    def __getattr__(self, name):
        if name.startswith("_") or name == "xero":
            raise AttributeError(name)
        return getattr(self.xero, name)

    def start(self):
        """Listen and serve in a thread; returns the server itself."""
        self._server = make_server(
            HOST,
            self._port,
            Application(self.xero),
            threaded=True,
            request_handler=QuietHandler,
        )
        self._server.daemon_threads = True
        self.xero.base_url = f"http://localhost:{self._server.server_port}"
        self.xero.contract = contract_from_environment()
        self._thread = threading.Thread(
            target=self._server.serve_forever,
            args=(POLL_SECONDS,),
            name="fake_xero",
            daemon=True,
        )
        self._thread.start()
        return self

    @property
    def url(self):
        """``http://localhost:PORT``: the base of all three addresses."""
        return self.xero.base_url

    @property
    def port(self):
        """The port it listens on."""
        return self._server.server_port

    def stop(self):
        """Stop serving and free the port; waiting faults end at once."""
        self.xero.stopping.set()
        if self._server:
            self._server.shutdown()
            self._server.server_close()
            self._thread.join(5)
            self._server = None

    def __enter__(self):
        return self.start()

    def __exit__(self, *_exception):
        self.stop()
