"""The official SDK, xero-python, as an independent client of the simulator."""

from datetime import date, datetime, timezone
from decimal import Decimal

import pytest

accounting = pytest.importorskip("xero_python.accounting")

from xero_python.api_client import ApiClient  # noqa: E402
from xero_python.api_client.configuration import Configuration  # noqa: E402
from xero_python.api_client.oauth2 import OAuth2Token  # noqa: E402
from xero_python.exceptions import (  # noqa: E402
    AccountingBadRequestException,
    NotFoundException,
)
from xero_python.identity import IdentityApi  # noqa: E402


@pytest.fixture
def sdk(fake_api):
    """(AccountingApi, tenant id) that talks to the simulator."""
    client = ApiClient(Configuration(oauth2_token=OAuth2Token()))
    # Configuration is a singleton: a token of its own after making the client.
    client.configuration.oauth2_token = OAuth2Token()
    tokens = dict(fake_api.token, expires_at=4102444800)
    client.oauth2_token_getter(lambda: tokens)
    client.oauth2_token_saver(tokens.update)
    client.rest_client.pool_manager.connection_pool_kw["retries"] = False
    api = accounting.AccountingApi(client)
    api.base_url = f"{fake_api.server.url}/api.xro/2.0"
    api.tokens = tokens
    return api, fake_api.org.tenant_id


def test_contacts_round_trip(fake_api, sdk):
    api, tenant = sdk
    body = {
        "Contacts": [
            {
                "Name": "Acme",
                "EmailAddress": "a@example.com",
                "Phones": [{"PhoneType": "MOBILE", "PhoneNumber": "21"}],
            }
        ]
    }
    made = api.create_contacts(tenant, body, summarize_errors=False).contacts[0]
    assert made.contact_status == "ACTIVE" and made.name == "Acme"
    assert isinstance(made.updated_date_utc, datetime)
    found = api.get_contacts(tenant, page=1, page_size=1000, include_archived=True)
    assert [contact.contact_id for contact in found.contacts] == [made.contact_id]
    assert found.pagination.item_count == 1
    single = api.get_contact(tenant, made.contact_id).contacts[0]
    assert [p.phone_number for p in single.phones if p.phone_number] == ["21"]
    with pytest.raises(AccountingBadRequestException) as refusal:
        api.create_contacts(tenant, body)
    assert "already assigned" in str(refusal.value)
    with pytest.raises(NotFoundException):
        api.get_contact(tenant, "9d7a2b35-ad8c-4e0d-a0ba-0e3a1b1e0f01")


def test_invoice_payment_and_files(fake_api, sdk):
    api, tenant = sdk
    contact = fake_api.org.add_contact(Name="Acme", EmailAddress="a@example.com")
    body = {
        "Invoices": [
            {
                "Type": "ACCREC",
                "Contact": {"ContactID": contact["ContactID"]},
                "Date": "2026-03-01",
                "DueDate": "2026-03-21",
                "Status": "AUTHORISED",
                "LineItems": [
                    {
                        "Description": "Goods",
                        "Quantity": 3,
                        "UnitAmount": 1.2345,
                        "AccountCode": "200",
                    }
                ],
            }
        ]
    }
    made = api.create_invoices(
        tenant, body, idempotency_key="k", summarize_errors=False, unitdp=4
    ).invoices[0]
    assert made.total == Decimal("4.26") and made.date == date(2026, 3, 1)
    assert made.line_items[0].unit_amount == Decimal("1.2345")
    payment = {
        "Payments": [
            {
                "Invoice": {"InvoiceID": made.invoice_id},
                "Account": {"Code": "090"},
                "Date": "2026-03-05",
                "Amount": 4.26,
            }
        ]
    }
    paid = api.create_payments(tenant, payment).payments[0]
    assert paid.invoice.status == "PAID"
    listed = api.get_invoices(
        tenant, statuses=["PAID"], page=1, where='Contact.Name=="Acme"'
    ).invoices
    assert [found.invoice_id for found in listed] == [made.invoice_id]
    assert listed[0].fully_paid_on_date == date(2026, 3, 5)
    api.email_invoice(tenant, made.invoice_id, {})
    rows = api.get_invoice_history(tenant, made.invoice_id).history_records
    assert rows[0].changes == "Invoice sent"
    online = api.get_online_invoice(tenant, made.invoice_id).online_invoices[0]
    assert online.online_invoice_url.startswith(fake_api.server.url)
    api.create_invoice_attachment_by_file_name(
        tenant, made.invoice_id, "a b.pdf", b"content", include_online=True
    )
    attached = api.get_invoice_attachments(tenant, made.invoice_id).attachments
    assert attached[0].file_name == "a b.pdf" and attached[0].content_length == 7


def test_every_reference_resource_parses(fake_api, sdk):
    api, tenant = sdk
    assert api.get_organisations(tenant).organisations[0].short_code
    accounts = api.get_accounts(tenant).accounts
    assert {account.code for account in accounts} >= {"090", "200", "610", "860"}
    rates = api.get_tax_rates(tenant).tax_rates
    assert {rate.tax_type for rate in rates} >= {"OUTPUT2", "INPUT2", "NONE"}
    assert len(api.get_currencies(tenant).currencies) == 5
    assert len(api.get_branding_themes(tenant).branding_themes) == 3
    categories = api.get_tracking_categories(tenant).tracking_categories
    assert [category.name for category in categories] == ["Region", "Team"]
    assert api.get_contact_groups(tenant).contact_groups == []
    assert api.get_repeating_invoices(tenant).repeating_invoices == []
    assert api.get_quotes(tenant).quotes == []
    assert api.get_credit_notes(tenant, page=1).credit_notes == []
    assert api.get_report_profit_and_loss(tenant).reports[0].report_name
    assert api.get_report_bank_summary(tenant).reports[0].rows
    assert api.get_organisation_actions(tenant).actions


def test_demo_records_parse(fake_api, sdk):
    api, tenant = sdk
    demo = fake_api.xero.add_organisation("Demo", seed="demo")
    token = fake_api.xero.issue_token("client-of-tests", [demo.tenant_id])
    api.tokens.update(token)
    contacts = api.get_contacts(demo.tenant_id, page=1, page_size=1000).contacts
    assert len(contacts) == len(demo.contacts) - 1
    invoices = api.get_invoices(demo.tenant_id, page=1, page_size=1000).invoices
    assert len(invoices) == len(demo.invoices)
    assert len(api.get_items(demo.tenant_id).items) == 12
    payments = api.get_payments(demo.tenant_id, page=1, page_size=1000).payments
    assert len(payments) == len(demo.payments)
    moment = datetime(2020, 1, 1, tzinfo=timezone.utc)
    later = api.get_contacts(demo.tenant_id, moment, page=1).contacts
    assert later == []


def test_identity(fake_api, sdk):
    api, tenant = sdk
    identity = IdentityApi(api.api_client)
    identity.base_url = fake_api.server.url
    connections = identity.get_connections()
    assert [found.tenant_id for found in connections] == [tenant]
    identity.delete_connection(connections[0].id)
    assert not fake_api.xero.oauth.connections
