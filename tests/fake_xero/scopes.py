"""OAuth scopes: which exist for which kind of app, which each endpoint needs.

Source: Xero's FAQ on granular scopes (facts file section 1). The OpenAPI file still
names broad scopes only, so it is no source here.
"""

IDENTITY = frozenset({"openid", "profile", "email", "offline_access"})
COMMON = frozenset(
    name + suffix
    for name in (
        "accounting.settings",
        "accounting.contacts",
        "accounting.attachments",
    )
    for suffix in ("", ".read")
) | {"accounting.budgets.read", "paymentservices"}
REPORTS = (
    "aged",
    "balancesheet",
    "banksummary",
    "budgetsummary",
    "executivesummary",
    "profitandloss",
    "trialbalance",
    "taxreports",
)
GRANULAR = frozenset(
    name + suffix
    for name in (
        "accounting.invoices",
        "accounting.payments",
        "accounting.banktransactions",
        "accounting.manualjournals",
    )
    for suffix in ("", ".read")
) | {f"accounting.reports.{name}.read" for name in REPORTS}
BROAD = frozenset(
    {
        "accounting.transactions",
        "accounting.transactions.read",
        "accounting.reports.read",
        "accounting.journals.read",
    }
)
KINDS = {
    "granular": IDENTITY | COMMON | GRANULAR,
    "broad": IDENTITY | COMMON | BROAD,
    "both": IDENTITY | COMMON | GRANULAR | BROAD,
}

_PAYMENTS = ("accounting.payments", "accounting.transactions")
_INVOICES = ("accounting.invoices", "accounting.transactions")
RESOURCES = {
    "Invoices": _INVOICES,
    "CreditNotes": _INVOICES,
    "Quotes": _INVOICES,
    "RepeatingInvoices": _INVOICES,
    "Items": ("accounting.settings", *_INVOICES),
    "Payments": _PAYMENTS,
    "Overpayments": _PAYMENTS,
    "Prepayments": _PAYMENTS,
    "Contacts": ("accounting.contacts",),
    "ContactGroups": ("accounting.contacts",),
    "Attachments": ("accounting.attachments",),
}
REPORT_SCOPES = {
    "ProfitAndLoss": "profitandloss",
    "BankSummary": "banksummary",
    "AgedReceivablesByContact": "aged",
}


def default_scopes(kind):
    """All that an app of this kind may ask for, as a sorted tuple."""
    return tuple(sorted(KINDS[kind]))


def refused(asked, kind):
    """:return: the scopes in ``asked`` that an app of this kind may not ask for."""
    return sorted(set(asked) - KINDS[kind])


def allowed(method, resource, sub, granted):
    """Whether a token with the ``granted`` scopes may make this call."""
    granted = set(granted)
    if resource == "Reports":
        report = REPORT_SCOPES.get(sub or "", "")
        needed = {"accounting.reports.read", f"accounting.reports.{report}.read"}
        return bool(granted & needed)
    name = "Attachments" if sub == "Attachments" else resource
    for scope in RESOURCES.get(name, ("accounting.settings",)):
        if scope in granted or (method == "GET" and f"{scope}.read" in granted):
            return True
    return False
