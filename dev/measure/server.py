"""An Odoo that serves the measured database, with a scheduled action's worker."""

import contextlib
import os
import pathlib
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request

START_LIMIT = 120  # seconds
STOP_LIMIT = 20  # seconds


@contextlib.contextmanager
def serving(bench, *options):
    """Serve the database for the time of the block; yields the port.

    :param options: of Odoo's command line
    """
    port, gevent_port = _free_port(), _free_port()
    with tempfile.TemporaryDirectory() as place:
        # Odoo starts its server of websockets by the path of its own script.
        script = pathlib.Path(place) / "odoo_server.py"
        script.write_text("import odoo.cli\n\nodoo.cli.main()\n")
        command = [
            *(sys.executable, script, "-d", bench.registry.db_name),
            *("--max-cron-threads=1", "--log-level=warn", *options),
            *(f"--http-port={port}", f"--gevent-port={gevent_port}"),
        ]
        server = subprocess.Popen(command, start_new_session=True)
        try:
            _wait_for(f"http://127.0.0.1:{port}/web/health")
            yield port
        finally:
            server.terminate()
            try:
                server.wait(STOP_LIMIT)
            except subprocess.TimeoutExpired:
                os.killpg(server.pid, signal.SIGKILL)


def _free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _wait_for(url):
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    deadline = time.monotonic() + START_LIMIT
    while time.monotonic() < deadline:
        with contextlib.suppress(urllib.error.URLError, OSError):
            opener.open(url, timeout=30).close()
            return
        time.sleep(0.2)
    raise SystemExit("Odoo did not start.")
