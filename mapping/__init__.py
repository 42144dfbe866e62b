"""The meaning of Xero's documents: record <-> dataclass <-> payload. Pure: no Odoo."""

from .base import Document
from .contact import ContactData
from .contact_group import ContactGroupData, merge_members
from .credit_note import AllocationData, CreditNoteData
from .errors import MappingError
from .field_map import FieldMap
from .field_rule import FieldRule
from .invoice import InvoiceData
from .item import ItemData
from .line import LineData, LineTrackingData
from .matching import Candidate, Match, Matcher
from .merge import Choice, Merge, get_winner, same, three_way
from .merge_persons import merge_persons
from .payment import PaymentData
from .person import PersonData
from .quote import QuoteData
from .reference import (
    AccountData,
    BrandingThemeData,
    CurrencyData,
    OrganisationData,
    TaxComponentData,
    TaxRateData,
    TrackingCategoryData,
    TrackingOptionData,
)
from .similarity import Likeness, compare
from .totals import Totals
from .traits import Traits, blocking_keys, rule_keys

__all__ = [
    "AccountData",
    "AllocationData",
    "BrandingThemeData",
    "Candidate",
    "Choice",
    "ContactData",
    "ContactGroupData",
    "CreditNoteData",
    "CurrencyData",
    "Document",
    "FieldMap",
    "FieldRule",
    "InvoiceData",
    "ItemData",
    "Likeness",
    "LineData",
    "LineTrackingData",
    "MappingError",
    "Match",
    "Matcher",
    "Merge",
    "OrganisationData",
    "PaymentData",
    "PersonData",
    "QuoteData",
    "TaxComponentData",
    "TaxRateData",
    "Totals",
    "TrackingCategoryData",
    "TrackingOptionData",
    "Traits",
    "blocking_keys",
    "compare",
    "get_winner",
    "merge_members",
    "merge_persons",
    "rule_keys",
    "same",
    "three_way",
]
