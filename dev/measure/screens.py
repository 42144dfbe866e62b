"""Screens with and without the addon's fields, as the web client asks for them.

A customer with 10,000 invoices is opened, with the chatter; the list of 50,000
customers is shown, as it is at first, sorted by what is overdue and grouped by status.
Beside each the same question without the fields that the addon brings. That list cannot
be sorted by what is overdue or grouped by status: it is sorted by city, which has no
index either, and grouped by country. For information the sorted list also stands beside
the list as it is at first, which Odoo reads in the order of an index.
"""

import time
from datetime import timedelta

from lxml import etree

from odoo import fields
from odoo.tests import new_test_user

from odoo.addons.mail.tools.discuss import Store

from bench import compare, work_of

INVOICES = 10000
PARTNERS = 50000
OWING = 5000
PAGE = 80
LINES = 40
LIMIT = 1.3
CHATTER = [
    "activities",
    "attachments",
    "contact_fields",
    "followers",
    "scheduledMessages",
    "suggestedRecipients",
]
# What a rep is, who may see all customers.
GROUPS = "sales_team.group_sale_salesman_all_leads,xero_crm.group_xero_user"


def measure(bench, runs):
    """Make the records, then ask with and without our fields by turns."""
    connection_id = bench.connect(bench.make_organisation(0))
    with bench.env(tracking_disable=True) as env:
        partner_id = _make_records(env, env["xero.connection"].browse(connection_id))
    bench.settle()
    with bench.env() as env:
        user = new_test_user(env, "bench_rep", GROUPS)
        partners = env(user=user)["res.partner"]
        screens = _get_screens(partners, partners.browse(partner_id))
        for label, (ours, *plain) in screens.items():
            _compare(env, label, ours, plain, 10 * runs)


def _get_screens(partners, partner):
    """Return functions by what they ask for: one that asks with our fields, one that
    asks without, and maybe one more to stand beside."""
    form, list_spec = _get_spec(partners, "form"), _get_spec(partners, "list")
    plain_form, plain_list = _without_ours(form), _without_ours(list_spec)

    def search(spec, order):
        return partners.web_search_read(
            [], spec, limit=PAGE, order=order, count_limit=10001
        )

    def group(name, aggregates):
        return partners.web_read_group([], [name], aggregates)

    return {
        f"a customer with {INVOICES} invoices": (
            lambda: (partner.web_read(form), _read_chatter(partner)),
            lambda: (partner.web_read(plain_form), _read_chatter(partner)),
        ),
        f"{PARTNERS} customers": (
            lambda: search(list_spec, None),
            lambda: search(plain_list, None),
        ),
        f"{PARTNERS} customers, sorted by overdue": (
            lambda: search(list_spec, "xero_overdue_balance DESC, id"),
            lambda: search(plain_list, "city DESC, id"),
            lambda: search(plain_list, None),
        ),
        f"{PARTNERS} customers, grouped by status": (
            lambda: group("xero_customer_status", ["xero_overdue_balance:sum"]),
            lambda: group("country_id", []),
        ),
    }


def _read_chatter(partner):
    """Ask for what stands beside the form, as the web client does."""
    store = Store()
    partner._thread_to_store(store, [], request_list=CHATTER)
    store.get_result()
    found = partner.env["mail.message"]._message_fetch(domain=None, thread=partner)
    Store().add(found["messages"]).get_result()


def _compare(env, label, ours, plain, runs):
    """Ask by turns, after once each to warm up, and print the least of each."""
    backend = env.cr._cnx.info.backend_pid
    asked = [ours, *plain]
    times, work = {ask: [] for ask in asked}, dict.fromkeys(asked, 0.0)
    queries = {}
    for run in range(runs + 1):
        for ask in asked:
            env.invalidate_all()
            before, worked = env.cr.sql_log_count, work_of(backend)
            began = time.perf_counter()
            ask()
            seconds = time.perf_counter() - began
            queries[ask] = env.cr.sql_log_count - before
            if run:
                times[ask].append(seconds)
                work[ask] += work_of(backend) - worked
    print(label)
    for text, ask in zip(("with", "without", "at first"), asked, strict=False):
        best, mean = min(times[ask]) * 1000, work[ask] / runs * 1000
        print(
            f"  {text:<8} {best:6.1f} ms, {mean:6.1f} ms of processor time, "
            f"{queries[ask]} queries"
        )
    mine, *theirs = ({"seconds": min(times[ask]), "work": work[ask]} for ask in asked)
    print(f"  {compare(mine, theirs[0])}, at most {LIMIT}")
    for other in theirs[1:]:
        print(f"  beside the list at first: {compare(mine, other)}")


# === WHAT THE WEB CLIENT ASKS FOR === #


def _get_spec(partners, view_type):
    """Return the fields of a view as the web client reads them, optional ones too."""
    views = partners.get_views([(False, view_type)])
    arch = etree.fromstring(views["views"][view_type]["arch"])
    models = {name: model["fields"] for name, model in views["models"].items()}
    return _read_arch(arch, "res.partner", models)


def _read_arch(arch, model, models):
    spec = {}
    depth = arch.xpath("count(ancestor-or-self::field)")
    for node in arch.xpath(f".//field[count(ancestor::field) = {depth}]"):
        name = node.get("name")
        field = models[model][name]
        hidden = node.get("invisible") in ("1", "True")
        spec.setdefault(name, {})
        if hidden or "relation" not in field:
            continue
        if field["type"] == "many2one" or "tags" in (node.get("widget") or ""):
            spec[name] = {"fields": {"display_name": {}}}
        elif (inner := node.find("list")) is None:
            inner = node.find("kanban")
        if field["type"] == "one2many" and inner is not None:
            lines = _read_arch(inner, field["relation"], models)
            spec[name] = {"fields": lines, "limit": LINES}
    return spec


def _without_ours(spec):
    return {name: sub for name, sub in spec.items() if not name.startswith("xero_")}


# === RECORDS === #


def _make_records(env, connection):
    """Return the id of the customer with the many invoices."""
    env.cr.execute(
        """
        INSERT INTO res_partner (name, complete_name, active, is_company, type, email,
                                 city, country_id, autopost_bills)
        SELECT name, name, TRUE, TRUE, 'contact', 'p' || n || '@example.com',
               'City ' || n %% 977, %s, 'ask'
          FROM (SELECT n, 'Client ' || LPAD(n::text, 5, '0') AS name
                  FROM generate_series(1, %s) n) numbered
        RETURNING id""",
        [env.ref("base.nz").id, PARTNERS],
    )
    ids = [row[0] for row in env.cr.fetchall()]
    env.cr.execute(
        "UPDATE res_partner SET commercial_partner_id = id WHERE id = ANY(%s)", [ids]
    )
    env.invalidate_all()
    many, owing = ids[0], ids[1 :: PARTNERS // OWING]
    _make_invoices(env, connection, [many] * INVOICES, paid=0.99)
    _make_invoices(env, connection, owing * 2, paid=0.5)
    return many


def _make_invoices(env, connection, partner_ids, paid):
    """Create one for each; the given part of them is paid, half of the rest late."""
    today, vals_list = fields.Date.today(), []
    for number, partner_id in enumerate(partner_ids):
        is_paid = number < paid * len(partner_ids)
        day = today - timedelta(days=number % 700)
        amount = 115.0 + number % 977
        vals_list.append(
            {
                "connection_id": connection.id,
                "partner_id": partner_id,
                "status": "paid" if is_paid else "authorised",
                "number": f"INV-{partner_id}-{number}",
                "date": day,
                "paid_on": is_paid and day + timedelta(days=number % 60),
                "due_date": today + timedelta(days=20 - number % 40),
                "currency_id": connection.company_id.currency_id.id,
                "amount_total": amount,
                "amount_due": 0.0 if is_paid else amount,
            }
        )
    for start in range(0, len(vals_list), 1000):
        env["xero.invoice"].create(vals_list[start : start + 1000])
        env.flush_all()
        env.invalidate_all()
