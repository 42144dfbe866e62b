"""20,000 contacts of Xero meet 20,000 partners, of which half are the same.

Of these 10,000 pairs every second one has the same address and phone on both sides, and
is linked and left as it is; of every second one Odoo knows only name and e-mail, and
what Xero knows is written to it. The 10,000 contacts that Odoo lacks are created. The
other 10,000 partners are alike by name, so that each has to be compared.

Beside it, Odoo's own import of 20,000 rows. Each in a process of its own, whose memory
is measured; a quarter of the contacts is fetched as well, to see whether memory grows
with the pages.
"""

from bench import COLUMNS, compare, memory, partner_row, told

COUNT = 20000
MEMORY_LIMIT = 600  # MB


def measure(bench, runs):
    """Import, then sync against what is there; once, for it takes long."""
    load = bench.apart(lambda: _load(bench))
    bench.apart(lambda: _make_partners(bench))
    _few, few_peak = bench.apart(lambda: _sync(bench, COUNT // 4))
    bench.apart(bench.clear)
    bench.apart(lambda: _make_partners(bench))
    result, peak = bench.apart(lambda: _sync(bench, COUNT))
    found = bench.apart(lambda: _check(bench))
    print(f"{COUNT} contacts from Xero: {result['seconds']:.1f} s, {told(result)}")
    print(f"  {found}")
    print(f"{COUNT} rows by Odoo's load(): {load['seconds']:.1f} s")
    print(compare(result, load))
    print(
        f"peak memory: {peak:.0f} MB of {MEMORY_LIMIT} "
        f"(a quarter of the pages: {few_peak:.0f} MB)"
    )


def _load(bench):
    return bench.load(COLUMNS, [partner_row("Import", n) for n in range(COUNT)])


def _make_partners(bench):
    """Make the partners that Odoo has: the odd ones are in Xero under the same
    e-mail, or, each fifth, under the same name alone; every second of these lacks the
    address and the phone number."""
    with bench.env(tracking_disable=True) as env:
        country = env.ref("base.nz")
        vals_list = []
        for number in range(1, COUNT + 1):
            in_xero, by_name = number % 2, number % 5 == 0
            name = "Customer" if in_xero and by_name else "Client"
            mail = "customer" if in_xero and not by_name else "client"
            vals = {
                "name": f"{name} {number:05d}",
                "email": f"{mail}{number:05d}@example.com",
                "is_company": True,
            }
            if number % 4 == 1:
                vals.update(_get_xero_values(number), country_id=country.id)
            vals_list.append(vals)
        for start in range(0, COUNT, 1000):
            env["res.partner"].create(vals_list[start : start + 1000])
            env.cr.commit()
            env.invalidate_all()
    bench.settle()


def _get_xero_values(number):
    """Return the address and phone of a numbered contact of the simulated Xero."""
    return {
        "street": f"{number} Queen Street",
        "city": "Auckland",
        "zip": "1010",
        "phone": f"+64 09 555{number % 10000:04d}",
    }


def _sync(bench, count):
    """Fetch page by page; returns what was measured, and the peak of memory in MB."""
    connection_id = bench.connect(bench.make_organisation(count))
    peak = memory()
    with bench.env() as env, bench.counted(env) as result:
        connection = env["xero.connection"].browse(connection_id)
        while env["xero.pull"]._pull_page(connection, "Contacts", None):
            peak = max(peak, memory())
    return result, max(peak, memory())


def _check(bench):
    """Return in a sentence what the sync left; stop where it is not what it must be."""
    with bench.env() as env:
        links = env["xero.link"].search([("res_model", "=", "res.partner")])
        matched = links.filtered("rule")
        doubled = env["res.partner"]._read_group(
            [("email", "=like", "customer%@example.com")],
            ["email"],
            having=[("__count", ">", 1)],
        )
        assert len(links) == COUNT, len(links)
        assert len(matched) == COUNT // 2, len(matched)
        assert not doubled, doubled[:5]
        return f"{len(matched)} matched, {len(links) - len(matched)} new, 0 doubled"
