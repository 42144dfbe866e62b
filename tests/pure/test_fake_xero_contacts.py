"""The simulator's contacts: rules, upsert, partial updates, views."""

import pytest
from fake_xero_api import invoice

from fake_xero.wire import ZERO_GUID

TAKEN = (
    "The contact name {} is already assigned to another contact. "
    "The contact name must be unique across all active contacts."
)


def test_create_answers_the_whole_contact(fake_api):
    made = fake_api.put("Contacts", {"Name": "Acme", "EmailAddress": "a@example.com"})[
        0
    ]
    assert made["ContactStatus"] == "ACTIVE" and made["HasValidationErrors"] is False
    assert [a["AddressType"] for a in made["Addresses"]] == ["STREET", "POBOX"]
    assert {p["PhoneType"] for p in made["Phones"]} == {
        "DEFAULT",
        "DDI",
        "FAX",
        "MOBILE",
    }
    assert {p["PhoneNumber"] for p in made["Phones"]} == {""}
    assert made["Addresses"][0] == {
        "AddressType": "STREET",
        "City": "",
        "Region": "",
        "PostalCode": "",
        "Country": "",
    }
    assert made["UpdatedDateUTC"].endswith("+0000)/")
    assert "ContactNumber" not in made and "Website" not in made


def test_names_are_unique_among_active_contacts(fake_api):
    first = fake_api.put("Contacts", {"Name": "Acme"})[0]
    assert fake_api.refused("PUT", "Contacts", {"Name": "ACME"}) == [
        TAKEN.format("ACME")
    ]
    fake_api.post(
        "Contacts", {"ContactID": first["ContactID"], "ContactStatus": "ARCHIVED"}
    )
    second = fake_api.put("Contacts", {"Name": "Acme"})[0]
    assert second["ContactID"] != first["ContactID"]
    messages = fake_api.refused(
        "POST", "Contacts", {"ContactID": first["ContactID"], "ContactStatus": "ACTIVE"}
    )
    assert messages == [TAKEN.format("Acme")]


def test_post_without_id_updates_by_name_or_number(fake_api):
    made = fake_api.put("Contacts", {"Name": "Acme", "ContactNumber": "odoo-1"})[0]
    by_name = fake_api.post("Contacts", {"Name": "acme", "FirstName": "Ann"})[0]
    assert by_name["ContactID"] == made["ContactID"] and by_name["Name"] == "acme"
    by_number = fake_api.post("Contacts", {"Name": "Other", "ContactNumber": "odoo-1"})[
        0
    ]
    assert by_number["ContactID"] == made["ContactID"]
    assert by_number["FirstName"] == "Ann" and by_number["Name"] == "Other"


def test_put_with_a_known_number_is_refused(fake_api):
    fake_api.put("Contacts", {"Name": "Acme", "ContactNumber": "odoo-1"})
    messages = fake_api.refused(
        "PUT", "Contacts", {"Name": "Other", "ContactNumber": "odoo-1"}
    )
    assert "contact number odoo-1 is already assigned" in messages[0]


def test_account_number_stays_taken_by_an_archived_contact(fake_api):
    first = fake_api.put("Contacts", {"Name": "Acme", "AccountNumber": "A1"})[0]
    fake_api.org.archive(first)
    messages = fake_api.refused("PUT", "Contacts", {"Name": "B", "AccountNumber": "A1"})
    assert "Account Number already exists" in messages[0]


@pytest.mark.parametrize(
    "fields, text",
    [
        ({"Name": ""}, "Name is required"),
        ({"Name": "x" * 256}, "255"),
        ({"Name": "a <b>"}, "< or >"),
        ({"Name": "A", "EmailAddress": "nonsense"}, "Email address must be valid."),
        ({"Name": "A", "EmailAddress": "jürgen@example.com"}, "must be valid"),
        ({"Name": "A", "FirstName": "x" * 256}, "FirstName"),
        ({"Name": "A", "TaxNumber": "x" * 51}, "TaxNumber"),
        ({"Name": "A", "DefaultCurrency": "CHF"}, "not subscribed to currency CHF"),
        (
            {
                "Name": "A",
                "Phones": [{"PhoneType": "DEFAULT", "PhoneNumber": "1" * 51}],
            },
            "PhoneNumber",
        ),
        (
            {"Name": "A", "Addresses": [{"AddressType": "POBOX", "Country": "NZ 1"}]},
            "Country",
        ),
        ({"Name": "A", "ContactPersons": [{"FirstName": "x"}] * 6}, "at most 5"),
    ],
)
def test_bad_contacts_are_refused(fake_api, fields, text):
    messages = fake_api.refused("PUT", "Contacts", fields)
    assert text in messages[0]
    assert not fake_api.org.contacts
    fake_api.xero.contract_violations.clear()


def test_updates_are_partial(fake_api):
    made = fake_api.put(
        "Contacts",
        {
            "Name": "Acme",
            "EmailAddress": "a@example.com",
            "TaxNumber": "1",
            "Addresses": [{"AddressType": "POBOX", "City": "Auckland", "Region": "A"}],
            "Phones": [{"PhoneType": "MOBILE", "PhoneNumber": "21"}],
        },
    )[0]
    changed = fake_api.post(
        "Contacts",
        {
            "ContactID": made["ContactID"],
            "TaxNumber": "",
            "Addresses": [{"AddressType": "POBOX", "City": "Wellington"}],
        },
    )[0]
    assert changed["EmailAddress"] == "a@example.com"
    assert "TaxNumber" not in changed
    pobox = changed["Addresses"][1]
    assert pobox["City"] == "Wellington" and pobox["Region"] == ""
    assert [p["PhoneNumber"] for p in changed["Phones"] if p["PhoneNumber"]] == ["21"]


def test_read_only_fields_are_ignored(fake_api):
    made = fake_api.put("Contacts", {"Name": "A", "IsCustomer": True})[0]
    assert made["IsCustomer"] is False
    made = fake_api.put("Contacts", {"Name": "B", "Website": "http://b"})[0]
    assert "Website" not in made
    fake_api.xero.contract_violations.clear()


def test_summarize_errors_false_answers_each_element(fake_api):
    fake_api.put("Contacts", {"Name": "Acme"})
    results = fake_api.put(
        "Contacts", {"Name": "Acme"}, {"Name": "Better"}, summarizeErrors="false"
    )
    assert [r["StatusAttributeString"] for r in results] == ["ERROR", "OK"]
    assert results[0]["ContactID"] == ZERO_GUID and results[0]["HasValidationErrors"]
    assert len(fake_api.org.contacts) == 2


def test_one_bad_element_refuses_the_whole_call_by_default(fake_api):
    fake_api.put("Contacts", {"Name": "Acme"})
    body = {"Contacts": [{"Name": "Better"}, {"Name": "Acme"}]}
    answer = fake_api.call("PUT", "Contacts", body)
    assert answer.status_code == 400
    assert answer.json()["Elements"][0]["ContactID"] == ZERO_GUID
    assert [c["Name"] for c in fake_api.org.contacts.values()] == ["Acme"]
    assert not fake_api.org.active_contacts("Better")


def test_unknown_contact_id_is_refused(fake_api):
    messages = fake_api.refused(
        "POST", "Contacts", {"ContactID": "9d7a2b35-ad8c-4e0d-a0ba-0e3a1b1e0f01"}
    )
    assert "could not be found" in messages[0]


def test_lists_without_page_lack_details(fake_api):
    contact = fake_api.org.add_contact(Name="A", Website="http://a.example.com")
    fake_api.org.update(
        "Contacts",
        ContactID=contact["ContactID"],
        ContactPersons=[{"FirstName": "P", "EmailAddress": "p@example.com"}],
    )
    plain = fake_api.get("Contacts")[0]
    assert "Website" not in plain and plain["ContactPersons"] == []
    paged = fake_api.get("Contacts", page=1)[0]
    assert paged["Website"] == "http://a.example.com" and paged["ContactPersons"]
    summary = fake_api.get("Contacts", page=1, summaryOnly="true")[0]
    assert "Addresses" not in summary and summary["Name"] == "A"


def test_archived_contacts_show_only_on_demand(fake_api):
    fake_api.org.archive(fake_api.org.add_contact(Name="A"))
    assert fake_api.get("Contacts", page=1) == []
    assert len(fake_api.get("Contacts", page=1, includeArchived="true")) == 1


def test_single_get_by_id_or_number(fake_api):
    made = fake_api.org.add_contact(Name="A", ContactNumber="odoo-7")
    assert fake_api.get(f"Contacts/{made['ContactID']}")[0]["Name"] == "A"
    assert fake_api.get("Contacts/odoo-7")[0]["Name"] == "A"
    answer = fake_api.call("GET", "Contacts/unknown")
    assert answer.status_code == 404
    assert answer.headers["Content-Type"].startswith("text/html")


def test_balances_and_flags_follow_invoices_without_a_new_stamp(fake_api):
    contact = fake_api.org.add_contact(Name="A")
    stamp = contact["UpdatedDateUTC"]
    fake_api.put("Invoices", invoice(contact))
    shown = fake_api.get(f"Contacts/{contact['ContactID']}")[0]
    assert shown["Balances"]["AccountsReceivable"] == {
        "Outstanding": 115.0,
        "Overdue": 115.0,
    }
    assert shown["IsCustomer"] is True and shown["UpdatedDateUTC"] == stamp


def test_merge_points_to_the_target(fake_api):
    org = fake_api.org
    one, two = org.add_contact(Name="One"), org.add_contact(Name="Two")
    made = org.add_invoice(one)
    org.merge(one, two)
    shown = fake_api.get(f"Contacts/{one['ContactID']}")[0]
    assert shown["ContactStatus"] == "ARCHIVED"
    assert shown["MergedToContactID"] == two["ContactID"]
    found = fake_api.get(f"Invoices/{made['InvoiceID']}")[0]
    assert found["Contact"]["ContactID"] == two["ContactID"]


def test_persons_are_replaced_as_a_whole(fake_api):
    person = {"FirstName": "Ann", "LastName": "Lee", "EmailAddress": "a@example.com"}
    made = fake_api.put("Contacts", {"Name": "A", "ContactPersons": [person]})[0]
    assert made["ContactPersons"] == [{**person, "IncludeInEmails": False}]
    path = {"ContactID": made["ContactID"]}
    kept = fake_api.post("Contacts", {**path, "TaxNumber": "1"})[0]
    assert len(kept["ContactPersons"]) == 1
    other = fake_api.post("Contacts", {**path, "ContactPersons": [{"FirstName": "B"}]})
    assert [p["FirstName"] for p in other[0]["ContactPersons"]] == ["B"]
    none = fake_api.post("Contacts", {**path, "ContactPersons": []})[0]
    assert none["ContactPersons"] == []


def test_contact_with_a_balance_is_not_archived(fake_api):
    contact = fake_api.org.add_contact(Name="A")
    made = fake_api.org.add_invoice(contact)
    sent = {"ContactID": contact["ContactID"], "ContactStatus": "ARCHIVED"}
    assert "balance" in fake_api.refused("POST", "Contacts", sent)[0]
    fake_api.org.pay(made)
    assert fake_api.post("Contacts", sent)[0]["ContactStatus"] == "ARCHIVED"


def test_restored_contact_is_merged_no_more(fake_api):
    org = fake_api.org
    one, two = org.add_contact(Name="One"), org.add_contact(Name="Two")
    org.merge(one, two)
    sent = {"ContactID": one["ContactID"], "ContactStatus": "ACTIVE"}
    assert "MergedToContactID" not in fake_api.post("Contacts", sent)[0]


def test_members_are_put_in_many_at_once_and_again_without_harm(fake_api):
    made = fake_api.org.add_contacts(3)
    group = fake_api.put("ContactGroups", {"Name": "VIP"})[0]
    path = f"ContactGroups/{group['ContactGroupID']}"
    body = {"Contacts": [{"ContactID": c["ContactID"]} for c in made]}
    for _time in range(2):
        assert fake_api.call("PUT", f"{path}/Contacts", body).status_code == 200
    assert len(fake_api.get(path)[0]["Contacts"]) == 3
    shown = fake_api.get("Contacts", page=1)
    assert {c["ContactGroups"][0]["Name"] for c in shown} == {"VIP"}
    assert all(c["ContactGroups"] == [] for c in fake_api.get("Contacts"))
    unknown = {"Contacts": [{"ContactID": "9d7a2b35-ad8c-4e0d-a0ba-0e3a1b1e0f01"}]}
    assert fake_api.call("PUT", f"{path}/Contacts", unknown).status_code == 400
    assert fake_api.call("DELETE", f"{path}/Contacts").status_code == 204
    assert fake_api.get(path)[0]["Contacts"] == []


def test_contact_groups(fake_api):
    contact = fake_api.org.add_contact(Name="A")
    group = fake_api.put("ContactGroups", {"Name": "VIP"})[0]
    path = f"ContactGroups/{group['ContactGroupID']}"
    body = {"Contacts": [{"ContactID": contact["ContactID"]}]}
    assert fake_api.call("PUT", f"{path}/Contacts", body).status_code == 200
    assert fake_api.get(path)[0]["Contacts"][0]["Name"] == "A"
    assert fake_api.get("ContactGroups")[0]["Contacts"] == []
    shown = fake_api.get(f"Contacts/{contact['ContactID']}")[0]
    assert shown["ContactGroups"][0]["Name"] == "VIP"
    one = f"{path}/Contacts/{contact['ContactID']}"
    assert fake_api.call("DELETE", one).status_code == 204
    assert fake_api.get(path)[0]["Contacts"] == []
    fake_api.post(path, {"Status": "DELETED"})
    assert fake_api.get("ContactGroups") == []


def test_history_notes(fake_api):
    contact = fake_api.org.add_contact(Name="A")
    path = f"Contacts/{contact['ContactID']}/History"
    body = {"HistoryRecords": [{"Details": "Linked"}]}
    assert fake_api.call("PUT", path, body).status_code == 200
    rows = fake_api.call("GET", path).json()["HistoryRecords"]
    assert rows[0]["Details"] == "Linked" and rows[0]["User"] == "System Generated"
    body = {"HistoryRecords": [{"Details": "x" * 2501}]}
    assert fake_api.call("PUT", path, body).status_code == 400
