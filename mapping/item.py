"""ItemData: a product variant in Odoo, an Item in Xero."""

import dataclasses
import datetime as dt
from collections.abc import Collection
from decimal import Decimal
from typing import ClassVar

from . import fields
from .base import Document, child, specs
from .values import clean_text, text_length

CODE_LIMIT, NAME_LIMIT = 30, 50
# So much of a product's name stays beside the values of a variant.
_NAME_ROOM = 20
# Field and Xero's element, in SalesDetails and PurchaseDetails.
_SALE = {
    "sale_price": "UnitPrice",
    "sale_account": "AccountCode",
    "sale_tax_type": "TaxType",
}
_PURCHASE = {
    "purchase_price": "UnitPrice",
    "purchase_account": "AccountCode",
    "purchase_tax_type": "TaxType",
}
# What Xero empties with IsSold and IsPurchased.
SALE_SIDE = ("description", *_SALE)
PURCHASE_SIDE = ("purchase_description", *_PURCHASE)
# Xero keeps the purchase details of tracked inventory itself (COGSAccountCode stands
# in place of AccountCode), and the flags cannot leave it: none of it is ever sent.
TRACKED_READ_ONLY = ("is_sold", "is_purchased", *_PURCHASE)


def item_name(name: str, variant: str = "") -> str:
    """Return the name of an item: that of the product, with the values that tell a
    variant from its sisters in brackets.

    Where Xero's 50 characters do not hold both, the product's name is cut first.
    """
    if not variant:
        return clean_text(name, NAME_LIMIT)
    values = clean_text(variant, NAME_LIMIT - _NAME_ROOM - len(" ()"))
    suffix = f" ({values})"
    return clean_text(name, NAME_LIMIT - text_length(suffix)) + suffix


@dataclasses.dataclass(frozen=True, slots=True)
class ItemData(Document):
    """One item; prices are before discounts, in the organisation's base currency.

    ``is_tracked`` items are Xero's own inventory: see TRACKED_READ_ONLY. Xero takes
    50 characters of name where Odoo has no limit: the name is cut on both sides alike,
    so that a long product name is neither refused nor shortened in Odoo.
    """

    resource: ClassVar[str] = "Items"
    id_field: ClassVar[str] = "ItemID"
    CARRIED_BY: ClassVar[dict[str, tuple[str, ...]]] = {
        **dict.fromkeys(_SALE, ("SalesDetails",)),
        **dict.fromkeys(_PURCHASE, ("PurchaseDetails",)),
    }

    xero_id: str = fields.own_id("ItemID")
    code: str = fields.text("Code", limit=CODE_LIMIT, sent=True)
    name: str = fields.text("Name", limit=NAME_LIMIT, cut=True, sent=True)
    description: str = fields.text(
        "Description", limit=4000, cut=True, lines=True, sent=True
    )
    purchase_description: str = fields.text(
        "PurchaseDescription", limit=4000, cut=True, lines=True, sent=True
    )
    sale_price: Decimal | None = fields.number(digits=4, default=None)
    sale_account: str = fields.text()
    sale_tax_type: str = fields.text()
    purchase_price: Decimal | None = fields.number(digits=4, default=None)
    purchase_account: str = fields.text()
    purchase_tax_type: str = fields.text()
    is_sold: bool = fields.flag("IsSold", default=True, sent=True)
    is_purchased: bool = fields.flag("IsPurchased", default=False, sent=True)
    quantity_on_hand: Decimal | None = fields.number(
        "QuantityOnHand", default=None, role=fields.ASIDE
    )
    is_tracked: bool = fields.flag("IsTrackedAsInventory", role=fields.ASIDE)
    updated: dt.datetime | None = fields.updated()

    def __post_init__(self):
        Document.__post_init__(self)
        # Xero empties what belongs to a side that is switched off. Empty here as well,
        # its answer is no change, and nothing is emptied in Odoo.
        if not self.is_sold:
            self._empty(*SALE_SIDE)
        if not self.is_purchased:
            self._empty(*PURCHASE_SIDE)

    @classmethod
    def from_xero(cls, payload: dict) -> "ItemData":
        """Read an Item; raises MappingError for an element of a wrong type."""
        found = cls._read(payload)
        for part, names in (("SalesDetails", _SALE), ("PurchaseDetails", _PURCHASE)):
            details = child(payload, part)
            found.update({name: details.get(key) for name, key in names.items()})
        return cls(**found)

    def to_xero(self, changed: Collection[str] | None = None) -> dict:
        """Return the payload: all filled fields, or those ``changed``.

        Code is always sent, for Xero requires it.
        """
        payload = self._write(changed)
        payload["Code"] = self.code
        if not self.is_sold:
            payload.pop("Description", None)
        elif sales := self._details(_SALE, changed):
            payload["SalesDetails"] = sales
        if not self.is_purchased:
            payload.pop("PurchaseDescription", None)
        elif not self.is_tracked:
            if purchases := self._details(_PURCHASE, changed):
                payload["PurchaseDetails"] = purchases
        if self.is_tracked:
            payload.pop("IsSold", None)
            payload.pop("IsPurchased", None)
        return payload

    def problems(self) -> list[tuple[str, str]]:
        """Return (field, sentence) for all that Xero would refuse."""
        found = [problem for problem in self._too_long() if problem[0] != "code"]
        if not self.code:
            found.append(("code", "Xero needs a code (the internal reference)."))
        elif (length := text_length(self.code)) > CODE_LIMIT:
            sentence = (
                f"The code (internal reference) has {length} characters, and Xero "
                f"takes {CODE_LIMIT}."
            )
            found.append(("code", sentence))
        return found

    def _empty(self, *names: str) -> None:
        for name, _spec, default in specs(ItemData):
            if name in names:
                object.__setattr__(self, name, default)

    def _details(self, names: dict[str, str], changed) -> dict:
        """One part of the item, whole if any of its fields is to go: it is not known
        whether Xero keeps what is left out of a part."""
        if changed is not None and not set(names) & set(changed):
            return {}
        details = {}
        for name, key in names.items():
            value = getattr(self, name)
            cleared = value == "" and changed is not None and name in changed
            if cleared or value not in ("", None):
                details[key] = value
        return details
