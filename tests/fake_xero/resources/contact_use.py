"""Contacts as other resources see them: their balances, and their short form."""

from decimal import Decimal

from .. import wire


def balances_of(org, contact_id):
    """Outstanding and overdue amounts; None when the contact has no documents.

    In the documents' own currency, as the OpenAPI file says ("not converted").
    """
    sums = {"ACCREC": [Decimal(0)] * 2, "ACCPAY": [Decimal(0)] * 2}
    found = False
    today = org.today()
    for invoice in org.invoices.find("contact", contact_id):
        if invoice["Status"] != "AUTHORISED":
            continue
        found = True
        due = wire.day_of(invoice.get("DueDate"))
        outstanding, overdue = sums[invoice["Type"]]
        late = invoice["AmountDue"] if due and due < today else Decimal(0)
        sums[invoice["Type"]] = [outstanding + invoice["AmountDue"], overdue + late]
    for note in org.credit_notes.find("contact", contact_id):
        if note["Status"] == "AUTHORISED":
            found = True
            kind = "ACCREC" if note["Type"] == "ACCRECCREDIT" else "ACCPAY"
            sums[kind][0] -= note["RemainingCredit"]
    if not found:
        return None
    names = (("AccountsReceivable", "ACCREC"), ("AccountsPayable", "ACCPAY"))
    return {
        name: {"Outstanding": sums[kind][0], "Overdue": sums[kind][1]}
        for name, kind in names
    }


def stub(ctx, contact_id):
    """The short form of a contact in lists of documents."""
    return {
        "ContactID": contact_id,
        "Name": ctx.org.contacts[contact_id]["Name"],
        "Addresses": [],
        "Phones": [],
        "ContactGroups": [],
        "ContactPersons": [],
        "HasValidationErrors": False,
    }
