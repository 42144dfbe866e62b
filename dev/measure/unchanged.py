"""What a sync costs when nothing has changed."""

import statistics

from odoo.addons.xero_crm.const import PULL_MODELS

from bench import told

COUNT = 1000


def measure(bench, runs):
    """Sync once, then again and again."""
    connection = bench.connect(bench.make_organisation(COUNT, COUNT))
    bench.pull(connection, *PULL_MODELS)
    results = [bench.pull(connection, *PULL_MODELS) for _run in range(runs + 1)]
    seconds = statistics.median(result["seconds"] for result in results[1:])
    print(f"a sync with nothing changed: {seconds:.2f} s, {told(results[-1])}")
