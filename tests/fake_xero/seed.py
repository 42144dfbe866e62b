"""Organisations as they come: reference data, and the demo's contacts and invoices."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

from . import seed_chart as chart
from . import seed_demo as demo
from . import seed_demo_documents as documents
from . import wire
from .resources.reference import Accounts
from .seed_history import seed_history

# The records of Xero's real demo company carry changes of 2010, so that an incremental
# first pull sees none of them.
DEMO_STAMP = datetime(2010, 3, 1, tzinfo=UTC)


def seed_empty(org):
    """Reference data only: accounts, tax rates, currencies, themes, tracking."""
    country = org.country if org.country in chart.TAX_RATES else "GB"
    taxes = dict(zip(("SALE", "PURCHASE"), chart.DEFAULT_TAXES[country], strict=True))
    taxes["NONE"] = chart.NO_TAX.get(country, "NONE")
    tax_name = chart.TAX_NAMES[country]
    for code, name, kind, tax_type, extra in chart.ACCOUNTS:
        values = {
            "Code": code,
            "Name": tax_name if name == "TAX" else name,
            "Type": kind,
            "TaxType": taxes.get(tax_type, tax_type),
        }
        if kind == "BANK":
            values["CurrencyCode"] = org.base_currency
        Accounts.put_account(org, {**values, **extra})
    for row in chart.TAX_RATES[country]:
        org.tax_rates.put(_tax_rate(tax_name, *row))
    codes = dict(chart.CURRENCIES)
    for code in sorted(codes, key=lambda code: code != org.base_currency):
        org.currencies.put({"Code": code, "Description": codes[code]})
    base = chart.RATES.get(org.base_currency, Decimal(1))
    org.rates = {
        code: (rate / base).quantize(rate) for code, rate in chart.RATES.items()
    }
    for position, name in enumerate(chart.THEMES):
        org.branding_themes.put(
            {
                "BrandingThemeID": wire.new_guid(),
                "Name": name,
                "SortOrder": position,
                "Type": "INVOICE",
                "CreatedDateUTC": org.stamp(),
            }
        )
    for name, options in chart.TRACKING:
        org.tracking_categories.put(_tracking(name, options))


def _tax_rate(component_name, tax_type, name, report, rate, revenue, expenses, other):
    rate = Decimal(rate).quantize(Decimal("0.0001"))
    component = {
        "Name": component_name,
        "Rate": rate,
        "IsCompound": False,
        "IsNonRecoverable": False,
    }
    return {
        "Name": name,
        "TaxType": tax_type,
        "ReportTaxType": report,
        "CanApplyToAssets": other,
        "CanApplyToEquity": other,
        "CanApplyToExpenses": expenses,
        "CanApplyToLiabilities": True,
        "CanApplyToRevenue": revenue,
        "DisplayTaxRate": rate,
        "EffectiveRate": rate,
        "Status": "ACTIVE",
        "TaxComponents": [component],
    }


def _tracking(name, options):
    return {
        "Name": name,
        "Status": "ACTIVE",
        "TrackingCategoryID": wire.new_guid(),
        "Options": [
            {
                "TrackingOptionID": wire.new_guid(),
                "Name": option,
                "Status": "ACTIVE",
                "HasValidationErrors": False,
                "IsDeleted": False,
                "IsArchived": False,
                "IsActive": True,
            }
            for option in options
        ],
    }


def seed_demo(org):
    """Reference data, contacts, items and years of invoices, relative to today."""
    seed_empty(org)
    org.details.update(IsDemoCompany=True, Class="DEMO")
    contacts = {row[0]: _contact(org, *row) for row in demo.CONTACTS}
    for row in documents.ITEMS:
        _item(org, *row)
    for row in documents.INVOICES:
        _invoice(org, contacts, *row)
    for row in documents.BILLS:
        _bill(org, contacts, *row)
    for row in documents.CREDIT_NOTES:
        _credit_note(org, contacts, *row)
    for row in documents.QUOTES:
        _quote(org, contacts, *row)
    for row in documents.REPEATING:
        _repeating(org, contacts, *row)
    for name, members in demo.GROUPS:
        group = org.create("ContactGroups", Name=name)
        members = [contacts[member]["ContactID"] for member in members]
        org.contact_groups.put({**group, "_members": members})
    seed_history(org, contacts)
    for name in demo.ARCHIVED:
        org.archive(contacts[name])
    _backdate(org)


def _contact(org, name, email, first, last, address, phone, extra):
    fields = {"Name": name, "EmailAddress": email, **extra}
    if first:
        fields.update(FirstName=first, LastName=last)
    if address:
        names = ("AddressLine1", "City", "PostalCode", "Country")
        entry = dict(zip(names, address, strict=True))
        fields["Addresses"] = [{"AddressType": "POBOX", **entry}]
    if phone[2]:
        names = ("PhoneCountryCode", "PhoneAreaCode", "PhoneNumber")
        entry = dict(zip(names, phone, strict=True))
        fields["Phones"] = [{"PhoneType": "DEFAULT", **entry}]
    if name in demo.WEBSITES:
        fields["Website"] = demo.WEBSITES[name]
    return org.add_contact(**fields)


def _item(org, code, name, price, cost, text):
    purchase = {}
    if cost:
        purchase = {"UnitPrice": cost, "AccountCode": "300"}
        purchase["TaxType"] = org.account_by_code("300")["TaxType"]
    tax_type = org.account_by_code("200")["TaxType"]
    sale = {"UnitPrice": price, "AccountCode": "200", "TaxType": tax_type}
    org.add_item(
        code,
        Name=name,
        Description=text,
        SalesDetails=sale,
        PurchaseDetails=purchase,
        IsPurchased=bool(cost),
    )


def _invoice(org, contacts, name, ago, term, status, items, paid, currency):
    day = org.today() - timedelta(days=ago)
    created = "AUTHORISED" if status in ("PAID", "VOIDED") else status
    invoice = org.add_invoice(
        contacts[name],
        Status=created,
        Date=day,
        DueDate=day + timedelta(days=term),
        LineItems=[
            {"ItemCode": code, "Quantity": quantity} for code, quantity in items
        ],
        SentToContact=created == "AUTHORISED",
        **({"CurrencyCode": currency} if currency else {}),
    )
    if status == "VOIDED":
        org.void(invoice)
    elif paid:
        amount = (invoice["Total"] * Decimal(paid)).quantize(Decimal("0.01"))
        org.pay(invoice, amount, day + timedelta(days=min(term, ago)), reference=name)


def _bill(org, contacts, name, ago, term, number, account, amount, paid):
    day = org.today() - timedelta(days=ago)
    bill = org.add_invoice(
        contacts[name],
        Type="ACCPAY",
        InvoiceNumber=number,
        Date=day,
        DueDate=day + timedelta(days=term),
        LineItems=[
            {
                "Description": "As agreed",
                "Quantity": 1,
                "UnitAmount": Decimal(amount),
                "AccountCode": account,
            }
        ],
    )
    if paid:
        org.pay(bill, None, day + timedelta(days=min(term, ago)))


def _credit_note(org, contacts, name, ago, status, items, share):
    day = org.today() - timedelta(days=ago)
    contact_id = contacts[name]["ContactID"]
    note = org.create(
        "CreditNotes",
        Type="ACCRECCREDIT",
        Contact={"ContactID": contact_id},
        Date=day.isoformat(),
        Status=status,
        LineItems=[{"ItemCode": code, "Quantity": count} for code, count in items],
    )
    if share:
        invoice = org.invoices.find("contact", contact_id)[0]
        org.allocate(note, invoice, (note["Total"] * share).quantize(Decimal("0.01")))


def _quote(org, contacts, name, ago, status, title, items):
    day = org.today() - timedelta(days=ago)
    fields = {
        "Contact": {"ContactID": contacts[name]["ContactID"]},
        "Date": day.isoformat(),
        "ExpiryDate": (day + timedelta(days=30)).isoformat(),
        "Title": title,
        "Terms": "Prices hold for 30 days.",
        "LineItems": [{"ItemCode": code, "Quantity": count} for code, count in items],
    }
    quote = org.create(
        "Quotes", **fields, Status="SENT" if status != "DRAFT" else status
    )
    if status != quote["Status"]:
        fields.update(QuoteID=quote["QuoteID"], QuoteNumber=quote["QuoteNumber"])
        org.update("Quotes", **fields, Status=status)


def _repeating(org, contacts, name, items):
    org.create(
        "RepeatingInvoices",
        Type="ACCREC",
        Status="AUTHORISED",
        Contact={"ContactID": contacts[name]["ContactID"]},
        Schedule={
            "Period": 1,
            "Unit": "MONTHLY",
            "DueDate": 20,
            "DueDateType": "OFFOLLOWINGMONTH",
            "StartDate": org.today().replace(day=1).isoformat(),
        },
        LineItems=[{"ItemCode": code, "Quantity": count} for code, count in items],
    )


def _backdate(org):
    """Give every record of the seed a change stamp of 2010, in its order."""
    moment = DEMO_STAMP
    for store in org.stores:
        for record in list(store.values()):
            stamp = record.get(store.stamp_field)
            if not stamp:
                continue
            moment += timedelta(milliseconds=10)
            changed = {**record, store.stamp_field: wire.ms_datetime(moment)}
            if "UpdatedDateUTCString" in record:
                text = moment.strftime("%Y-%m-%d %H:%M:%S+00:00")
                changed["UpdatedDateUTCString"] = text
            store.put(changed)
