"""Quotes on the simulator's own page: a person accepts or declines one."""

from html import escape

from . import wire

ANSWERS = {"accept": "ACCEPTED", "decline": "DECLINED"}


def act_answer(org, form):
    """Do what the form asks; returns a sentence about it.

    :raise KeyError: for a quote or an answer that is not there
    """
    quote = org.edit_quote(
        org.quotes[form["quote"].lower()], Status=ANSWERS[form["answer"]]
    )
    return f"{quote['QuoteNumber']} is {quote['Status'].lower()}."


def section(org, max_rows):
    """The table of quotes, the newest first; '' where there is none."""
    rows = sorted(
        org.quotes.values(), key=lambda q: (q["Date"], q["QuoteNumber"]), reverse=True
    )
    if not rows:
        return ""
    body = "".join(_row(org, row) for row in rows[:max_rows])
    return (
        f"<section id='quotes-{org.tenant_id}'><h2>Quotes "
        f"<span class='soft'>{len(rows)}</span></h2><table><tr>"
        "<th>Number</th><th>Contact</th><th>Reference</th><th>Title</th><th>Date</th>"
        "<th>Expires</th><th>Status</th><th class='n'>Total</th>"
        f"<th>The customer answers</th></tr>{body}</table></section>"
    )


def _row(org, quote):
    contact = org.contacts[quote["Contact"]["ContactID"]]
    status = quote["Status"]
    expiry = wire.day_of(quote.get("ExpiryDate"))
    return (
        f"<tr><td>{escape(quote['QuoteNumber'])}</td>"
        f"<td>{escape(contact['Name'])}</td>"
        f"<td>{escape(quote.get('Reference') or '')}</td>"
        f"<td>{escape(quote.get('Title') or '')}</td>"
        f"<td class='day'>{wire.day_of(quote['Date'])}</td>"
        f"<td class='day'>{expiry or ''}</td>"
        f"<td><span class='badge {status}'>{status}</span></td>"
        f"<td class='n'>{quote['Total']} {escape(quote['CurrencyCode'])}</td>"
        f"<td class='pay'>{_buttons(org, quote)}</td></tr>"
    )


def _buttons(org, quote):
    if quote["Status"] != "SENT":
        return ""
    return (
        "<form class='inline' method='post'>"
        "<input type='hidden' name='action' value='answer'>"
        f"<input type='hidden' name='tenant_id' value='{org.tenant_id}'>"
        f"<input type='hidden' name='quote' value='{quote['QuoteID']}'>"
        "<button name='answer' value='accept' class='primary'>Accept</button>"
        "<button name='answer' value='decline'>Decline</button></form>"
    )
