"""200 orders of 10 lines become invoices in Xero, beside Odoo's own of them."""

import statistics
import time

from bench import told

COUNT, LINES, CUSTOMERS, PRODUCTS = 200, 10, 60, 30


def measure(bench, runs):
    """Invoice and bill by turns, each time other orders; customers and products are
    new to Xero in the first run only, which is to warm up."""
    connection_id = bench.connect(bench.make_organisation(0))
    with bench.env() as env:
        ids = _prepare(env, env["xero.connection"].browse(connection_id))
    ours, odoos = [], []
    for _run in range(runs + 1):
        result = _invoice_in_xero(bench, connection_id, _make_orders(bench, ids))
        ours.append(result["seconds"])
        odoos.append(_invoice_in_odoo(bench, _make_orders(bench, ids)))
    xero, odoo = statistics.median(ours[1:]), statistics.median(odoos[1:])
    print(f"{COUNT} orders of {LINES} lines to Xero: {xero:.2f} s, {told(result)}")
    print(f"{COUNT} invoices by _create_invoices():  {odoo:.2f} s")
    print(f"ratio: {xero / odoo:.2f}")


def _prepare(env, connection):
    """Return ids of customers and products whose taxes and accounts are mapped."""
    env["xero.pull"]._pull(connection, ("Accounts", "TaxRates", "Currencies"))
    connection._set_defaults()
    rate = connection.tax_rate_ids.filtered(lambda rate: rate.tax_type == "OUTPUT2")
    tax = env["account.tax"].create(
        {"name": "Bench 15%", "amount": rate.rate, "type_tax_use": "sale"}
    )
    row = connection.tax_map_ids.filtered(lambda row: row.tax_id == tax)
    row = row or row.create({"connection_id": connection.id, "tax_id": tax.id})
    row.tax_rate_id = rate
    partners = env["res.partner"].create(
        [
            {
                "name": f"Customer {number:05d}",
                "is_company": True,
                "email": f"customer{number:05d}@example.com",
            }
            for number in range(CUSTOMERS)
        ]
    )
    products = env["product.product"].create(
        [
            {
                "name": f"Product {number}",
                "default_code": f"BENCH-{number}",
                "list_price": 10 + number,
                "invoice_policy": "order",
                "taxes_id": [(6, 0, tax.ids)],
            }
            for number in range(PRODUCTS)
        ]
    )
    return partners.ids, products.ids


def _make_orders(bench, ids):
    """Return the ids of confirmed orders; not measured."""
    partner_ids, product_ids = ids
    with bench.env(tracking_disable=True) as env:
        orders = env["sale.order"].create(
            [
                {
                    "partner_id": partner_ids[number % CUSTOMERS],
                    "order_line": [
                        (
                            0,
                            0,
                            {
                                "product_id": product_ids[(number + line) % PRODUCTS],
                                "product_uom_qty": line + 1,
                            },
                        )
                        for line in range(LINES)
                    ],
                }
                for number in range(COUNT)
            ]
        )
        orders.action_confirm()
        return orders.ids


def _invoice_in_xero(bench, connection_id, order_ids):
    with bench.env() as env, bench.counted(env) as result:
        orders = env["sale.order"].browse(order_ids)
        orders._request_xero_invoice()
        connection = env["xero.connection"].browse(connection_id)
        env["xero.push"]._push(connection)
    with bench.env() as env:
        orders = env["sale.order"].browse(order_ids)
        totals = {order.amount_total for order in orders}
        invoices = orders.xero_invoice_ids
        assert len(invoices.filtered("xero_id")) == COUNT, "some were not made"
        assert {invoice.amount_total for invoice in invoices} == totals
    return result


def _invoice_in_odoo(bench, order_ids):
    with bench.env() as env:
        orders = env["sale.order"].browse(order_ids)
        began = time.perf_counter()
        orders._create_invoices(grouped=True, final=True)
        env.cr.commit()
        return time.perf_counter() - began
