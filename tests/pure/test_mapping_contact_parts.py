"""Contacts: phones, addresses, updates, and what Xero would refuse."""

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mapping import ContactData, PersonData
from mapping.contact_parts import ADDRESS, DELIVERY
from mapping.values import clean_text

ID = "5cc8cf28-567e-4d43-b287-687cfcaec47c"


def contact(**fields):
    return ContactData(**{"name": "Acme", **fields})


def test_bare_contact_sends_its_name_only():
    assert contact().to_xero() == {"Name": "Acme"}


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        (set(), {}),
        ({"email"}, {"EmailAddress": ""}),
        ({"name"}, {"Name": "Acme"}),
        ({"archived"}, {"ContactStatus": "ACTIVE"}),
        ({"website"}, {}),
        ({"merged_into", "updated", "xero_id", "nonsense"}, {}),
        (["tax_number", "account_number"], {"TaxNumber": "", "AccountNumber": ""}),
        (
            {"phone"},
            {
                "Phones": [
                    {
                        "PhoneType": "DEFAULT",
                        "PhoneNumber": "",
                        "PhoneAreaCode": "",
                        "PhoneCountryCode": "",
                    }
                ]
            },
        ),
        (
            {"city"},
            {
                "Addresses": [
                    {"AddressType": "POBOX", "AddressLine1": "1 A", "City": ""}
                ]
            },
        ),
        (
            {"street2"},
            {
                "Addresses": [
                    {
                        "AddressType": "POBOX",
                        "AddressLine1": "1 A",
                        "AddressLine2": "",
                        "AddressLine3": "",
                        "AddressLine4": "",
                    }
                ]
            },
        ),
    ],
)
def test_update_sends_what_changed_and_clears_with_empty(changed, expected):
    data = contact(xero_id=ID, website="x", merged_into="y", street="1 A")
    assert data.to_xero(changed) == {"ContactID": ID, **expected}


def test_archiving_is_a_status():
    assert contact(archived=True).to_xero({"archived"}) == {"ContactStatus": "ARCHIVED"}


@pytest.mark.parametrize(
    ("status", "archived"),
    [
        ("ACTIVE", False),
        ("ARCHIVED", True),
        ("GDPRREQUEST", True),
        ("SOMETHING", False),
        ("", False),
        (None, False),
    ],
)
def test_status_is_read(status, archived):
    payload = {"Name": "Acme", "ContactStatus": status}
    assert ContactData.from_xero(payload).archived is archived


@pytest.mark.parametrize(
    ("phones", "expected"),
    [
        ([("DEFAULT", "64", "21", "555 123")], "+64 21 555 123"),
        ([("DEFAULT", "+64", "21", "555")], "+64 21 555"),
        ([("DEFAULT", "0064", "21", "555")], "+64 21 555"),
        ([("DEFAULT", "NZ", "21", "555")], "NZ 21 555"),
        ([("DEFAULT", "", "(626)", "847-1294")], "(626) 847-1294"),
        ([("DEFAULT", "64", "21", "+64 21 555")], "+64 21 555"),
        ([("DEFAULT", "64", "21", ""), ("MOBILE", "", "", "027")], "027"),
        ([("DDI", "", "", "1"), ("MOBILE", "", "", "2")], "2"),
        ([("DDI", "", "", "1"), ("FAX", "", "", "2")], "1"),
        ([("FAX", "", "", "2")], ""),
        ([("DEFAULT", None, None, None)], ""),
        ([("DEFAULT", None, None, 5551234)], "5551234"),
        ([], ""),
        (None, ""),
    ],
)
def test_phone_is_one_number(phones, expected):
    keys = ("PhoneType", "PhoneCountryCode", "PhoneAreaCode", "PhoneNumber")
    found = phones and [dict(zip(keys, phone, strict=True)) for phone in phones]
    payload = {"Name": "Acme", "Phones": found}
    assert ContactData.from_xero(payload).phone == expected


@pytest.mark.parametrize(
    ("addresses", "street"),
    [
        ([{"AddressType": "STREET", "AddressLine1": "S"}], "S"),
        (
            [
                {"AddressType": "STREET", "AddressLine1": "S"},
                {"AddressType": "POBOX", "AddressLine1": "", "City": None},
            ],
            "S",
        ),
        (
            [
                {"AddressType": "STREET", "AddressLine1": "S"},
                {"AddressType": "POBOX", "AddressLine1": "", "City": "C"},
            ],
            "",
        ),
        ([{"AddressType": "DELIVERY", "AddressLine1": "D"}, None], ""),
        ([{"AddressLine1": "no type"}], ""),
        (None, ""),
    ],
)
def test_address_is_postal_else_physical(addresses, street):
    payload = {"Name": "Acme", "Addresses": addresses}
    assert ContactData.from_xero(payload).street == street


texts = st.text(max_size=40).map(clean_text)


NOT_TEXT = ("archived", "updated", "xero_id", "merged_into", "persons", "groups")
NOT_TEXT += ("absent",)
READ_ONLY = ("website", "discount")
FLAGS = ("is_customer", "is_supplier", "postal_empty", "one_address", "unknown")
TERMS = ("payment_terms", "bill_terms")

people = st.builds(
    PersonData,
    name=texts.filter(bool),
    email=texts,
    include_in_emails=st.booleans(),
)


@st.composite
def contacts(draw):
    found = {
        field.name: draw(texts)
        for field in dataclasses.fields(ContactData)
        if field.name not in (*NOT_TEXT, *READ_ONLY, *FLAGS, *TERMS)
    }
    found.update(
        name=draw(texts.filter(bool)),
        # A number is sent whole: what follows a plus is never put together again.
        phone=draw(texts.filter(bool)),
        xero_id=str(draw(st.uuids())),
        archived=draw(st.booleans()),
        payment_terms=draw(st.sampled_from(["", "20 OFFOLLOWINGMONTH"])),
        persons=draw(st.lists(people, max_size=5)),
    )
    return ContactData(**found)


def there_and_back(data, changed=None):
    read = ContactData.from_xero(data.to_xero(changed))
    read = read.told_apart(any(getattr(data, name) for name in DELIVERY))
    assert read.xero_id == data.xero_id
    assert read.values() == data.told_apart(False).values() or (
        read.values() == data.values()
    )


@given(contacts())
def test_contact_goes_there_and_back(data):
    there_and_back(data)
    there_and_back(data, {field.name for field in dataclasses.fields(data)})


@given(contacts())
def test_values_go_there_and_back(data):
    known = ContactData.from_values(data.values())
    assert known.values() == data.values()
    assert known.fingerprint() == data.fingerprint()
    assert data.diff(known) == {}


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        ({}, None),
        ({"name": "شركة النور 🥝 " + "x" * 200}, None),
        ({"name": ""}, "name"),
        ({"name": "A" * 255}, None),
        ({"name": "A" * 256}, "name"),
        ({"name": "🥝" * 128}, "name"),
        ({"name": "Acme <Ltd"}, "name"),
        ({"email": "a.b+c@x-y.co.nz"}, None),
        ({"email": "o'neil@example.com"}, None),
        ({"email": "jürgen@example.com"}, "email"),
        ({"email": "a@b"}, "email"),
        ({"email": "a@x.com, b@x.com"}, "email"),
        ({"email": "Kat <kat@x.com>"}, "email"),
        ({"email": "no at sign"}, "email"),
        ({"email": "a@x..com"}, "email"),
        ({"email": "a" * 250 + "@x.com"}, "email"),
        ({"phone": "1" * 51}, "phone"),
        ({"tax_number": "1" * 51}, "tax_number"),
        ({"street2": "x" * 501}, "street2"),
        ({"country": "Côte d'Ivoire"}, None),
        ({"country": "日本"}, "country"),
        ({"website": "x" * 2000}, None),
    ],
)
def test_problems_name_the_field_that_xero_refuses(fields, problem):
    problems = contact(**fields).problems()
    assert [field for field, _sentence in problems] == ([problem] if problem else [])
    assert all(sentence.endswith(".") for _field, sentence in problems)


def test_address_table_names_fields():
    assert {*ADDRESS, *DELIVERY} <= {
        field.name for field in dataclasses.fields(ContactData)
    }
