"""The simulator's quotes: what people do with them on their screens."""

import pytest
import requests

from fake_xero.errors import Refused


@pytest.fixture
def org(fake_api):
    return fake_api.org


@pytest.fixture
def contact(org):
    return org.add_contact(Name="Kauri Builders", EmailAddress="a@kauri.nz")


def test_edit_on_the_screen_keeps_the_rest(org, contact):
    quote = dict(org.add_quote(contact, 100, Title="Tables", Terms="Cash"))
    edited = org.edit_quote(quote, Title="Chairs")
    same = ("QuoteNumber", "Terms", "Total", "DateString", "Status", "LineItems")
    assert {name: edited[name] for name in same} == {name: quote[name] for name in same}
    assert edited["Title"] == "Chairs"


def test_customer_accepts_or_declines_what_was_sent(org, contact):
    assert org.accept_quote(org.add_quote(contact))["Status"] == "ACCEPTED"
    assert org.decline_quote(org.add_quote(contact))["Status"] == "DECLINED"
    with pytest.raises(Refused):
        org.accept_quote(org.add_quote(contact, Status="DRAFT"))


def test_quotes_on_the_page(fake_api, org, contact):
    quote = org.add_quote(contact, Title="<Tables>")
    url = fake_api.server.url
    text = requests.get(url, timeout=20).text
    assert quote["QuoteNumber"] in text and "&lt;Tables&gt;" in text
    form = {
        "action": "answer",
        "tenant_id": org.tenant_id,
        "quote": quote["QuoteID"],
        "answer": "accept",
    }
    page = requests.post(f"{url}/", data=form, timeout=20)
    assert f"{quote['QuoteNumber']} is accepted" in page.text
    assert org.quotes[quote["QuoteID"]]["Status"] == "ACCEPTED"


def test_a_script_answers_a_quote(fake_api, org, contact):
    quote = org.add_quote(contact)
    answer = requests.post(
        f"{fake_api.server.url}/_control/quote/answer",
        json={"quote": quote["QuoteNumber"], "status": "DECLINED"},
        timeout=20,
    )
    assert answer.json()["quote"]["Status"] == "DECLINED"
