"""Organisations as they come: reference data, and the demo's contacts and invoices."""

from decimal import Decimal

from . import seed_chart as chart
from . import wire
from .resources.reference import Accounts


def seed_empty(org):
    """Reference data only: accounts, tax rates, currencies, themes, tracking."""
    for code, name, kind, tax_type, extra in chart.ACCOUNTS + chart.ARCHIVED_ACCOUNTS:
        values = {
            "Code": code,
            "Name": name,
            "Type": kind,
            "TaxType": tax_type,
            **extra,
        }
        if kind == "BANK":
            values["CurrencyCode"] = org.base_currency
        Accounts.put_account(org, values)
    for row in chart.TAX_RATES:
        org.tax_rates.put(_tax_rate(*row))
    codes = dict(chart.CURRENCIES)
    order = sorted(codes, key=lambda code: code != org.base_currency)
    for code in order:
        org.currencies.put({"Code": code, "Description": codes[code]})
    base = chart.RATES.get(org.base_currency)
    for code, rate in chart.RATES.items():
        if org.base_currency == "NZD":
            org.rates[code] = rate
        else:
            org.rates[code] = (rate / base).quantize(rate)
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


def _tax_rate(tax_type, name, report, rate, revenue, expenses, other):
    rate = Decimal(rate)
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
        "TaxComponents": [
            {
                "Name": "GST",
                "Rate": rate,
                "IsCompound": False,
                "IsNonRecoverable": False,
            }
        ],
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
    """Reference data, contacts, items and invoices."""
    seed_empty(org)
