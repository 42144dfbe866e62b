"""From a payment in Xero to the badge on an open order form, in a browser."""

import json
import pathlib
import statistics
import sys
import time
import types

from server import serving

from bench import CLIENT

sys.path.append(str(pathlib.Path(__file__).parents[1]))

from screenshot import Browser, log_in  # noqa: E402

KEY = "bench-webhook-key"
BADGE = "Boolean(document.querySelector('[data-status=%s]'))"
LIMIT = 60  # seconds


def measure(bench, runs):
    """Pay invoices, one after the other, and look at each order's open form."""
    tenant = bench.make_organisation(1)
    connection = bench.connect(tenant)
    bench.pull(connection, "Accounts", "TaxRates", "Currencies")
    with serving(bench) as port:
        url = f"http://localhost:{port}"
        hook = f"{url}/xero_crm/webhook"
        bench.control("app", **CLIENT, webhook_url=hook, webhook_key=KEY)
        with bench.env() as env:
            record = env["xero.connection"].browse(connection)
            record.write({"webhook_key": KEY, "invoice_status": "authorised"})
            record._set_defaults()
            orders = [_make_order(env, number) for number in range(runs)]
        times = _measure(bench, tenant, url, orders)
    worst, median = max(times), statistics.median(times)
    print(
        f"from the payment to the badge: median {median:.1f} s, at most {worst:.1f} s"
    )


def _make_order(env, number):
    partner = env["res.partner"].create(
        {"name": f"Live {number}", "email": f"live{number}@example.com"}
    )
    product = env["product.product"].create(
        {
            "name": f"Live {number}",
            "default_code": f"LIVE-{number}",
            "type": "service",
            "invoice_policy": "order",
            "list_price": 100,
            "taxes_id": False,
        }
    )
    line = {"product_id": product.id, "product_uom_qty": 1}
    order = env["sale.order"].create(
        {"partner_id": partner.id, "order_line": [(0, 0, line)]}
    )
    order.action_confirm()
    order.action_create_xero_invoice()
    return order.id


def _measure(bench, tenant, url, orders):
    person = {"database": bench.registry.db_name, "login": "admin", "password": "admin"}
    session = log_in(types.SimpleNamespace(url=url, **person))
    times = []
    with Browser(1400, 900) as browser:
        browser.command("Network.setCookie", name="session_id", value=session, url=url)
        for order in orders:
            number = _wait_until(lambda order=order: _get_number(bench, order))
            browser.command("Page.navigate", url=f"{url}/odoo/sales/{order}")
            browser.wait_for("[data-status=sent]")
            browser.evaluate(f"window.mark = {json.dumps(number)}")
            time.sleep(2)  # until the page listens
            began = time.monotonic()
            bench.control("payment", tenant_id=tenant, invoice=number)
            _wait_until(lambda: browser.evaluate(BADGE % "paid"))
            times.append(time.monotonic() - began)
            if browser.evaluate("window.mark") != number:
                raise SystemExit("The page was loaded again.")
    return times


def _get_number(bench, order):
    with bench.env() as env:
        order = env["sale.order"].browse(order)
        if order.xero_error:
            raise SystemExit(order.xero_error)
        return order.xero_payment_status == "sent" and order.xero_invoice_number


def _wait_until(find):
    deadline = time.monotonic() + LIMIT
    while time.monotonic() < deadline:
        if found := find():
            return found
        time.sleep(0.05)
    raise SystemExit("Waited in vain.")
