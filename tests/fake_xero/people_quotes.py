"""What people do with quotes in Xero's screens, and customers on the online quote."""

from decimal import Decimal

from .resources import BY_NAME

# What a person may write into a quote; the rest is Xero's.
WRITTEN = (
    "QuoteID",
    "QuoteNumber",
    "Reference",
    "Terms",
    "Title",
    "Summary",
    "Contact",
    "Status",
    "CurrencyCode",
    "CurrencyRate",
    "LineAmountTypes",
    "BrandingThemeID",
)
LINE_COMPUTED = ("LineAmount", "TaxAmount", "Item", "AccountID")


class QuotePeople:
    """Mixin of People. Each helper goes through the same rules as the API."""

    def add_quote(self, contact, amount="100.00", **fields):
        """Create a quote as a person does, SENT and dated today if not said otherwise.

        :param contact: payload of the contact
        :param amount: the only line's amount excluding tax, unless LineItems is given
        :return: the stored payload
        """
        payload = {
            "Contact": {"ContactID": contact["ContactID"]},
            "Status": "SENT",
            "Date": self.today().isoformat(),
            "LineItems": [
                {
                    "Description": "Goods",
                    "Quantity": 1,
                    "UnitAmount": Decimal(str(amount)),
                    "AccountCode": "200",
                    "TaxType": "OUTPUT2",
                }
            ],
            **fields,
        }
        return self._save("Quotes", payload, create=True)

    def edit_quote(self, quote, **fields):
        """Change some fields of a quote on its screen; the others stay.

        :param quote: payload
        :param fields: by wire name, e.g. ``Status="ACCEPTED"``
        :return: the stored payload
        """
        quote = self.quotes[quote["QuoteID"]]
        payload = {name: quote[name] for name in WRITTEN if name in quote}
        for name in ("Date", "ExpiryDate"):
            if quote.get(f"{name}String"):
                payload[name] = quote[f"{name}String"][:10]
        payload["LineItems"] = [
            {name: value for name, value in line.items() if name not in LINE_COMPUTED}
            for line in quote["LineItems"]
        ]
        with self.transaction():
            return BY_NAME["Quotes"].save(self._context(), {**payload, **fields})

    def accept_quote(self, quote):
        """Press Accept on the online quote."""
        return self.edit_quote(quote, Status="ACCEPTED")

    def decline_quote(self, quote):
        """Press Decline on the online quote."""
        return self.edit_quote(quote, Status="DECLINED")
