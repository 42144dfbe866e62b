"""Tables of constants: endpoints, scopes, statuses, limits, order of entities."""

# Bases of Xero's addresses; the system parameters of these names override them
# (design: tests and demo point them at the simulated Xero).
URL_PARAMETERS = {
    "login_url": ("xero_crm.login_url", "https://login.xero.com"),
    "identity_url": ("xero_crm.identity_url", "https://identity.xero.com"),
    "api_url": ("xero_crm.api_url", "https://api.xero.com"),
}
WEB_URL = "https://go.xero.com"
# Where Xero's web application shows a record.
WEB_PATHS = {
    "Contacts": "/Contacts/View/%s",
    "Items": "/Inventory/%s",
    "Invoices": "/AccountsReceivable/View.aspx?InvoiceID=%s",
    "CreditNotes": "/AccountsReceivable/ViewCreditNote.aspx?creditNoteID=%s",
    "Quotes": "/app/quotes/view/%s",
}
CALLBACK_ROUTE = "/xero_crm/oauth/callback"
WEBHOOK_ROUTE = "/xero_crm/webhook"
# In mails to customers, before the id of the invoice.
PAY_ROUTE = "/xero_crm/pay"

# Apps made since 2 March 2026 know only granular scopes, older ones may know only
# the broad ones: https://developer.xero.com/faq/granular-scopes
SCOPES_BASE = ("openid", "profile", "email", "offline_access")
SCOPES_GRANULAR = (
    "accounting.invoices",
    "accounting.payments",
    "accounting.contacts",
    "accounting.settings",
)
SCOPES_BROAD = (
    "accounting.transactions",
    "accounting.contacts",
    "accounting.settings",
)

# What makes an invoice by itself; a customer or an order may have another one than the
# connection.
INVOICE_TRIGGERS = [
    ("manual", "By a click"),
    ("order_confirmed", "When an order is confirmed"),
    ("quotation_signed", "When a quotation is signed online"),
    ("opportunity_won", "When an opportunity is won"),
    ("delivery_done", "When something is delivered"),
    ("on_date", "On the date that the order names"),
]

# A Starter app may make 1,000 calls a day and organisation, others 5,000.
DAY_LIMIT_STARTER = 1000
DAY_LIMIT_CORE = 5000
BATCH_SIZE = 50
PAGE_SIZE = 1000
# Xero does not say whether If-Modified-Since is inclusive, and its clock is not ours.
PULL_OVERLAP_MINUTES = 5

# Tax types of what bears no tax; Australian organisations have the second alone.
NO_TAX = ("NONE", "BASEXCLUDED")

# What can be pulled, in the order in which documents need each other.
REFERENCE_RESOURCES = (
    "Accounts",
    "TaxRates",
    "Currencies",
    "BrandingThemes",
    "TrackingCategories",
    "ContactGroups",
)
PULL_MODELS = {
    "Accounts": "xero.account",
    "TaxRates": "xero.tax.rate",
    "Currencies": "xero.currency",
    "BrandingThemes": "xero.branding.theme",
    "TrackingCategories": "xero.tracking.category",
    "Contacts": "res.partner",
    "ContactGroups": "xero.contact.group",
    "Items": "product.product",
    "Invoices": "xero.invoice",
    "CreditNotes": "xero.credit.note",
    "Overpayments": "xero.credit.note",
    "Prepayments": "xero.credit.note",
    "Quotes": "xero.quote",
}
# Only what concerns customers; the other two are few, and of both sorts.
PULL_WHERE = {"Invoices": 'Type=="ACCREC"', "CreditNotes": 'Type=="ACCRECCREDIT"'}
# What webhooks tell of, in the order in which documents need each other.
WEBHOOK_RESOURCES = {
    "CONTACT": "Contacts",
    "INVOICE": "Invoices",
    "CREDITNOTE": "CreditNotes",
    "OVERPAYMENT": "Overpayments",
    "PREPAYMENT": "Prepayments",
}
# The category of a row that stands for Xero's check of our address.
WEBHOOK_CHECK = "INTENT TO RECEIVE"
# What can be pushed, in the order in which documents need each other.
PUSH_MODELS = {
    "Contacts": "res.partner",
    "Items": "product.product",
    "Invoices": "xero.invoice",
    # After them: a quote is invoiced once its invoice is there.
    "Quotes": "xero.quote",
}
# What an order asks for: sent one by one, after its customer and items, and never
# edited here.
DOCUMENT_RESOURCES = ("Invoices", "Quotes")
# What a person asks for, one document at a time: never matched, mapped or sent with
# everything else. In the order in which they need each other, after the above.
ASKED_MODELS = {
    "CreditNotes": "xero.credit.note",
    "Allocations": "xero.allocation.request",
    "Payments": "xero.refund.request",
    "InvoicePayments": "xero.payment.request",
}
# Where two kinds of what is asked for are one list of Xero's.
WIRE_RESOURCES = {"InvoicePayments": "Payments"}
# A call that has done a part of its work may still be at the rest: what moves money is
# not sent again before its key is forgotten.
MONEY_RESOURCES = ("Payments", "InvoicePayments")
OUTBOX_MODELS = {**PUSH_MODELS, **ASKED_MODELS}
# Of these Xero takes one in a call.
ONE_BY_ONE = ("Allocations",)
# Context key: how new records are looked for in Xero before they are sent. By fetching
# the list where nothing is said; "each" asks one by one; "done": it was done just now.
LOOK_UP = "xero_look_up"
# Context key: when a push has fetched which lists, by the monotonic clock.
FETCHED = "xero_fetched"
# What both sides may change.
TWO_WAY_RESOURCES = ("Contacts", "Items")
# Offset paging over a field that changes loses records: page by the id instead.
PAGE_ORDER = {
    "Contacts": "ContactID ASC",
    "Invoices": "InvoiceID ASC",
    "CreditNotes": "CreditNoteID ASC",
    "Overpayments": "OverpaymentID ASC",
    "Prepayments": "PrepaymentID ASC",
    "Quotes": "QuoteID ASC",
}
# Documents that are fetched from the newest back, with the name of their id; the first
# fetch waits for those of so many months.
HISTORY_RESOURCES = {
    "Invoices": "InvoiceID",
    "CreditNotes": "CreditNoteID",
    "Overpayments": "OverpaymentID",
    "Prepayments": "PrepaymentID",
}
RECENT_MONTHS = 12
# What is not settled comes whatever its age: arguments and condition of the question.
OPEN_FILTER = {
    "Invoices": ({"statuses": ("DRAFT", "SUBMITTED", "AUTHORISED")}, ""),
    "CreditNotes": ({}, 'Status=="AUTHORISED"'),
    "Overpayments": ({}, 'Status=="AUTHORISED"'),
    "Prepayments": ({}, 'Status=="AUTHORISED"'),
}

RESOURCE_LABELS = [
    ("Organisation", "Organisation"),
    ("Accounts", "Accounts"),
    ("TaxRates", "Tax Rates"),
    ("Currencies", "Currencies"),
    ("BrandingThemes", "Branding Themes"),
    ("TrackingCategories", "Tracking Categories"),
    ("Contacts", "Contacts"),
    ("ContactGroups", "Contact Groups"),
    ("Items", "Items"),
    ("Invoices", "Invoices"),
    ("CreditNotes", "Credit Notes"),
    ("Overpayments", "Overpayments"),
    ("Prepayments", "Prepayments"),
    ("Quotes", "Quotes"),
    ("Allocations", "Allocations"),
    ("Payments", "Payments"),
    ("InvoicePayments", "Online Payments"),
]

INVOICE_STATUSES = [
    ("draft", "Draft"),
    ("submitted", "Awaiting Approval"),
    ("authorised", "Awaiting Payment"),
    ("paid", "Paid"),
    ("voided", "Voided"),
    ("deleted", "Deleted"),
]
# Invoices that a customer may be sent.
APPROVED_STATUSES = ("authorised", "paid")
# What Xero's history of an invoice says once it was mailed, in lower case.
SENT_IN_HISTORY = ("invoice sent",)
EMAIL_STATES = [
    ("none", "Not Sent"),
    ("waiting", "Being Sent"),
    ("sent", "Sent"),
    ("error", "Sending Failed"),
]
SCOPE_FILES = "accounting.attachments"
PAYMENT_STATUSES = [
    ("none", "Not Invoiced"),
    ("draft", "Draft"),
    ("waiting_approval", "Awaiting Approval"),
    ("sent", "Awaiting Payment"),
    ("viewed", "Viewed"),
    ("partial", "Partly Paid"),
    ("overdue", "Overdue"),
    ("paid", "Paid"),
    ("credited", "Credited"),
    ("voided", "Voided"),
]
CREDIT_KINDS = [
    ("credit_note", "Credit Note"),
    ("overpayment", "Overpayment"),
    ("prepayment", "Prepayment"),
]
CREDIT_STATUSES = [
    ("draft", "Draft"),
    ("waiting_approval", "Awaiting Approval"),
    ("open", "Credit Left"),
    ("partial", "Partly Used"),
    ("used", "Used"),
    ("voided", "Voided"),
]
QUOTE_STATUSES = [
    ("draft", "Draft"),
    ("sent", "Sent"),
    ("accepted", "Accepted"),
    ("declined", "Declined"),
    ("invoiced", "Invoiced"),
    ("deleted", "Deleted"),
]
QUOTE_TRIGGERS = [
    ("manual", "By a click"),
    ("sent", "When the quotation is sent to the customer"),
]
ORDER_POLICIES = [
    ("inform", "Inform: a warning on the order"),
    ("ask", "Ask a manager before it is confirmed"),
    ("block", "Block: it cannot be confirmed"),
]
SYNC_STATES = [
    ("none", "Not in Xero"),
    ("pending", "Waiting to Be Sent"),
    ("sending", "Being Sent"),
    ("synced", "In Sync"),
    ("conflict", "Conflict"),
    ("error", "Failing"),
    ("excluded", "Excluded"),
]
