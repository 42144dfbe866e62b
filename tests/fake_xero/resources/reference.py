"""Reference data: organisation, accounts, tax rates, currencies, themes, tracking."""

from decimal import Decimal

from .. import wire
from ..answer import Answer
from ..errors import BadRequest, NotFound, Refused
from ..money import number, places
from .base import ReadOnly, Resource
from .rules import check_lengths, known_guid

CLASSES = {
    "BANK": "ASSET",
    "CURRENT": "ASSET",
    "FIXED": "ASSET",
    "INVENTORY": "ASSET",
    "NONCURRENT": "ASSET",
    "PREPAYMENT": "ASSET",
    "EQUITY": "EQUITY",
    "DEPRECIATN": "EXPENSE",
    "DIRECTCOSTS": "EXPENSE",
    "EXPENSE": "EXPENSE",
    "OVERHEADS": "EXPENSE",
    "CURRLIAB": "LIABILITY",
    "LIABILITY": "LIABILITY",
    "TERMLIAB": "LIABILITY",
    "OTHERINCOME": "REVENUE",
    "REVENUE": "REVENUE",
    "SALES": "REVENUE",
}
APPLY = (
    "CanApplyToAssets",
    "CanApplyToEquity",
    "CanApplyToExpenses",
    "CanApplyToLiabilities",
    "CanApplyToRevenue",
)
ACTIONS = (
    "CreateApprovedInvoice",
    "CreateDraftInvoice",
    "CreateInvoicePayment",
    "CreateRepeatingInvoice",
    "UseMulticurrency",
    "CreateContact",
    "UpdateContact",
    "AttachFilesToInvoice",
    "SendInvoiceEmail",
)


class Organisations(ReadOnly):
    """/Organisation: one record under the key Organisations."""

    name = "Organisation"
    key = "Organisations"

    def dispatch(self, ctx, method, parts):
        """The record, or what this user may do."""
        if method != "GET" or len(parts) > 1:
            raise NotFound()
        if not parts:
            return self.answer(ctx, [ctx.org.details])
        if parts[0].lower() != "actions":
            raise NotFound()
        denied = ctx.org.denied_actions
        actions = [
            {"Name": name, "Status": "NOT-ALLOWED" if name in denied else "ALLOWED"}
            for name in ACTIONS
        ]
        return Answer(payload=wire.envelope("Actions", actions, ctx.xero.now))


class Accounts(Resource):
    """The chart of accounts; writes take one account."""

    name = "Accounts"
    store_name = "accounts"
    id_field = "AccountID"
    incremental = True
    has_status_attribute = False
    fields = {
        "AccountID",
        "Code",
        "Name",
        "Type",
        "Class",
        "TaxType",
        "Status",
        "SystemAccount",
        "EnablePaymentsToAccount",
        "UpdatedDateUTC",
        "CurrencyCode",
        "BankAccountNumber",
    }

    def save(self, ctx, payload, create_only=False):
        """Create or update an account; archive by Status ARCHIVED."""
        org = ctx.org
        xero_id = known_guid(payload, "AccountID")
        known = None if create_only else org.accounts.get(xero_id or "")
        messages = []
        check_lengths(payload, {"Code": 10, "Name": 150}, messages)
        kind = payload.get("Type") or (known or {}).get("Type")
        if kind not in CLASSES:
            messages.append("Account Type is not valid")
        if not known and not payload.get("Name"):
            messages.append("Please enter an Account Name")
        code = payload.get("Code")
        same = org.account_by_code(code) if code else None
        if same and same is not known:
            messages.append("Please enter a unique Code.")
        if not known and not code and kind != "BANK":
            messages.append("Please enter a Code")
        if messages:
            raise Refused(*messages)
        return self.put_account(org, {**(known or {}), **payload, "Type": kind})

    @staticmethod
    def put_account(org, values):
        """Store an account with its defaults."""
        kind = values["Type"]
        record = {
            "AccountID": wire.new_guid(),
            "Status": "ACTIVE",
            "TaxType": "NONE",
            "Class": CLASSES[kind],
            "EnablePaymentsToAccount": False,
            "ShowInExpenseClaims": False,
            "BankAccountType": "BANK" if kind == "BANK" else "",
            "ReportingCode": CLASSES[kind][:3],
            "HasAttachments": False,
            "AddToWatchlist": False,
            **values,
            "UpdatedDateUTC": org.stamp(),
        }
        return org.accounts.put(record)


class TaxRates(Resource):
    """Tax rates: named by TaxType; those made by users get TAX001 and so on."""

    name = "TaxRates"
    store_name = "tax_rates"
    id_field = "TaxType"
    has_status_attribute = False
    fields = {"Name", "TaxType", "Status", "ReportTaxType", "EffectiveRate", *APPLY}

    def find(self, ctx, xero_id):
        """By TaxType."""
        if xero_id not in ctx.org.tax_rates:
            raise NotFound()
        return ctx.org.tax_rates[xero_id]

    def save(self, ctx, payload, create_only=False):
        """Create a rate, or update the one whose TaxType is given."""
        org = ctx.org
        known = None if create_only else org.tax_rates.get(payload.get("TaxType"))
        name = payload.get("Name") or (known or {}).get("Name")
        if not name:
            raise Refused("A tax rate must have a Name")
        if any(r["Name"] == name and r is not known for r in org.tax_rates.values()):
            raise Refused(f"The tax rate name {name} is already in use")
        components = payload.get("TaxComponents") or (known or {}).get("TaxComponents")
        if not components:
            raise Refused("A tax rate must have at least one tax component")
        shown, rate = _add_up(components)
        record = {
            "TaxType": self._next_type(org),
            "ReportTaxType": payload.get("ReportTaxType", "OUTPUT"),
            "Status": "ACTIVE",
            **dict.fromkeys(APPLY, True),
            **(known or {}),
            "Name": name,
            "TaxComponents": components,
            "DisplayTaxRate": shown,
            "EffectiveRate": rate,
        }
        if payload.get("Status") in ("ACTIVE", "DELETED", "ARCHIVED"):
            record["Status"] = payload["Status"]
        return org.tax_rates.put(record)

    def _next_type(self, org):
        return org.next_name("TAX{:03d}", org.tax_rates)


def _add_up(components):
    """The rates added, and what they come to: a compound component is a tax on the
    amount and on all other components; there can be one.
    """
    if sum(bool(component.get("IsCompound")) for component in components) > 1:
        raise Refused("Only one component of a tax rate can be compound")
    plain = compound = Decimal(0)
    for component in components:
        rate = number(component["Rate"], "Rate")
        if component.get("IsCompound"):
            compound += rate
        else:
            plain += rate
    effective = plain + compound * (1 + plain / 100)
    return places(plain + compound, 4), places(effective, 4)


class Currencies(Resource):
    """Subscribed currencies."""

    name = "Currencies"
    store_name = "currencies"
    id_field = "Code"
    methods = ("GET", "PUT")
    has_status_attribute = False
    fields = {"Code", "Description"}

    def save(self, ctx, payload, create_only=False):
        """Subscribe a currency."""
        code = payload.get("Code") or ""
        if len(code) != 3 or not code.isalpha():
            raise Refused("Currency code is not valid")
        return ctx.org.currencies.put(
            {"Code": code.upper(), "Description": payload.get("Description") or code}
        )


class BrandingThemes(ReadOnly):
    """Branding themes; SortOrder 0 is the default."""

    name = "BrandingThemes"
    store_name = "branding_themes"
    id_field = "BrandingThemeID"


class TrackingCategories(Resource):
    """Tracking categories with their options; at most two active ones."""

    name = "TrackingCategories"
    store_name = "tracking_categories"
    id_field = "TrackingCategoryID"
    methods = ("GET", "PUT", "POST")
    has_status_attribute = False
    fields = {"Name", "Status", "TrackingCategoryID"}

    def filter_rows(self, ctx, rows):
        """includeArchived."""
        if ctx.flag("includeArchived"):
            return rows
        return [row for row in rows if row["Status"] == "ACTIVE"]

    def save(self, ctx, payload, create_only=False):
        """Create, rename or archive a category."""
        org = ctx.org
        xero_id = known_guid(payload, "TrackingCategoryID")
        known = None if create_only else org.tracking_categories.get(xero_id or "")
        name = payload.get("Name") or (known or {}).get("Name")
        messages = []
        if not name:
            messages.append("A tracking category must have a Name")
        check_lengths(payload, {"Name": 100}, messages)
        active = [
            c
            for c in org.tracking_categories.values()
            if c["Status"] == "ACTIVE" and c is not known
        ]
        status = payload.get("Status") or (known or {}).get("Status", "ACTIVE")
        if any(c["Name"].casefold() == (name or "").casefold() for c in active):
            messages.append("A tracking category with this name already exists")
        if status == "ACTIVE" and len(active) >= 2:
            messages.append("You can only have two active tracking categories")
        if messages:
            raise Refused(*messages)
        return org.tracking_categories.put(
            {
                "TrackingCategoryID": wire.new_guid(),
                "Options": [],
                **(known or {}),
                "Name": name,
                "Status": status,
            }
        )

    def sub(self, ctx, method, record, parts):
        """Options: PUT one or several."""
        if parts[0].lower() != "options" or method != "PUT" or len(parts) != 1:
            raise NotFound()
        made = []
        for element in ctx.elements("Options"):
            name = element.get("Name") or ""
            if not name or len(name) > 100:
                raise BadRequest("Tracking option names have 1 to 100 characters", 10)
            made.append(
                {
                    "TrackingOptionID": wire.new_guid(),
                    "Name": name,
                    "Status": "ACTIVE",
                    "HasValidationErrors": False,
                    "IsDeleted": False,
                    "IsArchived": False,
                    "IsActive": True,
                }
            )
        with ctx.org.transaction():
            options = [*record["Options"], *made]
            ctx.org.tracking_categories.put({**record, "Options": options})
        return Answer(payload=wire.envelope("Options", made, ctx.xero.now))
