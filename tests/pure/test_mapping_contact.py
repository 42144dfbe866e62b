"""Contacts: payload to dataclass and back."""

import dataclasses
import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mapping import ContactData, MappingError
from mapping.values import ZERO_GUID

ID = "5cc8cf28-567e-4d43-b287-687cfcaec47c"


PAYLOAD = {
    "ContactID": ID.upper(),
    "ContactNumber": "odoo-1f-42",
    "AccountNumber": "CUST-7",
    "ContactStatus": "ACTIVE",
    "Name": "Clampett  Oil & Gas <Ltd>",
    "FirstName": "Katherine",
    "LastName": "Warren",
    "CompanyNumber": "9429",
    "EmailAddress": "kat.warren@clampett.com",
    "BankAccountDetails": "",
    "TaxNumber": "49-091-850",
    "Addresses": [
        {
            "AddressType": "STREET",
            "AddressLine1": "1 Depot Road",
            "City": "Hamilton",
            "Region": "",
            "PostalCode": "",
            "Country": "",
        },
        {
            "AddressType": "POBOX",
            "AddressLine1": "PO Box 9",
            "AddressLine2": "Floor 2",
            "AddressLine3": "",
            "AddressLine4": "Back door",
            "City": "Palo Alto",
            "Region": "CA",
            "PostalCode": "94020",
            "Country": "United States",
            "AttentionTo": "Kat",
        },
    ],
    "Phones": [
        {
            "PhoneType": "DDI",
            "PhoneNumber": "1",
            "PhoneAreaCode": "",
            "PhoneCountryCode": "",
        },
        {
            "PhoneType": "DEFAULT",
            "PhoneNumber": "847-1294",
            "PhoneAreaCode": "626",
            "PhoneCountryCode": "1",
        },
        {"PhoneType": "FAX", "PhoneNumber": "555"},
    ],
    "Website": "https://clampett.example",
    "MergedToContactID": None,
    "UpdatedDateUTC": "/Date(1503348544227+0000)/",
    "IsCustomer": True,
    "Balances": {"AccountsReceivable": {"Outstanding": 760}},
    "SomethingNew": {"unknown": [1]},
}


CONTACT = ContactData(
    xero_id=ID,
    name="Clampett Oil & Gas <Ltd>",
    first_name="Katherine",
    last_name="Warren",
    email="kat.warren@clampett.com",
    phone="+1 626 847-1294",
    website="https://clampett.example",
    tax_number="49-091-850",
    company_number="9429",
    account_number="CUST-7",
    contact_number="odoo-1f-42",
    street="PO Box 9",
    street2="Floor 2, Back door",
    city="Palo Alto",
    region="CA",
    postal_code="94020",
    country="United States",
    updated=dt.datetime(2017, 8, 21, 20, 49, 4, 227000),
)


def test_payload_is_read():
    assert ContactData.from_xero(PAYLOAD) == dataclasses.replace(
        CONTACT,
        direct_dial="1",
        fax="555",
        attention_to="Kat",
        delivery_street="1 Depot Road",
        delivery_city="Hamilton",
        is_customer=True,
    )


def test_contact_is_written_whole_for_a_create():
    assert dataclasses.replace(CONTACT, xero_id="").to_xero() == {
        "Name": "Clampett Oil & Gas <Ltd>",
        "FirstName": "Katherine",
        "LastName": "Warren",
        "EmailAddress": "kat.warren@clampett.com",
        "TaxNumber": "49-091-850",
        "CompanyNumber": "9429",
        "AccountNumber": "CUST-7",
        "ContactNumber": "odoo-1f-42",
        "Phones": [
            {
                "PhoneType": "DEFAULT",
                "PhoneNumber": "+1 626 847-1294",
                "PhoneAreaCode": "",
                "PhoneCountryCode": "",
            }
        ],
        "Addresses": [
            {
                "AddressType": "POBOX",
                "AddressLine1": "PO Box 9",
                "AddressLine2": "Floor 2, Back door",
                "AddressLine3": "",
                "AddressLine4": "",
                "City": "Palo Alto",
                "Region": "CA",
                "PostalCode": "94020",
                "Country": "United States",
            }
        ],
    }


@pytest.mark.parametrize("absent", [None, ...])
@pytest.mark.parametrize("key", sorted(PAYLOAD))
def test_null_or_absent_element_is_empty(key, absent):
    payload = {k: v for k, v in PAYLOAD.items() if k != key}
    if absent is None:
        payload[key] = None
    if key == "Name":
        with pytest.raises(MappingError) as caught:
            ContactData.from_xero(payload)
        assert caught.value.field == "name"
    else:
        assert ContactData.from_xero(payload).name == CONTACT.name


@pytest.mark.parametrize(
    ("bad", "field"),
    [
        ({"Name": ["Acme"]}, "name"),
        ({"Name": "  "}, "name"),
        ({"Name": "A", "EmailAddress": {"x": 1}}, "email"),
        ({"Name": "A", "UpdatedDateUTC": "soon"}, "updated"),
        ({"Name": "A", "Phones": "021"}, "Phones"),
        ({"Name": "A", "Phones": ["021"]}, "Phones"),
        ({"Name": "A", "Phones": [{"PhoneType": []}]}, "PhoneType"),
        ({"Name": "A", "Addresses": {"City": "C"}}, "Addresses"),
        (
            {"Name": "A", "Addresses": [{"AddressType": "POBOX", "City": True}]},
            "City",
        ),
        (None, "Contacts"),
        ("text", "Contacts"),
        ([], "Contacts"),
    ],
)
def test_bad_element_raises_mapping_error_with_its_field(bad, field):
    with pytest.raises(MappingError) as caught:
        ContactData.from_xero(bad)
    assert caught.value.field == field
    assert str(caught.value).endswith(".")


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    ),
    st.sampled_from(sorted(PAYLOAD)),
)
def test_any_json_gives_a_contact_or_a_mapping_error(value, key):
    try:
        found = ContactData.from_xero({**PAYLOAD, key: value})
    except MappingError:
        return
    assert found.name


def test_refused_create_has_no_id():
    payload = {"ContactID": ZERO_GUID, "Name": "Acme"}
    assert ContactData.from_xero(payload).xero_id == ""
