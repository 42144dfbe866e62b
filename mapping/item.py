"""ItemData: a product variant in Odoo, an Item in Xero."""

import dataclasses
import datetime as dt
from collections.abc import Collection
from decimal import Decimal
from typing import ClassVar

from . import fields
from .base import Document, child, specs

# Field and Xero's element, in SalesDetails and PurchaseDetails.
_SALE = {
    "sale_price": "UnitPrice",
    "sale_account": "AccountCode",
    "sale_tax_type": "TaxType",
}
_PURCHASE = {"purchase_price": "UnitPrice"}


@dataclasses.dataclass(frozen=True, slots=True)
class ItemData(Document):
    """One item; prices are before discounts, in the organisation's base currency.

    Xero takes 50 characters of name where Odoo has no limit: the name is cut on both
    sides alike, so that a long product name is neither refused nor shortened in Odoo.
    """

    resource: ClassVar[str] = "Items"
    id_field: ClassVar[str] = "ItemID"
    CARRIED_BY: ClassVar[dict[str, tuple[str, ...]]] = {
        **dict.fromkeys(_SALE, ("SalesDetails",)),
        **dict.fromkeys(_PURCHASE, ("PurchaseDetails",)),
    }

    xero_id: str = fields.own_id("ItemID")
    code: str = fields.text("Code", limit=30, sent=True)
    name: str = fields.text("Name", limit=50, cut=True, sent=True)
    description: str = fields.text(
        "Description", limit=4000, cut=True, lines=True, sent=True
    )
    sale_price: Decimal | None = fields.number(digits=4, default=None)
    purchase_price: Decimal | None = fields.number(digits=4, default=None)
    sale_account: str = fields.text()
    sale_tax_type: str = fields.text()
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
            self._empty("description", *_SALE)
        if not self.is_purchased:
            self._empty(*_PURCHASE)

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
        if self.is_purchased and (purchases := self._details(_PURCHASE, changed)):
            payload["PurchaseDetails"] = purchases
        return payload

    def problems(self) -> list[tuple[str, str]]:
        """Return (field, sentence) for all that Xero would refuse."""
        found = self._too_long()
        if not self.code:
            found.append(("code", "Xero needs a code (the internal reference)."))
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
