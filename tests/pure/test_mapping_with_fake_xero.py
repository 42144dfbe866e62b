"""Documents through the simulated Xero and back, and both sides' arithmetic alike."""

import json
import urllib.request
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import mapping
from mapping import ContactData, InvoiceData, ItemData, LineData, three_way
from mapping.totals import EXCLUSIVE, INCLUSIVE, NO_TAX

pytest.importorskip("werkzeug", reason="the simulator runs on Odoo's Werkzeug")
fake_xero = pytest.importorskip("fake_xero")

PAGED = ("ContactData", "InvoiceData", "CreditNoteData", "PaymentData")
DOCUMENTS = (
    *PAGED,
    "AccountData",
    "BrandingThemeData",
    "CurrencyData",
    "OrganisationData",
    "TaxRateData",
    "TrackingCategoryData",
)


class Api:
    """The few calls that these tests need, without the addon's client."""

    def __init__(self, server):
        self.url = server.url
        organisation = server.xero.add_organisation(
            name="Pure", country="NZ", currency="NZD", seed="demo"
        )
        server.xero.add_app("app", "secret", redirect_uris=["http://localhost/"])
        token = server.xero.issue_token("app", [organisation.tenant_id])
        self.headers = {
            "Authorization": f"Bearer {token['access_token']}",
            "Xero-Tenant-Id": organisation.tenant_id,
            "Accept": "application/json",
            "Content-Type": "application/json",
        }

    def call(self, method, resource, payload=None, query="?unitdp=4", key=None):
        """Return the elements of the answer, numbers as Decimal."""
        body = payload and json.dumps({resource: [payload]}, default=str).encode()
        request = urllib.request.Request(
            f"{self.url}/api.xro/2.0/{resource}{query}", body, self.headers
        )
        request.method = method
        with urllib.request.urlopen(request, timeout=30) as answer:
            return json.load(answer, parse_float=Decimal)[key or resource]

    def save(self, document, changed=None):
        """Send a document and read it back."""
        method = "POST" if document.xero_id else "PUT"
        sent = document.to_xero(changed) if changed else document.to_xero()
        (answer,) = self.call(method, document.resource, sent)
        xero_id = answer[document.id_field]
        (read,) = self.call("GET", f"{document.resource}", query=f"/{xero_id}?unitdp=4")
        return type(document).from_xero(read)


@pytest.fixture(scope="module")
def api():
    with fake_xero.FakeXeroServer() as server:
        yield Api(server)


CONTACT = {
    "name": "شركة النور 🥝 & (Söhne)",
    "first_name": "Ōrākei",
    "last_name": "O'Neil",
    "email": "a.b+c@example.com",
    "phone": "+64 21 555 123",
    "tax_number": "49-091-850",
    "company_number": "9429",
    "account_number": "C-1",
    "contact_number": "odoo-1-1",
    "street": "1 Queen Street",
    "street2": "Level 2",
    "city": "Auckland",
    "region": "AUK",
    "postal_code": "1010",
    "country": "New Zealand",
}


def test_contact_is_the_same_after_a_create_and_a_change(api):
    ours = ContactData(**CONTACT)
    assert ours.problems() == []
    theirs = api.save(ours)
    assert theirs.xero_id
    assert ours.diff(theirs) == {}
    cleared = ContactData(
        **{**CONTACT, "phone": "", "street2": "", "email": "", "archived": True},
        xero_id=theirs.xero_id,
    )
    merge = three_way(theirs.values(), cleared.values(), theirs.values(), policy="ask")
    assert set(merge.to_theirs) == {"phone", "street2", "email", "archived"}
    assert cleared.diff(api.save(cleared, set(merge.to_theirs))) == {}


def test_item_is_the_same_after_a_create_and_a_change(api):
    ours = ItemData(
        code="PURE-1",
        name="A chair with a very long name " * 3,
        description="Two\nlines",
        sale_price="12.3456",
        sale_account="200",
        sale_tax_type="OUTPUT2",
        purchase_price="7",
        is_purchased=True,
    )
    theirs = api.save(ours)
    assert ours.diff(theirs) == {}
    dearer = ItemData.from_values(
        {**ours.values(), "sale_price": "13", "xero_id": theirs.xero_id}
    )
    assert dearer.diff(api.save(dearer, {"sale_price"})) == {}


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_document_of_the_demo_company_is_read(api, name):
    document = getattr(mapping, name)
    query = "?page=1&unitdp=4" if name in PAGED else ""
    key = "Organisations" if document.resource == "Organisation" else None
    found = api.call("GET", document.resource, query=query, key=key)
    assert found or name in PAGED
    for payload in found:
        data = document.from_xero(payload)
        assert payload[document.id_field]
        known = document.from_values(data.values())
        assert known.fingerprint() == data.fingerprint()


def test_invoice_has_the_totals_that_were_computed(api):
    contact = api.save(ContactData(name="Totals Ltd"))
    ours = InvoiceData(
        contact_id=contact.xero_id,
        reference="S00042",
        status="AUTHORISED",
        date="2026-11-02",
        due_date="2026-12-01",
        currency="NZD",
        lines=(
            *(
                LineData("A", 1, price, 0, "200", "OUTPUT2", 15)
                for price in ("25.06", "25.61", "25.63")
            ),
            LineData(
                "Third off\nfor you", "3", "33.3333", "33.33", "200", "OUTPUT2", 15
            ),
            LineData("Back", "-1", "20", 0, "200", "OUTPUT2", 15),
            LineData("Thank you 🥝"),
        ),
    )
    assert ours.problems() == []
    theirs = api.save(ours)
    computed = ours.computed_totals()
    assert (theirs.subtotal, theirs.total_tax, theirs.total) == (
        computed.subtotal,
        computed.tax,
        computed.total,
    )
    assert theirs.computed_totals() == computed
    assert theirs.amount_due == computed.total
    assert theirs.date == ours.date
    assert [line.description for line in theirs.lines] == [
        line.description for line in ours.lines
    ]
    voided = InvoiceData(xero_id=theirs.xero_id, status="VOIDED")
    after = api.save(voided, {"status"})
    assert (after.status, len(after.lines)) == ("VOIDED", len(ours.lines))


@settings(max_examples=200, deadline=None)
@given(
    st.decimals(-10_000, 10_000, places=4),
    st.decimals(-10_000, 10_000, places=4),
    st.decimals(0, 100, places=2),
    st.sampled_from([0, 5, "8.875", "12.5", 15, 20]),
    st.sampled_from([EXCLUSIVE, INCLUSIVE, NO_TAX]),
)
def test_simulated_xero_rounds_as_we_do(quantity, unit, discount, rate, kind):
    money = pytest.importorskip("fake_xero.money")
    line = LineData("A", quantity, unit, discount, tax_rate=rate)
    theirs = money.compute_line(line.to_xero(), Decimal(str(rate)), kind, 4)
    assert (line.amount(), line.tax(kind)) == (theirs.amount, theirs.tax)
