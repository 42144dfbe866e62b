"""A night's changes: 500 of 20,000 open invoices were paid, beside 500 of 2,000.

The call and the work must be in proportion to what changed, not to what is open. So
must the morning's other work: marking what fell due over night.
"""

from datetime import timedelta

from odoo import fields

from bench import best, compare, told

SIZES = (2000, 20000)
CHANGED = 500
CUSTOMERS = 100
NIGHT = 12 * 3600  # seconds


def measure(bench, runs):
    """Mirror each organisation, then pay and refresh, time after time."""
    results = {size: _measure_size(bench, size, runs) for size in SIZES}
    for size, (pulls, marks) in results.items():
        pull, mark = best(pulls), best(marks)
        print(
            f"{CHANGED} of {size} open invoices changed: {pull['seconds']:.2f} s, "
            f"{told(pulls[-1])}"
        )
        print(
            f"{CHANGED} of {size} open invoices fell due: {mark['seconds']:.2f} s, "
            f"{marks[-1]['queries']} queries"
        )
    few, many = (results[size] for size in SIZES)
    for name, number in (("changed", 0), ("fell due", 1)):
        ratio = compare(best(many[number]), best(few[number]))
        print(f"{name}, {SIZES[1]} beside {SIZES[0]}: {ratio}")


def _measure_size(bench, size, runs):
    tenant = bench.make_organisation(CUSTOMERS)
    later = str(fields.Date.today() + timedelta(days=30))
    bench.control("invoices", tenant_id=tenant, count=size, fields={"DueDate": later})
    connection_id = bench.connect(tenant)
    bench.pull(connection_id, "Contacts", "Invoices")
    bench.settle()
    pulls, marks = [], []
    for _run in range(runs):
        bench.control("time", advance=NIGHT)
        bench.renew(connection_id)
        bench.control("payments", tenant_id=tenant, count=CHANGED)
        pulls.append(bench.pull(connection_id, "Invoices"))
        marks.append(_fall_due(bench))
    bench.clear()
    return pulls, marks


def _fall_due(bench):
    """Let some fall due and mark them, as the scheduled action does."""
    with bench.env() as env:
        env.cr.execute(
            """
            UPDATE xero_invoice SET due_date = CURRENT_DATE - 1
             WHERE id IN (SELECT id FROM xero_invoice
                           WHERE aging = 'current' ORDER BY id DESC LIMIT %s)""",
            [CHANGED],
        )
        env.cr.commit()
        with bench.counted(env) as result:
            env["xero.invoice"]._mark_crossed()
    return result
