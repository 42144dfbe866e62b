"""What every document can do, and the lists of reference data."""

import dataclasses
import datetime as dt
import json
from decimal import Decimal

import pytest

import mapping
from mapping import (
    AccountData,
    BrandingThemeData,
    ContactData,
    CurrencyData,
    InvoiceData,
    ItemData,
    LineData,
    MappingError,
    OrganisationData,
    PaymentData,
    TaxComponentData,
    TaxRateData,
    TrackingCategoryData,
    TrackingOptionData,
)

DOCUMENTS = [
    getattr(mapping, name) for name in mapping.__all__ if name.endswith("Data")
]
ID = "ebd06280-af70-4bed-97c6-7451a454ad85"


@pytest.mark.parametrize("document", DOCUMENTS)
def test_document_is_frozen_and_plain(document):
    one = document()
    assert json.loads(json.dumps(one.values())) == one.values()
    assert document.from_values(one.values()) == one
    with pytest.raises(dataclasses.FrozenInstanceError):
        setattr(one, dataclasses.fields(one)[0].name, "x")
    assert hash(one) == hash(document())
    assert not hasattr(one, "__dict__")


@pytest.mark.parametrize("document", DOCUMENTS)
@pytest.mark.parametrize("bad", [None, [], "text", 5, True])
def test_what_is_no_object_is_refused(document, bad):
    for read in (document.from_xero, document.from_values):
        with pytest.raises(MappingError):
            read(bad)


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_field_stands_absence_and_refuses_nonsense(document):
    for field in dataclasses.fields(document):
        assert document(**{field.name: None}) == document()
        with pytest.raises(MappingError) as caught:
            document(**{field.name: object()})
        assert caught.value.field == field.name


@pytest.mark.parametrize(
    "document", [d for d in DOCUMENTS if d not in (ContactData, LineData)]
)
def test_empty_payload_gives_an_empty_document(document):
    assert document.from_xero({}) == document()


STAMP = {"UpdatedDateUTC": "/Date(1700000000000+0000)/"}
ADDRESS = ("street", "street2", "city", "region", "postal_code", "country")


@pytest.mark.parametrize(
    ("document", "payload", "told", "untold"),
    [
        # A whole contact: Xero leaves out what is empty.
        (
            ContactData,
            {"Addresses": [], "Phones": [], "HasAttachments": False, **STAMP},
            ("email", "tax_number", "website", "phone", *ADDRESS),
            (),
        ),
        # summaryOnly
        (ContactData, {"Phones": [], **STAMP}, ("email", "phone"), ADDRESS),
        # a list without pages
        (
            ContactData,
            {"Addresses": [], "Phones": [], **STAMP},
            ("email", *ADDRESS),
            ("website",),
        ),
        # a stub in another document
        (
            ContactData,
            {"Addresses": [], "EmailAddress": "", "FirstName": "A"},
            ("name", "first_name"),
            ("email", "tax_number", "account_number", "phone", "website", *ADDRESS),
        ),
        (
            ItemData,
            {"Code": "A", "SalesDetails": {}, "PurchaseDetails": {}, **STAMP},
            ("code", "description", "sale_price", "purchase_price"),
            (),
        ),
        (
            ItemData,
            {"Code": "A", **STAMP},
            ("code", "description"),
            ("sale_price", "sale_account", "purchase_price"),
        ),
    ],
)
def test_what_a_payload_does_not_carry_is_known(document, payload, told, untold):
    absent = document.from_xero({"Name": "A", **payload}).absent
    assert not set(told) & set(absent)
    assert set(untold) <= set(absent)


def test_what_was_not_carried_makes_no_two_documents():
    one, other = ItemData(code="A"), ItemData(code="A", absent=["sale_price"])
    assert one == other
    assert one.values() == other.values()
    assert dataclasses.replace(other, code="B").absent == ("sale_price",)


def test_same_values_have_the_same_fingerprint_however_written():
    one = ItemData(code=" A ", name="Big  chair", sale_price=10.0, xero_id="1")
    other = ItemData(code="A", name="Big chair", sale_price=Decimal("10.000"))
    assert one.values() == other.values()
    assert one.fingerprint() == other.fingerprint()


@pytest.mark.parametrize(
    "change",
    [{"code": "B"}, {"sale_price": "10.01"}, {"is_sold": False}, {"description": "é"}],
)
def test_other_values_have_another_fingerprint(change):
    one = ItemData(code="A", sale_price=10)
    other = dataclasses.replace(one, **change)
    assert one.fingerprint() != other.fingerprint()
    assert set(change) <= set(one.diff(other))


def test_difference_names_both_values():
    one = ContactData(name="A", email="a@x.com", updated=dt.datetime(2026, 1, 1))
    other = ContactData(name="A", email="b@x.com", xero_id=ID)
    assert one.diff(other) == {"email": ("a@x.com", "b@x.com")}
    assert other.diff(one) == {"email": ("b@x.com", "a@x.com")}


def test_documents_of_two_kinds_cannot_be_compared():
    with pytest.raises(TypeError):
        ContactData(name="A").diff(ItemData(code="A"))


def test_snapshot_of_another_version_is_read():
    snapshot = {"name": "A", "field_of_tomorrow": 1}
    assert ContactData.from_values(snapshot) == ContactData(name="A")


def test_nested_error_has_a_path_and_a_sentence():
    with pytest.raises(MappingError) as caught:
        InvoiceData(lines=[{"quantity": 1}, {"quantity": "x"}])
    assert caught.value.field == "lines.1.quantity"
    assert str(caught.value) == "Quantity: 'x' is not a number."


@pytest.mark.parametrize(
    ("written", "read"), [("true", True), (" False ", False), (True, True)]
)
def test_flag_may_be_text(written, read):
    # Some answers of Xero's hold "false" as text.
    assert AccountData(enable_payments=written).enable_payments is read


def test_odoo_empties_are_empty():
    contact = ContactData(name="A", email=False, website=False, updated=False)
    assert contact == ContactData(name="A")


def test_contact_names_of_all_scripts_are_kept():
    for name in ("Ōtautahi Ltd", "شركة النور", "日本酒", "🥝 & Söhne <GmbH>", "O'Neil"):
        assert ContactData.from_xero({"Name": name}).name == name


@pytest.mark.parametrize(
    ("document", "payload", "expected"),
    [
        (
            AccountData,
            {
                "AccountID": ID,
                "Code": "200",
                "Name": "Sales",
                "Type": "REVENUE",
                "Class": "REVENUE",
                "TaxType": "OUTPUT2",
                "Status": "ACTIVE",
                "SystemAccount": "",
                "EnablePaymentsToAccount": True,
                "UpdatedDateUTC": "/Date(1552331873580+0000)/",
            },
            AccountData(
                ID,
                "200",
                "Sales",
                "REVENUE",
                "REVENUE",
                "OUTPUT2",
                "ACTIVE",
                enable_payments=True,
                updated=dt.datetime(2019, 3, 11, 19, 17, 53, 580000),
            ),
        ),
        (
            AccountData,
            {"AccountID": ID, "Name": "Bank", "Type": "BANK", "Code": None},
            AccountData(ID, name="Bank", type="BANK", status="ACTIVE"),
        ),
        (
            TaxRateData,
            {
                "Name": "15% GST on Income",
                "TaxType": "OUTPUT2",
                "Status": "ACTIVE",
                "DisplayTaxRate": Decimal("15.0000"),
                "EffectiveRate": Decimal("15.0000"),
                "CanApplyToRevenue": True,
                "CanApplyToExpenses": False,
                "TaxComponents": [{"Name": "GST", "Rate": 15}],
            },
            TaxRateData(
                "OUTPUT2",
                "15% GST on Income",
                "ACTIVE",
                Decimal(15),
                True,
                components=(TaxComponentData("GST", Decimal(15)),),
            ),
        ),
        (
            TaxRateData,
            {"TaxType": "TAX001", "DisplayTaxRate": "12.5", "Status": "ARCHIVED"},
            TaxRateData("TAX001", status="ARCHIVED", effective_rate="12.5"),
        ),
        (
            CurrencyData,
            {"Code": "NZD", "Description": "New Zealand Dollar"},
            CurrencyData("NZD", "New Zealand Dollar"),
        ),
        (
            BrandingThemeData,
            {"BrandingThemeID": ID, "Name": "Standard", "SortOrder": 0},
            BrandingThemeData(ID, "Standard", 0),
        ),
        (
            OrganisationData,
            {
                "OrganisationID": ID,
                "Name": "Demo Company (NZ)",
                "BaseCurrency": "NZD",
                "CountryCode": "NZ",
                "ShortCode": "!Qj35V",
                "Timezone": "NEWZEALANDSTANDARDTIME",
                "IsDemoCompany": True,
                "Class": "DEMO",
                "PeriodLockDate": "/Date(1546214400000+0000)/",
            },
            OrganisationData(
                ID,
                "Demo Company (NZ)",
                "NZD",
                "NZ",
                "!Qj35V",
                "NEWZEALANDSTANDARDTIME",
                True,
                "DEMO",
                dt.date(2018, 12, 31),
            ),
        ),
        (
            TrackingCategoryData,
            {
                "TrackingCategoryID": ID,
                "Name": "Region",
                "Status": "ACTIVE",
                "Options": [{"TrackingOptionID": "O1", "Name": "East"}, None],
            },
            TrackingCategoryData(
                ID, "Region", "ACTIVE", (TrackingOptionData("o1", "East"),)
            ),
        ),
        (
            PaymentData,
            {"PaymentID": ID, "Amount": 2, "DateString": "2019-03-14T00:00:00"},
            PaymentData(ID, amount=2, date=dt.date(2019, 3, 14)),
        ),
    ],
)
def test_reference_data_is_read(document, payload, expected):
    assert document.from_xero(payload) == expected


def test_sort_order_is_whole():
    with pytest.raises(MappingError, match="whole number"):
        BrandingThemeData.from_xero({"SortOrder": Decimal("0.5")})
