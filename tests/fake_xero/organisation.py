"""One organisation: its records, numbers, history and attachments.

The stores hold wire payloads (dicts by id) that tests may read; to change one by hand
use the helpers of ``people.People`` so that stamps, indexes and webhooks follow.
"""

import random
import string
import threading
from contextlib import contextmanager
from datetime import date, timedelta, timezone
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from . import wire
from .people import People
from .store import Journal, Store

# Xero's names of time zones: IANA name and hours to use where it is not installed.
TIMEZONES = {
    "NZ": ("NEWZEALANDSTANDARDTIME", "Pacific/Auckland", 12),
    "AU": ("AUSEASTERNSTANDARDTIME", "Australia/Sydney", 10),
    "GB": ("GMTSTANDARDTIME", "Europe/London", 0),
    "US": ("EASTERNSTANDARDTIME", "America/New_York", -5),
}
VERSIONS = {"NZ": "NZ", "AU": "AU", "GB": "UK", "US": "US"}


def _contact_id(record):
    return (record.get("Contact") or {}).get("ContactID")


class Organisation(People):
    """State of one organisation; every access goes through ``transaction()``."""

    def __init__(self, xero, name, country="NZ", currency="NZD", tenant_id=None):
        self.xero = xero
        self.name = name
        self.country = country
        self.base_currency = currency
        self.tenant_id = tenant_id or wire.new_guid()
        self.lock = threading.RLock()
        self.is_offline = False
        self.user = "Alex Accountant"
        self.email_limit = 1000
        # Invoices that the plan still lets approve this month; None for any number.
        self.approvals_left = None
        # What the person who connected may not do: names of /Organisation/Actions.
        self.denied_actions = set()
        self.rates = {}
        self.journal = None
        self.history = {}
        self.attachments = {}
        self.emails = []
        self.made_by = {}
        # Elements that are taken without a word, and not kept.
        self.unkept = set()
        self._sequences = {}
        zone = TIMEZONES.get(country, TIMEZONES["GB"])
        self._zone = _timezone(zone[1], zone[2])
        self.details = self._details(zone[0])
        self._make_stores()

    def _details(self, timezone_name):
        now = wire.ms_datetime(self.xero.clock.now(), offset=False)
        letters = "".join(random.choices(string.ascii_letters + string.digits, k=5))
        return {
            "Name": self.name,
            "LegalName": self.name,
            "PaysTax": True,
            "Version": VERSIONS.get(self.country, "GLOBAL"),
            "OrganisationType": "COMPANY",
            "BaseCurrency": self.base_currency,
            "CountryCode": self.country,
            "IsDemoCompany": False,
            "OrganisationStatus": "ACTIVE",
            "FinancialYearEndDay": 31,
            "FinancialYearEndMonth": 3,
            "SalesTaxBasis": "PAYMENTS",
            "SalesTaxPeriod": "TWOMONTHS",
            "DefaultSalesTax": "Remember previous",
            "DefaultPurchasesTax": "Remember previous",
            "CreatedDateUTC": now,
            "OrganisationEntityType": "COMPANY",
            "Timezone": timezone_name,
            "ShortCode": f"!{letters}",
            "OrganisationID": self.tenant_id,
            "Edition": "BUSINESS",
            "Class": "PREMIUM",
            "Addresses": [],
            "Phones": [],
            "ExternalLinks": [],
            "PaymentTerms": {},
        }

    def _make_stores(self):
        by_contact = {"contact": _contact_id}
        self.contacts = Store(
            "ContactID",
            {
                "name": lambda r: wire.name_key(r["Name"]),
                "number": lambda r: r.get("ContactNumber") or None,
                "account": lambda r: r.get("AccountNumber") or None,
            },
        )
        self.contact_groups = Store("ContactGroupID")
        self.accounts = Store("AccountID", {"code": lambda r: r.get("Code")})
        self.tax_rates = Store("TaxType")
        self.currencies = Store("Code")
        self.branding_themes = Store("BrandingThemeID")
        self.tracking_categories = Store("TrackingCategoryID")
        self.items = Store("ItemID", {"code": lambda r: r["Code"].casefold()})
        self.invoices = Store(
            "InvoiceID",
            {
                "number": lambda r: r["InvoiceNumber"].casefold() or None,
                **by_contact,
            },
        )
        self.credit_notes = Store(
            "CreditNoteID",
            {
                "number": lambda r: r["CreditNoteNumber"].casefold() or None,
                **by_contact,
            },
        )
        self.overpayments = Store("OverpaymentID", by_contact)
        self.prepayments = Store("PrepaymentID", by_contact)
        self.quotes = Store(
            "QuoteID",
            {"number": lambda r: r["QuoteNumber"].casefold() or None, **by_contact},
        )
        self.payments = Store(
            "PaymentID",
            {"invoice": lambda r: (r.get("Invoice") or {}).get("InvoiceID")},
        )
        self.repeating_invoices = Store("RepeatingInvoiceID")
        self.stores = [v for v in vars(self).values() if isinstance(v, Store)]

    @contextmanager
    def transaction(self):
        """All writes within, or none if an exception leaves; yields the journal."""
        with self.lock:
            if self.journal is not None:
                yield self.journal
                return
            journal = self._begin()
            try:
                yield journal
            except BaseException:
                journal.rollback()
                raise
            finally:
                self._end()
            self.xero.webhooks.publish(self, journal.events)

    def _begin(self):
        self.journal = Journal()
        for store in self.stores:
            store.journal = self.journal
        return self.journal

    def _end(self):
        self.journal = None
        for store in self.stores:
            store.journal = None

    def event(self, category, record, kind, data=None):
        """Note an event for webhooks; it is published when the transaction commits.

        :param category: CONTACT, INVOICE or CREDITNOTE
        :param record: the id of the record that changed
        :param kind: CREATE or UPDATE
        """
        self.journal.events.setdefault((category, record), (kind, data))

    def stamp(self):
        """:return: UpdatedDateUTC for a record that is being written."""
        return wire.ms_datetime(self.xero.clock.tick())

    def today(self) -> date:
        """The calendar day in the organisation's own time zone."""
        return self.xero.clock.now().astimezone(self._zone).date()

    def next_number(self, prefix, is_taken):
        """The next free document number, e.g. INV-0001."""
        while True:
            count = self._sequences.get(prefix, 0) + 1
            self._sequences[prefix] = count
            number = f"{prefix}-{count:04d}"
            if not is_taken(number):
                return number

    def next_name(self, pattern, taken):
        """The first name after a numbered pattern that is not taken, e.g. TAX001."""
        count = 1
        while pattern.format(count) in taken:
            count += 1
        return pattern.format(count)

    def note(self, resource, xero_id, changes, details="", user=None):
        """Add a History row to a document."""
        rows = self.history.setdefault((resource, xero_id), [])
        rows.insert(
            0,
            {
                "Changes": changes,
                "DateUTCString": self.xero.clock.now().strftime("%Y-%m-%dT%H:%M:%S"),
                "DateUTC": wire.ms_datetime(self.xero.clock.now()),
                "User": user or self.user,
                "Details": details,
            },
        )
        return rows[0]

    def account_by_code(self, code):
        """:return: the account's payload or None."""
        found = self.accounts.find("code", code)
        return found[0] if found else None

    def system_account(self, kind):
        """:return: the account with this SystemAccount, or None."""
        for account in self.accounts.values():
            if account.get("SystemAccount") == kind:
                return account
        return None

    def active_contacts(self, name):
        """:return: the active contacts of this name (compared without case)."""
        found = self.contacts.find("name", wire.name_key(name))
        return [contact for contact in found if contact["ContactStatus"] == "ACTIVE"]


def _timezone(name, hours):
    try:
        return ZoneInfo(name)
    except ZoneInfoNotFoundError:
        return timezone(timedelta(hours=hours))
