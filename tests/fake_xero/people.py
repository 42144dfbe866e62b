"""What people do in Xero's screens: helpers for tests, seed, control and page."""

from datetime import date
from decimal import Decimal

from . import wire
from .context import Context
from .people_quotes import QuotePeople
from .resources import BY_NAME


def _text_date(value):
    return value.isoformat() if isinstance(value, date) else value


def _id(record, field):
    return record[field] if isinstance(record, dict) else record


class People(QuotePeople):
    """Mixin of Organisation. Each helper goes through the same rules as the API."""

    def _context(self):
        return Context(self.xero, self, args={"unitdp": "4"})

    def _save(self, resource, payload, create=False):
        handler = BY_NAME[resource]
        with self.transaction():
            return handler.save(self._context(), dict(payload), create_only=create)

    def add_contact(self, **fields):
        """Create a contact. Wire names as keywords (``Name``, ``EmailAddress``...);
        ``name`` and ``email`` serve as short forms.

        :return: the stored payload
        """
        for short, field in (("name", "Name"), ("email", "EmailAddress")):
            if short in fields:
                fields[field] = fields.pop(short)
        website = fields.pop("Website", None)
        contact = self._save("Contacts", fields, create=True)
        if website:
            contact["Website"] = website
        return contact

    def add_contacts(self, count, prefix="Customer"):
        """Create ``count`` contacts with numbered names and e-mails; returns a list."""
        start = len(self.contacts)
        with self.transaction():
            return [
                self.add_contact(
                    Name=f"{prefix} {number:05d}",
                    EmailAddress=f"{prefix.lower()}{number:05d}@example.com",
                    Addresses=[
                        {
                            "AddressType": "POBOX",
                            "AddressLine1": f"{number} Queen Street",
                            "City": "Auckland",
                            "PostalCode": "1010",
                            "Country": "New Zealand",
                        }
                    ],
                    Phones=[
                        {
                            "PhoneType": "DEFAULT",
                            "PhoneNumber": f"555{number % 10000:04d}",
                            "PhoneAreaCode": "09",
                            "PhoneCountryCode": "64",
                        }
                    ],
                )
                for number in range(start + 1, start + count + 1)
            ]

    def add_item(self, Code, price=None, **fields):
        """Create an item; ``price`` sets the sales price on account 200."""
        if price is not None:
            fields.setdefault(
                "SalesDetails", {"UnitPrice": Decimal(str(price)), "AccountCode": "200"}
            )
        return self._save("Items", {"Code": Code, **fields}, create=True)

    def add_tracked_item(self, Code, quantity, cost="10.00", **fields):
        """Create an item of tracked inventory with some on hand, as bills would."""
        details = {"UnitPrice": Decimal(cost), "COGSAccountCode": "310"}
        item = self.add_item(
            Code,
            InventoryAssetAccountCode="630",
            PurchaseDetails=details,
            **fields,
        )
        stock = Decimal(str(quantity))
        item["QuantityOnHand"], item["TotalCostPool"] = stock, stock * Decimal(cost)
        return item

    def add_invoice(self, contact=None, amount="100.00", **fields):
        """Create an invoice, AUTHORISED on account 200 and due today if not said
        otherwise; further wire fields as keywords (``Date`` may be a date).

        :param contact: payload or id; None takes or makes a contact
        :param amount: the only line's amount excluding tax, unless LineItems is given
        :return: the stored payload
        """
        if contact is None:
            contact = next(iter(self.contacts.values()), None)
            contact = contact or self.add_contact(Name="A Customer")
        payload = {
            "Type": "ACCREC",
            "Contact": {"ContactID": _id(contact, "ContactID")},
            "Status": "AUTHORISED",
            "Date": self.today(),
            "DueDate": self.today(),
            "LineItems": [
                {
                    "Description": "Goods",
                    "Quantity": 1,
                    "UnitAmount": Decimal(str(amount)),
                    "AccountCode": "200",
                }
            ],
        }
        payload.update(fields)
        for field in ("Date", "DueDate"):
            payload[field] = _text_date(payload[field])
        return self._save("Invoices", payload, create=True)

    def create(self, resource, **fields):
        """Create a record as the API's PUT does, e.g. ``create('Quotes', ...)``."""
        return self._save(resource, fields, create=True)

    def add_credit_note(self, contact, amount="50.00", **fields):
        """Create a credit note, AUTHORISED on account 200 and dated today if not said
        otherwise.

        :param contact: payload or id
        :param amount: the only line's amount excluding tax, unless LineItems is given
        :return: the stored payload
        """
        line = {"Description": "Returned goods", "Quantity": 1, "AccountCode": "200"}
        payload = {
            "Type": "ACCRECCREDIT",
            "Contact": {"ContactID": _id(contact, "ContactID")},
            "Status": "AUTHORISED",
            "Date": self.today(),
            "LineItems": [{**line, "UnitAmount": Decimal(str(amount))}],
            **fields,
        }
        payload["Date"] = _text_date(payload["Date"])
        return self._save("CreditNotes", payload, create=True)

    def receive(self, kind, contact, amount, day=None, **extra):
        """Book money in the bank that no invoice asks for.

        :param str kind: 'Overpayments' or 'Prepayments'
        :param contact: payload or id
        :param day: date; None is today
        :param extra: ``reference``, ``currency``
        :return: the stored overpayment or prepayment
        """
        contact = self.contacts[_id(contact, "ContactID")]
        with self.transaction():
            return BY_NAME[kind].receive(
                self._context(),
                contact,
                Decimal(str(amount)),
                day or self.today(),
                **extra,
            )

    def _find_credit(self, credit):
        """The handler of a credit's resource, and the stored credit."""
        for name in ("CreditNotes", "Overpayments", "Prepayments"):
            handler = BY_NAME[name]
            if handler.id_field in credit:
                store = getattr(self, handler.store_name)
                return handler, store[credit[handler.id_field]]
        raise KeyError("no credit")

    def allocate(self, credit, invoice, amount, day=None):
        """Give (a part of) a credit note, overpayment or prepayment to an invoice;
        returns the allocation."""
        handler, credit = self._find_credit(credit)
        element = {
            "Invoice": {"InvoiceID": _id(invoice, "InvoiceID")},
            "Amount": amount,
            "Date": (day or self.today()).isoformat(),
        }
        with self.transaction():
            return handler.allocate(self._context(), credit, element)

    def deallocate(self, credit, allocation):
        """Take back what was given to an invoice."""
        handler, credit = self._find_credit(credit)
        with self.transaction():
            handler._deallocate(self._context(), credit, allocation["AllocationID"])

    def refund(self, credit, amount=None, day=None, account="090"):
        """Pay back what is left of a credit note, overpayment or prepayment."""
        handler, credit = self._find_credit(credit)
        id_field = handler.id_field
        amount = credit["RemainingCredit"] if amount is None else Decimal(str(amount))
        payload = {
            id_field.removesuffix("ID"): {id_field: credit[id_field]},
            "Account": {"Code": account},
            "Date": _text_date(day or self.today()),
            "Amount": amount,
        }
        return self._save("Payments", payload, create=True)

    def update(self, resource, **fields):
        """Change a record as the API's POST does, e.g. ``update('Contacts',
        ContactID=..., EmailAddress=...)``."""
        return self._save(resource, fields)

    def pay(self, invoice, amount=None, day=None, account="090", reference=""):
        """Record a payment, as the bank reconciliation does.

        :param invoice: payload or id
        :param amount: None pays what is due
        :param day: date or ISO text; None is today
        :return: the stored payment
        """
        invoice = self.invoices[_id(invoice, "InvoiceID")]
        amount = invoice["AmountDue"] if amount is None else Decimal(str(amount))
        payload = {
            "Invoice": {"InvoiceID": invoice["InvoiceID"]},
            "Account": {"Code": account},
            "Date": _text_date(day or self.today()),
            "Amount": amount,
        }
        if reference:
            payload["Reference"] = reference
        return self._save("Payments", payload, create=True)

    def unpay(self, payment):
        """Remove a payment."""
        xero_id = _id(payment, "PaymentID")
        return self._save("Payments", {"PaymentID": xero_id, "Status": "DELETED"})

    def void(self, invoice):
        """Void an approved invoice."""
        xero_id = _id(invoice, "InvoiceID")
        return self._save("Invoices", {"InvoiceID": xero_id, "Status": "VOIDED"})

    def archive(self, contact):
        """Archive a contact."""
        xero_id = _id(contact, "ContactID")
        return self._save(
            "Contacts", {"ContactID": xero_id, "ContactStatus": "ARCHIVED"}
        )

    def merge(self, source, target):
        """Merge two contacts in the UI: the source is archived and points to the
        target, whose UpdatedDateUTC does not move (a blind spot of the real one)."""
        source = self.contacts[_id(source, "ContactID")]
        target = self.contacts[_id(target, "ContactID")]
        stub = {"ContactID": target["ContactID"], "Name": target["Name"]}
        with self.transaction():
            for store in (
                self.invoices,
                self.credit_notes,
                self.overpayments,
                self.prepayments,
                self.quotes,
            ):
                for document in store.find("contact", source["ContactID"]):
                    store.put({**document, "Contact": dict(stub)})
            self.contacts.put(
                {
                    **source,
                    "ContactStatus": "ARCHIVED",
                    "MergedToContactID": target["ContactID"],
                    "UpdatedDateUTC": self.stamp(),
                }
            )
            self.event("CONTACT", source["ContactID"], "UPDATE")

    def touch(self, record, **fields):
        """Write fields into a stored record without any rule, and stamp it: for what
        the API cannot do (oddities, nulls, unknown enum values). The contract check
        leaves such a record out."""
        # An invoice names its branding theme as well, and by the same key.
        named = [s for s in self.stores if record.get(s.id_field) in s]
        own = [s for s in named if s[record[s.id_field]] is record]
        [store] = own or named
        with self.transaction():
            stored = store[record[store.id_field]]
            stamp = {}
            if "UpdatedDateUTC" in stored:
                stamp = {"UpdatedDateUTC": self.stamp()}
            category = {"ContactID": "CONTACT", "InvoiceID": "INVOICE"}.get(
                store.id_field
            )
            if category:
                self.event(category, record[store.id_field], "UPDATE")
            if self.xero.contract:
                self.xero.contract.exempt.add(record[store.id_field])
            return store.put({**stored, **stamp, **fields})

    def set_lock_date(self, day, field="PeriodLockDate"):
        """Lock the books up to a day (None unlocks)."""
        self.details.pop(field, None)
        if day:
            self.details[field] = wire.ms_date(day)
