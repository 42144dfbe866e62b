"""1,000 new contacts, beside Odoo's own import of the same rows."""

from bench import COLUMNS, best, compare, partner_row, told

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
        ours.append(result)
    # The first is to warm up.
    pull, load = best(ours[1:]), best(odoos[1:])
    print(f"{COUNT} new contacts from Xero: {pull['seconds']:.2f} s, {told(result)}")
    print(f"{COUNT} rows by Odoo's load():  {load['seconds']:.2f} s")
    print(compare(pull, load))
