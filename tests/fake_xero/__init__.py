"""A simulated Xero for tests and the demo: OAuth, Accounting API, webhooks, faults.

It is built from Xero's OpenAPI files and from recordings of the real one, not from the
addon: it has its own arithmetic, its own rules, and shares no code with what it tests.
Only Werkzeug and the standard library are needed.

In a test::

    server = FakeXeroServer().start()       # a thread on a free port
    xero = server.xero                      # the state
    xero.add_app("id", "secret", ["http://localhost:8069/xero_crm/oauth/callback"])
    org = xero.add_organisation("Demo Company (NZ)", seed="demo")
    token = xero.issue_token("id", [org.tenant_id])
    xero.fail("PUT Invoices", "timeout_after")      # kinds: faults.KINDS
    org.pay(org.add_invoice(amount="115.00"), "10.00")
    xero.calls["PUT Invoices"], xero.requests[-1].body
    xero.now = datetime(2026, 9, 1)                 # or xero.advance(timedelta(...))
    server.stop()

All three base addresses (login, identity, API) are ``server.url``. Rate limits are
counted always and enforced with ``xero.limits.enforce = True``. Webhooks are queued
for apps with a ``webhook_url`` and sent by ``xero.webhooks.deliver()``. With the
environment variable XERO_OPENAPI (the folder of the OpenAPI files) every request and
answer is held against them: ``xero.contract_violations`` must stay empty.

As a process: ``PYTHONPATH=tests python -m fake_xero --port N [--seed demo|empty]
[--client-id ID --client-secret S --redirect-uri URL] [--webhook-url URL --webhook-key
K] [--state FILE] [--limits]``. Its page is at ``/``; webhooks go out by themselves.
A script plays a person through JSON (a refusal is 400 ``{"error": text}``); where
``tenant_id`` is left out, the first organisation is meant; ``invoice`` is an id or a
number, ``contact`` an id or a name:

==========================  ======================================================
GET    /_control/ready      ``{"ready": true}``
GET    /_control/state      organisations with contacts and invoices, apps, faults
POST   /_control/reset      forget everything but the apps; ``{seed?, name?}``
POST   /_control/organisation  ``{name, country, currency, seed}`` -> tenant_id
POST   /_control/app        ``{client_id, client_secret, redirect_uris, scopes,
                            tier, webhook_url, webhook_key}``
POST   /_control/consent    ``{url, tenant_ids?, allow?}`` -> redirect: what a
                            click on Allow (or Cancel) does
POST   /_control/token      ``{client_id, tenant_ids, expired?, scopes?}``
POST   /_control/disconnect ``{tenant_id?}``: a user removes the app in Xero
POST   /_control/payment    ``{invoice, amount?, date?, account?, reference?}``
POST   /_control/unpay      ``{payment}``
POST   /_control/contact    ``{contact?, fields}`` in wire names; creates without
                            ``contact``
POST   /_control/contacts   ``{count}``: many at once
POST   /_control/invoice    ``{contact, amount?, fields?}``
POST   /_control/invoice/update  ``{invoice, fields}``, e.g. Status VOIDED
POST   /_control/quote/answer  ``{quote, status}``, e.g. ACCEPTED or DECLINED
POST   /_control/fault      ``{route, kind, times?, seconds?, retry_after?, ...}``
DELETE /_control/fault      all faults, or ``?route=``
POST   /_control/deliver    send queued webhooks; POST /_control/intent the check
                            when a subscription is made: ``{client_id}``
POST   /_control/time       ``{now}`` (ISO) or ``{advance}`` (seconds)
POST   /_control/limits     ``{enforce, per_minute, per_day, concurrent}``
GET    /_control/calls      counters by route; DELETE forgets them
GET    /_control/requests   the last requests, ``?last=50``
GET    /_control/violations departures from the OpenAPI files
==========================  ======================================================
"""

from .server import FakeXeroServer
from .state import FakeXero

__all__ = ["FakeXero", "FakeXeroServer"]
