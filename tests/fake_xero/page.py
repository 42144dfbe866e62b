"""The simulator's own page: look at contacts, quotes and invoices; play a person."""

from decimal import Decimal, InvalidOperation
from html import escape
from urllib.parse import urlencode

from werkzeug.utils import redirect
from werkzeug.wrappers import Response

from . import page_quotes, wire
from .answer import error_answer
from .control import REFUSALS, change_contact, fault, organisation, pay
from .errors import NotFound
from .faults import KINDS
from .template import render

MAX_ROWS = 200
ROUTES = (
    "PUT Invoices",
    "POST Invoices",
    "GET Invoices",
    "PUT Quotes",
    "POST Quotes",
    "GET Quotes",
    "PUT Contacts",
    "POST Contacts",
    "GET Contacts",
    "PUT Items",
    "GET Items",
    "POST token",
    "* *",
)


def respond(xero, request):
    """The response to a page request."""
    if request.path.startswith("/online/") and request.method == "GET":
        return _online(xero, request.path.removeprefix("/online/"))
    if request.path != "/":
        answer = error_answer(NotFound())
        return Response(answer.body, 404, content_type=answer.content_type)
    if request.method == "POST":
        return redirect("/?" + urlencode({"notice": _act(xero, request.form)}), 303)
    return _html("Simulated Xero", _home(xero, request.args.get("notice", "")))


def _html(title, body, status=200, narrow=False):
    text = render(title, body, narrow)
    return Response(text, status, content_type="text/html; charset=utf-8")


# --- actions --------------------------------------------------------------------


def _act(xero, form):
    """Do what a form asks; returns a sentence about it."""
    actions = {
        "pay": _act_pay,
        "answer": _act_answer,
        "contact": _act_contact,
        "fault": _act_fault,
        "clear": _act_clear,
    }
    try:
        return actions[form.get("action", "")](xero, form)
    except (*REFUSALS, InvalidOperation) as error:
        return f"Not done: {error}"


def _act_pay(xero, form):
    amount = Decimal(form["amount"]) if form.get("amount") else None
    body = {k: form[k] for k in ("tenant_id", "invoice")}
    done = pay(xero, {**body, "amount": amount})
    number = done["invoice"]["InvoiceNumber"]
    return f"Recorded a payment of {done['payment']['Amount']} on {number}."


def _act_answer(xero, form):
    return page_quotes.act_answer(organisation(xero, form), form)


def _act_contact(xero, form):
    fields = {"Name": form["name"], "EmailAddress": form["email"]}
    fields["Phones"] = [
        {
            "PhoneType": "DEFAULT",
            "PhoneNumber": form["phone"],
            "PhoneAreaCode": form.get("area", ""),
            "PhoneCountryCode": form.get("country", ""),
        }
    ]
    body = {"tenant_id": form["tenant_id"], "contact": form["contact"]}
    done = change_contact(xero, {**body, "fields": fields})
    return f"Changed {done['contact']['Name']}."


def _act_fault(xero, form):
    body = {"route": form["route"], "kind": form["kind"]}
    body["times"] = int(form.get("times") or 1)
    if form.get("seconds"):
        body["seconds"] = float(form["seconds"])
    if form.get("retry_after"):
        body["retry_after"] = int(form["retry_after"])
    fault(xero, body)
    return f"Switched on: {form['kind']} on {form['route']}."


def _act_clear(xero, form):
    xero.clear_faults()
    return "All faults are switched off."


# --- the page -------------------------------------------------------------------


def _home(xero, notice):
    parts = []
    if notice:
        parts.append(f"<section class='notice'>{escape(notice)}</section>")
    links = "".join(
        f"<a href='#{org.tenant_id}'>{escape(org.name)}</a>"
        f"<a href='#contacts-{org.tenant_id}'>its contacts</a>"
        for org in xero.organisations.values()
    )
    parts.append(f"<nav>{links}<a href='#faults'>Faults and calls</a></nav>")
    for org in list(xero.organisations.values()):
        with org.lock:
            parts.append(f"<h1 id='{org.tenant_id}'>{escape(org.name)}</h1>")
            parts.append(page_quotes.section(org, MAX_ROWS))
            parts.append(_invoices(org))
            parts.append(_contacts(org))
    parts.append(f"<div class='grid'>{_faults(xero)}{_calls(xero)}</div>")
    return "".join(parts)


def _invoices(org):
    rows = sorted(org.invoices.values(), key=lambda i: i["Date"], reverse=True)
    body = "".join(_invoice_row(org, row) for row in rows[:MAX_ROWS])
    return (
        f"<section><h2>Invoices <span class='soft'>{len(rows)}</span></h2><table><tr>"
        "<th>Number</th><th>Contact</th><th>Reference</th><th>Date</th><th>Due</th>"
        "<th>Status</th><th class='n'>Total</th><th class='n'>Due</th>"
        f"<th>Record a payment</th></tr>{body}</table></section>"
    )


def _invoice_row(org, invoice):
    contact = org.contacts[invoice["Contact"]["ContactID"]]
    due = wire.day_of(invoice.get("DueDate"))
    status = invoice["Status"]
    late = status == "AUTHORISED" and due and due < org.today()
    badge = f"<span class='badge {status}'>{status}</span>"
    if late:
        badge += " <span class='badge overdue'>overdue</span>"
    form = ""
    if status == "AUTHORISED":
        form = (
            "<form class='inline' method='post'>"
            f"{_hidden(action='pay', tenant_id=org.tenant_id)}"
            f"{_hidden(invoice=invoice['InvoiceID'])}"
            f"<input name='amount' size='8' placeholder='{invoice['AmountDue']}'>"
            "<button>Pay</button></form>"
        )
    cells = (
        escape(invoice["InvoiceNumber"]),
        escape(contact["Name"]),
        escape(invoice.get("Reference") or ""),
        str(wire.day_of(invoice["Date"])),
        str(due or ""),
        badge,
    )
    currency = escape(invoice["CurrencyCode"])
    days = range(3, 5)
    return (
        "<tr>"
        + "".join(
            f"<td{' class=day' if place in days else ''}>{cell}</td>"
            for place, cell in enumerate(cells)
        )
        + f"<td class='n'>{invoice['Total']} {currency}</td>"
        + f"<td class='n'>{invoice['AmountDue']}</td><td class='pay'>{form}</td></tr>"
    )


def _contacts(org):
    rows = sorted(org.contacts.values(), key=lambda c: wire.name_key(c["Name"]))
    body = "".join(_contact_row(org, row) for row in rows[:MAX_ROWS])
    return (
        f"<section id='contacts-{org.tenant_id}'><h2>Contacts "
        f"<span class='soft'>{len(rows)}</span></h2><table><tr>"
        f"<th>Name, e-mail and phone</th><th>Status</th></tr>{body}</table></section>"
    )


def _contact_row(org, contact):
    phone = next(p for p in contact["Phones"] if p["PhoneType"] == "DEFAULT")
    status = contact["ContactStatus"]
    return (
        "<tr><td><form class='inline' method='post'>"
        f"{_hidden(action='contact', tenant_id=org.tenant_id)}"
        f"{_hidden(contact=contact['ContactID'], area=phone['PhoneAreaCode'])}"
        f"{_hidden(country=phone['PhoneCountryCode'])}"
        f"<input name='name' value='{escape(contact['Name'])}' aria-label='Name'>"
        f"<input name='email' value='{escape(contact['EmailAddress'])}' size='28' "
        "placeholder='e-mail' aria-label='E-mail'>"
        f"<input name='phone' value='{escape(phone['PhoneNumber'])}' size='12' "
        "placeholder='phone' aria-label='Phone'>"
        "<button>Save</button></form></td>"
        f"<td><span class='badge {status}'>{status}</span></td></tr>"
    )


def _hidden(**fields):
    return "".join(
        f"<input type='hidden' name='{name}' value='{escape(str(value))}'>"
        for name, value in fields.items()
    )


def _faults(xero):
    active = "".join(
        f"<li><b>{escape(f.kind)}</b> on {escape(f.route)}, "
        f"{'for ever' if f.times is None else f'{f.times - f.struck} times left'}</li>"
        for f in xero.faults.active()
    )
    routes = "".join(f"<option>{route}</option>" for route in ROUTES)
    kinds = "".join(f"<option>{kind}</option>" for kind in KINDS)
    return (
        "<section id='faults'><h2>Faults</h2><form class='inline' method='post'>"
        f"{_hidden(action='fault')}<select name='kind'>{kinds}</select> on "
        f"<select name='route'>{routes}</select>"
        "<input name='times' size='3' placeholder='times'>"
        "<input name='seconds' size='5' placeholder='seconds'>"
        "<input name='retry_after' size='8' placeholder='Retry-After'>"
        "<button class='primary'>Switch on</button></form>"
        f"<ul>{active or '<li class=soft>none is switched on</li>'}</ul>"
        f"<form method='post'>{_hidden(action='clear')}"
        "<button>Switch all off</button></form></section>"
    )


def _calls(xero):
    rows = "".join(
        f"<tr><td>{escape(route)}</td><td class='n'>{count}</td></tr>"
        for route, count in sorted(xero.calls.items())
    )
    return f"<section><h2>Calls</h2><table>{rows}</table></section>"


def _online(xero, invoice_id):
    """What a customer sees under the online invoice's address."""
    for org in list(xero.organisations.values()):
        invoice = org.invoices.get(invoice_id.lower())
        if invoice:
            contact = org.contacts[invoice["Contact"]["ContactID"]]
            body = (
                f"<p class='soft'>{escape(org.name)}</p>"
                f"<h1>Invoice {escape(invoice['InvoiceNumber'])}</h1>"
                f"<p>{escape(contact['Name'])}</p>"
                f"<p><b>{invoice['AmountDue']} {escape(invoice['CurrencyCode'])}</b> "
                f"due, of {invoice['Total']}</p>"
            )
            return _html("Invoice", body, narrow=True)
    answer = error_answer(NotFound())
    return Response(answer.body, 404, content_type=answer.content_type)
