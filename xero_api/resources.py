"""What each resource of the Accounting API can do: the one table of routes.

The names in it are those of the SDK's ``AccountingApi``; a test compares every row
with the SDK's own signatures. Sources: Xero's OpenAPI file and, for paging and
``unitdp``, https://developer.xero.com/documentation/api/accounting/requests-and-responses
"""

from .resource import FIXED_PAGE, LARGE_PAGE, Resource

_CONTACTS = Resource(
    path="Contacts",
    id_field="ContactID",
    echo_field="ContactNumber",
    list_method="get_contacts",
    one_method="get_contact",
    create_method="create_contacts",
    update_method="update_or_create_contacts",
    history_method="create_contact_history",
    page_size=LARGE_PAGE,
    modified_since=True,
    ids=True,
    search_arg="search_term",
    include_archived=True,
    summarize_errors=True,
)
_INVOICES = Resource(
    path="Invoices",
    id_field="InvoiceID",
    echo_field="InvoiceNumber",
    list_method="get_invoices",
    one_method="get_invoice",
    create_method="create_invoices",
    update_method="update_or_create_invoices",
    history_method="create_invoice_history",
    page_size=LARGE_PAGE,
    modified_since=True,
    ids=True,
    contacts_arg="contact_i_ds",
    numbers_arg="invoice_numbers",
    statuses_arg="statuses",
    search_arg="search_term",
    include_archived=True,
    unitdp=True,
    summarize_errors=True,
)
_ITEMS = Resource(
    path="Items",
    id_field="ItemID",
    echo_field="Code",
    list_method="get_items",
    one_method="get_item",
    create_method="create_items",
    update_method="update_or_create_items",
    history_method="create_item_history",
    modified_since=True,
    unitdp=True,
    summarize_errors=True,
)
_CREDIT_NOTES = Resource(
    path="CreditNotes",
    id_field="CreditNoteID",
    echo_field="CreditNoteNumber",
    list_method="get_credit_notes",
    one_method="get_credit_note",
    create_method="create_credit_notes",
    update_method="update_or_create_credit_notes",
    history_method="create_credit_note_history",
    page_size=LARGE_PAGE,
    modified_since=True,
    unitdp=True,
    summarize_errors=True,
)
_QUOTES = Resource(
    path="Quotes",
    id_field="QuoteID",
    echo_field="QuoteNumber",
    list_method="get_quotes",
    one_method="get_quote",
    create_method="create_quotes",
    update_method="update_or_create_quotes",
    history_method="create_quote_history",
    page_size=FIXED_PAGE,
    sizable=False,
    modified_since=True,
    where=False,
    contacts_arg="contact_id",
    numbers_arg="quote_number",
    statuses_arg="status",
    summarize_errors=True,
)
_PURCHASE_ORDERS = Resource(
    path="PurchaseOrders",
    id_field="PurchaseOrderID",
    echo_field="PurchaseOrderNumber",
    list_method="get_purchase_orders",
    one_method="get_purchase_order",
    create_method="create_purchase_orders",
    update_method="update_or_create_purchase_orders",
    history_method="create_purchase_order_history",
    page_size=LARGE_PAGE,
    modified_since=True,
    where=False,
    statuses_arg="status",
    summarize_errors=True,
)
_PAYMENTS = Resource(
    path="Payments",
    id_field="PaymentID",
    list_method="get_payments",
    one_method="get_payment",
    create_method="create_payments",
    # A payment can be deleted, not changed; Xero spells that as a POST.
    update_method="delete_payment",
    update_by_id="bare",
    history_method="create_payment_history",
    page_size=LARGE_PAGE,
    modified_since=True,
    summarize_errors=True,
)
_OVERPAYMENTS = Resource(
    path="Overpayments",
    id_field="OverpaymentID",
    list_method="get_overpayments",
    one_method="get_overpayment",
    history_method="create_overpayment_history",
    page_size=LARGE_PAGE,
    modified_since=True,
)
_PREPAYMENTS = Resource(
    path="Prepayments",
    id_field="PrepaymentID",
    list_method="get_prepayments",
    one_method="get_prepayment",
    history_method="create_prepayment_history",
    page_size=LARGE_PAGE,
    modified_since=True,
    numbers_arg="invoice_numbers",
)
_REPEATING_INVOICES = Resource(
    path="RepeatingInvoices",
    id_field="RepeatingInvoiceID",
    list_method="get_repeating_invoices",
    one_method="get_repeating_invoice",
    create_method="create_repeating_invoices",
    # Xero's POST creates or deletes templates; it cannot change one.
    update_method="update_or_create_repeating_invoices",
    history_method="create_repeating_invoice_history",
    summarize_errors=True,
)
_ACCOUNTS = Resource(
    path="Accounts",
    id_field="AccountID",
    list_method="get_accounts",
    one_method="get_account",
    create_method="create_account",
    update_method="update_account",
    modified_since=True,
    bare_create=True,
    update_by_id="array",
)
_TAX_RATES = Resource(
    path="TaxRates",
    id_field="TaxType",
    list_method="get_tax_rates",
    one_method="get_tax_rate_by_tax_type",
    create_method="create_tax_rates",
    update_method="update_tax_rate",
)
_TRACKING_CATEGORIES = Resource(
    path="TrackingCategories",
    id_field="TrackingCategoryID",
    list_method="get_tracking_categories",
    one_method="get_tracking_category",
    create_method="create_tracking_category",
    update_method="update_tracking_category",
    include_archived=True,
    bare_create=True,
    update_by_id="bare",
)
_CONTACT_GROUPS = Resource(
    path="ContactGroups",
    id_field="ContactGroupID",
    list_method="get_contact_groups",
    one_method="get_contact_group",
    create_method="create_contact_group",
    update_method="update_contact_group",
    update_by_id="array",
)
_CURRENCIES = Resource(
    path="Currencies",
    id_field="Code",
    list_method="get_currencies",
    create_method="create_currency",
    bare_create=True,
)
_USERS = Resource(
    path="Users",
    id_field="UserID",
    list_method="get_users",
    one_method="get_user",
    modified_since=True,
)
_BRANDING_THEMES = Resource(
    path="BrandingThemes",
    id_field="BrandingThemeID",
    list_method="get_branding_themes",
    one_method="get_branding_theme",
    where=False,
    order=False,
)
_ORGANISATION = Resource(
    path="Organisation",
    key="Organisations",
    id_field="OrganisationID",
    list_method="get_organisations",
    where=False,
    order=False,
)

RESOURCES = {
    resource.path: resource
    for resource in (
        _CONTACTS,
        _INVOICES,
        _ITEMS,
        _CREDIT_NOTES,
        _QUOTES,
        _PURCHASE_ORDERS,
        _PAYMENTS,
        _OVERPAYMENTS,
        _PREPAYMENTS,
        _REPEATING_INVOICES,
        _ACCOUNTS,
        _TAX_RATES,
        _TRACKING_CATEGORIES,
        _CONTACT_GROUPS,
        _CURRENCIES,
        _USERS,
        _BRANDING_THEMES,
        _ORGANISATION,
    )
}


def get_resource(path):
    """Look a resource up.

    :param str path: Xero's path name, e.g. ``Contacts``
    :rtype: Resource
    :raise ValueError: for a name that is not in the table
    """
    if path not in RESOURCES:
        raise ValueError(f"Xero has no resource {path!r} that this client knows")
    return RESOURCES[path]
