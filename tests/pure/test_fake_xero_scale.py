"""The simulator is quick enough for the addon's own speed tests."""

import time


def seconds(work, *arguments, **options):
    began = time.monotonic()
    work(*arguments, **options)
    return time.monotonic() - began


def test_a_thousand_contacts_on_a_page_of_twenty_thousand(fake_api):
    # Bounds are generous: the machine may be busy.
    assert seconds(fake_api.org.add_contacts, 20000) < 15
    assert seconds(fake_api.get, "Contacts", page=1, pageSize=1000) < 3
    assert seconds(fake_api.get, "Contacts", page=20, pageSize=1000) < 1.5
    assert seconds(fake_api.put, "Contacts", {"Name": "One more"}) < 0.5
    headers = {"If-Modified-Since": "2100-01-01T00:00:00"}
    assert seconds(fake_api.call, "GET", "Contacts", headers=headers, page=1) < 1


def test_a_batch_of_fifty_invoices(fake_api):
    contact = fake_api.org.add_contact(Name="Acme")
    batch = [
        {
            "Type": "ACCREC",
            "Contact": {"ContactID": contact["ContactID"]},
            "LineItems": [{"Description": "Goods", "Quantity": 1, "UnitAmount": 1}] * 5,
        }
    ] * 50
    assert seconds(fake_api.put, "Invoices", *batch) < 3
    assert len(fake_api.org.invoices) == 50
