"""The resources of the Accounting API, by name and by path."""

from .contact_groups import ContactGroups
from .contacts import Contacts
from .credit_notes import CreditNotes
from .invoices import Invoices
from .items import Items
from .payments import Payments
from .quotes import Quotes
from .received import Overpayments, Prepayments
from .reference import (
    Accounts,
    BrandingThemes,
    Currencies,
    Organisations,
    TaxRates,
    TrackingCategories,
)
from .repeating import RepeatingInvoices
from .reports import Reports

RESOURCES = (
    Organisations(),
    Contacts(),
    ContactGroups(),
    Accounts(),
    TaxRates(),
    Currencies(),
    Items(),
    Invoices(),
    CreditNotes(),
    Quotes(),
    Payments(),
    Overpayments(),
    Prepayments(),
    BrandingThemes(),
    TrackingCategories(),
    RepeatingInvoices(),
    Reports(),
)
BY_NAME = {resource.name: resource for resource in RESOURCES}
# Paths are matched without regard to case; Organisations is read at both spellings.
BY_PATH = {resource.name.lower(): resource for resource in RESOURCES}
BY_PATH["organisations"] = BY_NAME["Organisation"]
