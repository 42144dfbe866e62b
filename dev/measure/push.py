"""5,000 changed customers go to Xero, beside Odoo's own import of the same change."""

from bench import compare, told

COUNT = 5000


def measure(bench, runs):
    """Have them in step, change each on its own, send; then change them by load()."""
    connection_id = bench.connect(bench.make_organisation(COUNT))
    bench.pull(connection_id, "Contacts")
    with bench.env() as env:
        partners = env["res.partner"].search(
            [("email", "=like", "customer%@example.com")], order="id"
        )
        for number, partner in enumerate(partners):
            partner.street = f"{number} Ponsonby Road"
        ids = partners.ids
    with bench.env() as env, bench.counted(env) as result:
        connection = env["xero.connection"].browse(connection_id)
        env["xero.push"]._push(connection)
    with bench.env() as env:
        states = env["xero.link"]._read_group([], ["state"], ["__count"])
        assert states == [("synced", COUNT)], states
    rows = [[str(res_id), f"{res_id} Karangahape Road"] for res_id in ids]
    load = bench.load([".id", "street"], rows)
    print(
        f"{COUNT} changed customers to Xero: {result['seconds']:.1f} s, {told(result)}"
    )
    print(f"{COUNT} rows changed by Odoo's load(): {load['seconds']:.1f} s")
    print(compare(result, load))
