"""Where the real Xero departs from its own OpenAPI file: the allow-list.

Each entry says where the departure is seen. Everything that is not listed here and
not in the file is a violation.
"""

# The frame around each collection: in every example of the OpenAPI file itself.
ENVELOPE = ("Id", "Status", "ProviderName", "DateTimeUTC")

# Properties that real answers carry and the schemas lack.
ANSWER_EXTRAS = {
    # examples of GET /Invoices/{InvoiceID}
    "Invoice": ("DateString", "DueDateString"),
    # examples of GET /CreditNotes/{CreditNoteID}
    "CreditNote": ("ID", "DateString", "DueDateString"),
    # examples of GET /Overpayments and GET /Prepayments
    "Overpayment": ("ID", "DateString"),
    "Prepayment": ("ID", "DateString"),
    # examples of GET /ContactGroups, and groups nested in contacts
    "ContactGroup": ("HasValidationErrors",),
    # examples of PUT /TrackingCategories/{TrackingCategoryID}/Options
    "TrackingOption": ("HasValidationErrors", "IsDeleted", "IsArchived", "IsActive"),
    # examples of the History responses
    "HistoryRecord": ("DateUTCString",),
    # recorded from the real one: facts file section 8
    "Quotes": ("SummarizeErrors",),
    # DELETE of an allocation answers one object in the envelope
    "Allocation": ENVELOPE,
}

# Query parameters that the real API takes and the file lacks.
PARAMETER_EXTRAS = {
    # since 10 August 2026, in the SDK 15.2.0: facts file section 7
    ("put", "/Invoices"): ("allowBackorders",),
    ("post", "/Invoices"): ("allowBackorders",),
}

# Answers of the gateway, which the file does not describe at all.
GATEWAY_STATUSES = (401, 403, 404, 412, 429, 500, 501, 503)

# Headers that the file calls required but that only the SDKs' signatures have.
IGNORED_HEADERS = ("contentType",)

# The file writes /Connections, the service is called at /connections.
LOWER_CASE_PATHS = ("/Connections",)

# The token endpoint's answer also names what was granted (RFC 6749, section 5.1).
TOKEN_EXTRAS = ("scope",)
