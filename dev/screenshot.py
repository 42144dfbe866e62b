"""Take a picture of a screen of a running Odoo, as one of its users sees it.

    dev/odoo python dev/screenshot.py --url http://localhost:8069 --database demo \
        --login sales --page /odoo/xero-invoices --out invoices.png
"""

import argparse
import base64
import contextlib
import itertools
import json
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.request

import websocket

_BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_TIMEOUT = 60  # seconds
# Odoo counts the requests under way in no public place: the screen is taken as ready
# when its action is drawn and nothing says that it is loading.
_READY = """
    document.readyState === "complete" &&
    !document.querySelector(".o_loading_indicator, .o_blockUI") &&
    Boolean(document.querySelector(%s))
"""


class Browser:
    """A headless Chromium with one page, driven over its debugging protocol.

    :param int width: of the page, in CSS pixels
    :param int height: of the page, in CSS pixels
    """

    def __init__(self, width, height):
        self._size = f"--window-size={width},{height}"
        self._numbers = itertools.count(1)

    def __enter__(self):
        self._stack = contextlib.ExitStack()
        profile = self._stack.enter_context(
            tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
        )
        program = next(filter(shutil.which, _BROWSERS), None)
        if not program:
            self._stack.close()
            raise SystemExit("No Chromium is installed: dev/test installs one.")
        process = subprocess.Popen(
            [
                *(program, "--headless=new", "--no-sandbox", "--disable-gpu"),
                *("--remote-debugging-port=0", "--hide-scrollbars", "--no-first-run"),
                *(self._size, f"--user-data-dir={profile}", "about:blank"),
            ],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self._stack.callback(process.wait)
        self._stack.callback(process.terminate)
        self._socket = websocket.create_connection(
            self._find_page(pathlib.Path(profile)),
            timeout=_TIMEOUT,
            suppress_origin=True,
        )
        self._stack.callback(self._socket.close)
        return self

    def __exit__(self, *_exception):
        self._stack.close()

    def _find_page(self, profile):
        port_file = profile / "DevToolsActivePort"
        _wait(port_file.exists, "Chromium did not start.")
        _wait(port_file.read_text, "Chromium names no port.")
        port = port_file.read_text().split()[0]
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(f"http://127.0.0.1:{port}/json/list", timeout=10) as answer:
            pages = [page for page in json.load(answer) if page["type"] == "page"]
        return pages[0]["webSocketDebuggerUrl"]

    def command(self, method, **parameters):
        """Send a command of the protocol and return its result."""
        number = next(self._numbers)
        message = {"id": number, "method": method, "params": parameters}
        self._socket.send(json.dumps(message))
        while True:
            answer = json.loads(self._socket.recv())
            if answer.get("id") == number:
                if "error" in answer:
                    raise SystemExit(f"{method}: {answer['error']['message']}")
                return answer["result"]

    def evaluate(self, script):
        """Run a script in the page and return its value."""
        result = self.command(
            "Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True
        )
        return result["result"].get("value")

    def wait_for(self, selector):
        """Wait until an element is there and the page has settled."""
        script = _READY % json.dumps(selector)
        _wait(lambda: self.evaluate(script), f"There is no {selector} on the page.")
        time.sleep(1)  # pictures, charts and transitions

    def picture(self, path):
        """Save the page as it is seen."""
        data = self.command("Page.captureScreenshot", format="png")["data"]
        pathlib.Path(path).write_bytes(base64.b64decode(data))


def _wait(condition, problem):
    deadline = time.monotonic() + _TIMEOUT
    while not condition():
        if time.monotonic() > deadline:
            raise SystemExit(problem)
        time.sleep(0.1)


def log_in(options):
    """Return the id of a new session of the user."""
    parameters = {
        "db": options.database,
        "login": options.login,
        "password": options.password or options.login,
    }
    question = urllib.request.Request(
        f"{options.url}/web/session/authenticate",
        json.dumps({"jsonrpc": "2.0", "params": parameters}).encode(),
        {"Content-Type": "application/json"},
    )
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(question, timeout=_TIMEOUT) as answer:
        if "error" in json.load(answer):
            raise SystemExit(f"{options.login} cannot log in to {options.database}.")
        cookies = answer.headers.get_all("Set-Cookie")
    session = next(cookie for cookie in cookies if cookie.startswith("session_id="))
    return session.split(";")[0].partition("=")[2]


def _parse():
    parser = argparse.ArgumentParser(prog="screenshot.py", description=__doc__)
    parser.add_argument("--url", default="http://localhost:8069")
    parser.add_argument("--database", required=True)
    parser.add_argument("--login", default="admin")
    parser.add_argument("--password", help="the same as the login where not given")
    parser.add_argument("--page", default="/odoo", help="e.g. /odoo/xero-invoices")
    parser.add_argument("--click", action="append", default=[], help="CSS selector")
    parser.add_argument("--wait", default=".o_action", help="CSS selector")
    parser.add_argument("--width", type=int, default=1400)
    parser.add_argument("--height", type=int, default=900)
    parser.add_argument("--dark", action="store_true", help="in dark colours")
    parser.add_argument("--out", required=True, help="PNG file")
    return parser.parse_args()


def main():
    """Log in, open the page, click what is to be clicked, take the picture."""
    options = _parse()
    session = log_in(options)
    with Browser(options.width, options.height) as browser:
        cookies = {"session_id": session}
        cookies["color_scheme"] = "dark" if options.dark else "light"
        for name, value in cookies.items():
            browser.command(
                "Network.setCookie", name=name, value=value, url=options.url
            )
        browser.command(
            "Emulation.setDeviceMetricsOverride",
            **{"width": options.width, "height": options.height},
            **{"deviceScaleFactor": 1, "mobile": False},
        )
        browser.command("Page.navigate", url=options.url + options.page)
        browser.wait_for(options.wait)
        for selector in options.click:
            browser.wait_for(selector)
            browser.evaluate(f"document.querySelector({json.dumps(selector)}).click()")
            browser.wait_for(options.wait)
        browser.picture(options.out)
    return 0


if __name__ == "__main__":
    sys.exit(main())
