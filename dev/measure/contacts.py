"""1,000 new contacts, beside Odoo's own import of the same rows."""

import statistics

from bench import COLUMNS, partner_row, told

COUNT = 1000


def measure(bench, runs):
    """Pull and load by turns, so that both meet the machine in the same mood."""
    rows = [partner_row("Customer", number) for number in range(1, COUNT + 1)]
    ours, odoos = [], []
    for _run in range(runs + 1):
        connection = bench.connect(bench.make_organisation(COUNT))
        result = bench.pull(connection, "Contacts")
        bench.clear()
        odoos.append(bench.load(COLUMNS, rows))
        bench.clear()
        ours.append(result["seconds"])
    # The first is to warm up.
    pull, load = statistics.median(ours[1:]), statistics.median(odoos[1:])
    print(f"{COUNT} new contacts from Xero: {pull:.2f} s, {told(result)}")
    print(f"{COUNT} rows by Odoo's load():  {load:.2f} s")
    print(f"ratio: {pull / load:.2f}")
