"""JSON endpoints under /_control/ that let a script play a person.

They are listed in the package's docstring. Bodies and answers are JSON; a refusal is
400 with ``{"error": text}``.
"""

from datetime import datetime, timedelta

from werkzeug.wrappers import Response

from . import wire
from .errors import ApiError, Refused
from .oauth_grants import ConsentError


class Unknown(ValueError):
    """A script names something that is not there."""


def organisation(xero, body):
    """The organisation of ``tenant_id``, or the only (first) one."""
    tenant_id = body.get("tenant_id") or next(iter(xero.organisations), None)
    if tenant_id not in xero.organisations:
        raise Unknown(f"unknown organisation {tenant_id}")
    return xero.organisations[tenant_id]


def find(store, index, key):
    """A record by id or by an indexed key (name, number)."""
    key = str(key or "")
    if key.lower() in store:
        return store[key.lower()]
    found = store.find(index, wire.name_key(key))
    if not found:
        raise Unknown(f"unknown record {key!r}")
    return found[-1]


def _state(xero, body):
    return {
        "url": xero.base_url,
        "now": xero.now.isoformat(),
        "organisations": [
            {
                "tenant_id": org.tenant_id,
                "name": org.name,
                "short_code": org.details["ShortCode"],
                "contacts": [_contact(org, c) for c in org.contacts.values()],
                "invoices": [_invoice(org, i) for i in org.invoices.values()],
                "payments": len(org.payments),
                "items": len(org.items),
            }
            for org in xero.organisations.values()
        ],
        "apps": list(xero.oauth.apps),
        "connections": len(xero.oauth.connections),
        "faults": [vars(fault) for fault in xero.faults.active()],
        "calls": dict(xero.calls),
    }


def _contact(org, contact):
    names = ("ContactID", "Name", "EmailAddress", "ContactStatus", "ContactNumber")
    return {name: contact.get(name) for name in names}


def _invoice(org, invoice):
    names = (
        "InvoiceID",
        "InvoiceNumber",
        "Reference",
        "Type",
        "Status",
        "Total",
        "AmountDue",
        "AmountPaid",
        "CurrencyCode",
        "DueDateString",
    )
    shown = {name: invoice.get(name) for name in names}
    shown["ContactID"] = invoice["Contact"]["ContactID"]
    shown["ContactName"] = org.contacts[shown["ContactID"]]["Name"]
    return shown


def _ready(xero, body):
    return {"ready": True}


def _reset(xero, body):
    xero.reset()
    if body.get("seed"):
        return _add_organisation(xero, body)
    return {}


def _add_organisation(xero, body):
    names = ("name", "country", "currency", "seed")
    org = xero.add_organisation(**{k: body[k] for k in names if k in body})
    return {"tenant_id": org.tenant_id, "name": org.name}


def _app(xero, body):
    app = xero.add_app(**body)
    return {"client_id": app.client_id}


def pay(xero, body):
    """Record a payment: invoice (id or number), amount, date, account."""
    org = organisation(xero, body)
    invoice = find(org.invoices, "number", body.get("invoice"))
    payment = org.pay(
        invoice,
        body.get("amount"),
        body.get("date"),
        body.get("account", "090"),
        body.get("reference", ""),
    )
    return {"payment": payment, "invoice": _invoice(org, invoice)}


def _unpay(xero, body):
    org = organisation(xero, body)
    return {"payment": org.unpay(org.payments[body["payment"]])}


def change_contact(xero, body):
    """Create a contact, or change the one that ``contact`` (id or name) names."""
    org = organisation(xero, body)
    fields = dict(body.get("fields") or {})
    if not body.get("contact"):
        return {"contact": org.add_contact(**fields)}
    contact = find(org.contacts, "name", body["contact"])
    xero_id = contact["ContactID"]
    return {"contact": org.update("Contacts", **{**fields, "ContactID": xero_id})}


def _add_contacts(xero, body):
    made = organisation(xero, body).add_contacts(int(body["count"]))
    return {"count": len(made)}


def _add_invoice(xero, body):
    org = organisation(xero, body)
    contact = find(org.contacts, "name", body.get("contact"))
    fields = body.get("fields") or {}
    invoice = org.add_invoice(contact, body.get("amount", "100.00"), **fields)
    return {"invoice": _invoice(org, invoice)}


def _add_invoices(xero, body):
    """Create ``count`` invoices for the contacts in turn."""
    org = organisation(xero, body)
    contacts, fields = list(org.contacts.values()), body.get("fields") or {}
    for number in range(int(body["count"])):
        org.add_invoice(contacts[number % len(contacts)], **fields)
    return {"count": int(body["count"])}


def _pay_some(xero, body):
    """Pay ``count`` of the invoices that await it, spread over all of them."""
    org = organisation(xero, body)
    due = [each for each in org.invoices.values() if each["Status"] == "AUTHORISED"]
    chosen = due[:: max(len(due) // int(body["count"]), 1)][: int(body["count"])]
    for invoice in chosen:
        org.pay(invoice)
    return {"count": len(chosen)}


def _update_invoice(xero, body):
    org = organisation(xero, body)
    invoice = find(org.invoices, "number", body.get("invoice"))
    fields = {**body["fields"], "InvoiceID": invoice["InvoiceID"]}
    return {"invoice": _invoice(org, org.update("Invoices", **fields))}


def answer_quote(xero, body):
    """Let the customer, or the accountant, answer a quote (id or number)."""
    org = organisation(xero, body)
    quote = find(org.quotes, "number", body.get("quote"))
    quote = org.edit_quote(quote, Status=body.get("status", "ACCEPTED"))
    return {"quote": {n: quote[n] for n in ("QuoteID", "QuoteNumber", "Status")}}


def fault(xero, body):
    """Switch a fault on: route, kind, and the options of faults.Fault."""
    return {"fault": vars(xero.fail(**body))}


def _clear_faults(xero, body):
    xero.clear_faults(body.get("route"))
    return {}


def _consent(xero, body):
    url = xero.consent(body["url"], body.get("tenant_ids"), body.get("allow", True))
    return {"redirect": url}


def _token(xero, body):
    return xero.issue_token(**body)


def _disconnect(xero, body):
    xero.disconnect(organisation(xero, body).tenant_id)
    return {}


def _deliver(xero, body):
    done = xero.webhooks.deliver(body.get("client_id"))
    return {"deliveries": [{"status": d.status, "seconds": d.seconds} for d in done]}


def _intent(xero, body):
    return {"accepted": xero.webhooks.intent_to_receive(body["client_id"])}


def _time(xero, body):
    if "now" in body:
        xero.now = datetime.fromisoformat(body["now"])
    xero.advance(timedelta(seconds=body.get("advance", 0)))
    return {"now": xero.now.isoformat()}


def _limits(xero, body):
    for name in ("enforce", "per_minute", "per_day", "concurrent"):
        if name in body:
            setattr(xero.limits, name, body[name])
    return {}


def _calls(xero, body):
    return {"calls": dict(xero.calls)}


def _reset_calls(xero, body):
    xero.reset_calls()
    return {}


def _requests(xero, body):
    last = list(xero.requests)[-int(body.get("last", 50)) :]
    names = ("route", "method", "path", "query", "headers", "body", "status")
    return {"requests": [{k: getattr(r, k) for k in names} for r in last]}


def _violations(xero, body):
    return {"violations": list(xero.contract_violations)}


ACTIONS = {
    "GET state": _state,
    "GET ready": _ready,
    "POST reset": _reset,
    "POST organisation": _add_organisation,
    "POST app": _app,
    "POST payment": pay,
    "POST unpay": _unpay,
    "POST contact": change_contact,
    "POST contacts": _add_contacts,
    "POST invoice": _add_invoice,
    "POST invoices": _add_invoices,
    "POST payments": _pay_some,
    "POST invoice/update": _update_invoice,
    "POST quote/answer": answer_quote,
    "POST fault": fault,
    "DELETE fault": _clear_faults,
    "POST consent": _consent,
    "POST token": _token,
    "POST disconnect": _disconnect,
    "POST deliver": _deliver,
    "POST intent": _intent,
    "POST time": _time,
    "POST limits": _limits,
    "GET calls": _calls,
    "DELETE calls": _reset_calls,
    "GET requests": _requests,
    "GET violations": _violations,
}
REFUSALS = (Refused, ApiError, ConsentError, ValueError, KeyError, TypeError)


def respond(xero, request):
    """The response to a request under /_control/."""
    name = request.path.removeprefix("/_control/").strip("/")
    action = ACTIONS.get(f"{request.method} {name}")
    if not action:
        return _json({"error": f"no such control: {request.method} {name}"}, 404)
    try:
        body = request.args.to_dict()
        if request.get_data():
            body.update(wire.loads(request.get_data()))
        return _json(action(xero, body))
    except REFUSALS as error:
        return _json({"error": f"{type(error).__name__}: {error}"}, 400)


def _json(payload, status=200):
    return Response(wire.dumps(payload), status, content_type="application/json")
