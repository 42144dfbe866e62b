"""The lists that Xero keeps and Odoo mirrors: accounts, tax rates and the like."""

import dataclasses
import datetime as dt
from decimal import Decimal
from typing import ClassVar

from . import fields
from .base import Document, read_children


@dataclasses.dataclass(frozen=True, slots=True)
class AccountData(Document):
    """An account of the chart; some bank accounts have no code."""

    resource: ClassVar[str] = "Accounts"
    id_field: ClassVar[str] = "AccountID"

    xero_id: str = fields.own_id("AccountID")
    code: str = fields.text("Code")
    name: str = fields.text("Name")
    type: str = fields.text("Type")
    class_: str = fields.text("Class")
    tax_type: str = fields.text("TaxType")
    status: str = fields.text("Status", default="ACTIVE")
    system_account: str = fields.text("SystemAccount")
    enable_payments: bool = fields.flag("EnablePaymentsToAccount")
    currency: str = fields.text("CurrencyCode")
    updated: dt.datetime | None = fields.updated()


@dataclasses.dataclass(frozen=True, slots=True)
class TaxComponentData(Document):
    """One tax of a rate that is made of several, in percent.

    A compound one is a tax on the amount and on the other components.
    """

    name: str = fields.text("Name")
    rate: Decimal = fields.number("Rate")
    is_compound: bool = fields.flag("IsCompound")


@dataclasses.dataclass(frozen=True, slots=True)
class TaxRateData(Document):
    """A tax rate; the tax type names it, never its name, which users change.

    ``effective_rate`` is in percent.
    """

    resource: ClassVar[str] = "TaxRates"
    id_field: ClassVar[str] = "TaxType"

    tax_type: str = fields.text("TaxType")
    name: str = fields.text("Name")
    status: str = fields.text("Status", default="ACTIVE")
    effective_rate: Decimal = fields.number("EffectiveRate", "DisplayTaxRate")
    can_apply_to_revenue: bool = fields.flag("CanApplyToRevenue")
    can_apply_to_expenses: bool = fields.flag("CanApplyToExpenses")
    components: tuple[TaxComponentData, ...] = fields.many(TaxComponentData)

    @classmethod
    def from_xero(cls, payload: dict) -> "TaxRateData":
        """Read a TaxRate; raises MappingError for a wrong type."""
        found = cls._read(payload)
        found["components"] = read_children(
            payload, "TaxComponents", TaxComponentData, "components"
        )
        return cls(**found)


@dataclasses.dataclass(frozen=True, slots=True)
class CurrencyData(Document):
    """A currency that the organisation uses."""

    resource: ClassVar[str] = "Currencies"
    id_field: ClassVar[str] = "Code"

    code: str = fields.text("Code")
    name: str = fields.text("Description")


@dataclasses.dataclass(frozen=True, slots=True)
class BrandingThemeData(Document):
    """A look of invoices; the default one has sort order 0."""

    resource: ClassVar[str] = "BrandingThemes"
    id_field: ClassVar[str] = "BrandingThemeID"

    xero_id: str = fields.own_id("BrandingThemeID")
    name: str = fields.text("Name")
    sort_order: int = fields.whole("SortOrder")


@dataclasses.dataclass(frozen=True, slots=True)
class OrganisationData(Document):
    """The organisation itself.

    ``timezone`` is Xero's own name ('NEWZEALANDSTANDARDTIME'), ``class_`` its plan,
    ``short_code`` begins with "!". Nothing can be posted on or before a lock date.
    """

    resource: ClassVar[str] = "Organisation"
    id_field: ClassVar[str] = "OrganisationID"

    xero_id: str = fields.own_id("OrganisationID")
    name: str = fields.text("Name")
    base_currency: str = fields.text("BaseCurrency")
    country_code: str = fields.text("CountryCode")
    short_code: str = fields.text("ShortCode")
    timezone: str = fields.text("Timezone")
    is_demo: bool = fields.flag("IsDemoCompany")
    class_: str = fields.text("Class")
    period_lock_date: dt.date | None = fields.day("PeriodLockDate")
    end_of_year_lock_date: dt.date | None = fields.day("EndOfYearLockDate")


@dataclasses.dataclass(frozen=True, slots=True)
class TrackingOptionData(Document):
    """One option of a tracking category."""

    id_field: ClassVar[str] = "TrackingOptionID"

    xero_id: str = fields.own_id("TrackingOptionID")
    name: str = fields.text("Name")
    status: str = fields.text("Status", default="ACTIVE")


@dataclasses.dataclass(frozen=True, slots=True)
class TrackingCategoryData(Document):
    """A tracking category with its options."""

    resource: ClassVar[str] = "TrackingCategories"
    id_field: ClassVar[str] = "TrackingCategoryID"

    xero_id: str = fields.own_id("TrackingCategoryID")
    name: str = fields.text("Name")
    status: str = fields.text("Status", default="ACTIVE")
    options: tuple[TrackingOptionData, ...] = fields.many(TrackingOptionData)

    @classmethod
    def from_xero(cls, payload: dict) -> "TrackingCategoryData":
        """Read a TrackingCategory; raises MappingError for a wrong type."""
        found = cls._read(payload)
        found["options"] = read_children(
            payload, "Options", TrackingOptionData, "options"
        )
        return cls(**found)
