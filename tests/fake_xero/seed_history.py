"""The demo organisation's past: six years of paid invoices, some of them credited."""

from datetime import timedelta
from decimal import Decimal

# Customer, one item a time, how many of it at first and more each year, months between.
CUSTOMERS = (
    ("Azure Interior", "DevD", 2, 1, 3),
    ("Deco Addict", "FURN_8888", 12, 4, 4),
    ("Gemini Furniture", "E-COM07", 3, 2, 6),
    ("Ready Mat Ltd", "SUPPORT-M", 1, 0, 2),
    ("City Agency", "PMD", 1, 1, 3),
    ("Hamilton Smith Ltd", "SUPPORT-M", 1, 0, 1),
    ("Ridgeway University", "TRAIN-MS", 4, 2, 6),
    ("Wood Corner", "FURN_7800", 2, 1, 5),
)
YEARS = 6
# The recent months are told one by one in seed_demo_documents.
RECENT_DAYS = 120
MONTH = Decimal("30.4")
# Of every so many invoices one is credited in part, as goods that came back.
CREDITED_EVERY = 11


def seed_history(org, contacts):
    """Add the past of some customers, the oldest first."""
    plan = sorted(
        (ago, name, item, count)
        for name, item, first, more, months in CUSTOMERS
        for ago in _days_ago(months)
        for count in [first + more * int((YEARS * 365 - ago) / 365)]
    )
    for number, (ago, name, item, count) in enumerate(reversed(plan), start=1):
        day = org.today() - timedelta(days=ago)
        invoice = org.add_invoice(
            contacts[name],
            InvoiceNumber=f"{day:%y}-{number:04d}",
            Date=day,
            DueDate=day + timedelta(days=20),
            LineItems=[{"ItemCode": item, "Quantity": count}],
            SentToContact=True,
        )
        if number % CREDITED_EVERY == 0:
            _credit(org, contacts[name], invoice, item, day + timedelta(days=12))
        paid_on = day + timedelta(days=15 + number % 12)
        org.pay(invoice, None, paid_on, reference=name)
    _seed_credits(org, contacts)


def _days_ago(months):
    step = int(MONTH * months)
    return range(RECENT_DAYS + step, YEARS * 365, step)


def _credit(org, contact, invoice, item, day):
    """Goods came back: a credit note, given to the invoice."""
    note = org.add_credit_note(
        contact,
        Date=day,
        Reference=invoice["InvoiceNumber"],
        LineItems=[{"ItemCode": item, "Quantity": 1}],
    )
    org.allocate(note, invoice, min(note["Total"], invoice["AmountDue"]) / 2, day)
    if note["RemainingCredit"]:
        org.refund(note, None, day + timedelta(days=8))


def _seed_credits(org, contacts):
    """Credit that is still to be used, of each kind."""
    today = org.today()
    note = org.add_credit_note(
        contacts["Azure Interior"],
        Date=today - timedelta(days=14),
        Reference="Day not worked",
        LineItems=[{"ItemCode": "DevD", "Quantity": 1}],
    )
    invoice = org.invoices.find("contact", note["Contact"]["ContactID"])[0]
    day = today - timedelta(days=12)
    org.allocate(note, invoice, Decimal("250.00"), day)
    org.receive(
        "Overpayments",
        contacts["Gemini Furniture"],
        "120.00",
        today - timedelta(days=9),
        reference="Paid twice",
    )
    org.receive(
        "Prepayments",
        contacts["Ridgeway University"],
        "1500.00",
        today - timedelta(days=4),
        reference="Training week",
    )
