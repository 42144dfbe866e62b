"""1,000 new invoices with their lines, of customers that are known."""

import statistics

from bench import told

COUNT = 1000


def measure(bench, runs):
    """Pull the contacts, then measure the invoices."""
    times = []
    tenant = bench.make_organisation(COUNT, COUNT)
    for _run in range(runs + 1):
        connection = bench.connect(tenant)
        bench.pull(connection, "Accounts", "TaxRates", "Contacts")
        result = bench.pull(connection, "Invoices")
        bench.clear()
        times.append(result["seconds"])
    seconds = statistics.median(times[1:])
    print(f"{COUNT} new invoices from Xero: {seconds:.2f} s, {told(result)}")
