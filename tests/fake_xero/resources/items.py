"""Items (facts file section 8)."""

from .. import wire
from ..answer import Answer
from ..errors import Refused
from ..money import number, places
from .base import Resource
from .rules import check_lengths, known_guid

LENGTHS = {
    "Code": 30,
    "Name": 50,
    "Description": 4000,
    "PurchaseDescription": 4000,
}
DETAILS = ("SalesDetails", "PurchaseDetails")


class Items(Resource):
    """Items: unique codes, no paging; tracked if an inventory asset account and a cost
    of goods sold account are given (OpenAPI, schema Item)."""

    name = "Items"
    store_name = "items"
    id_field = "ItemID"
    methods = ("GET", "PUT", "POST", "DELETE")
    incremental = True
    stamp_offset = False
    fields = {
        *LENGTHS,
        "ItemID",
        "UpdatedDateUTC",
        "IsSold",
        "IsPurchased",
        "IsTrackedAsInventory",
        "InventoryAssetAccountCode",
        "QuantityOnHand",
        "TotalCostPool",
    }

    def find(self, ctx, xero_id):
        """By ItemID or Code."""
        found = ctx.org.items.find("code", xero_id.casefold())
        return found[0] if found else super().find(ctx, xero_id)

    def view(self, ctx, record, detail):
        """Unit prices with the places that the call asks for."""
        shown = dict(record)
        for name in DETAILS:
            details = dict(shown[name])
            if "UnitPrice" in details:
                details["UnitPrice"] = places(details["UnitPrice"], ctx.unit_places)
            shown[name] = details
        return shown

    def delete(self, ctx, record):
        """DELETE: 204 unless a document uses the item."""
        with ctx.org.transaction():
            ctx.org.items.drop(record["ItemID"])
        return Answer(204, content_type="")

    def save(self, ctx, payload, create_only=False):
        """Create or update; POST without an id finds by code."""
        org = ctx.org
        known = self._known(org, payload, create_only)
        messages = []
        self._check(org, payload, known, messages)
        if messages:
            raise Refused(*messages)
        record = dict(known) if known else self._blank(wire.new_guid())
        for name in LENGTHS:
            if payload.get(name) is not None:
                record[name] = payload[name]
        for name in ("IsSold", "IsPurchased"):
            if payload.get(name) is not None:
                record[name] = bool(payload[name])
        for name in DETAILS:
            if payload.get(name) is not None:
                record[name] = self._details(ctx, payload[name])
        self._track(record, payload)
        self._consistent(record, payload)
        record["UpdatedDateUTC"] = wire.ms_datetime(org.xero.clock.tick(), offset=False)
        return org.items.put(record)

    def _known(self, org, payload, create_only):
        code = payload.get("Code")
        found = org.items.find("code", code.casefold()) if isinstance(code, str) else []
        if create_only:
            if found:
                raise Refused(f"Price List Item with Code '{code}' already exists")
            return None
        xero_id = known_guid(payload, "ItemID")
        if not xero_id:
            return found[0] if found else None
        if xero_id not in org.items:
            raise Refused("The item with the specified ItemID could not be found")
        if found and found[0]["ItemID"] != xero_id:
            raise Refused(f"Price List Item with Code '{code}' already exists")
        return org.items[xero_id]

    def _check(self, org, payload, known, messages):
        if not known and not (payload.get("Code") or "").strip():
            messages.append("Price List Item Code must be supplied")
        check_lengths(payload, LENGTHS, messages)
        for name in DETAILS:
            details = payload.get(name) or {}
            code = details.get("AccountCode")
            if code and not org.account_by_code(code):
                messages.append(f"Account code '{code}' is not a valid code.")
            tax_type = details.get("TaxType")
            if tax_type and tax_type not in org.tax_rates:
                messages.append(f"The TaxType code '{tax_type}' does not exist")
        if known and known["IsTrackedAsInventory"]:
            self._check_tracked(payload, messages)

    def _check_tracked(self, payload, messages):
        """AccountCode is "not applicable to the purchase details of tracked items" and
        COGSAccountCode "required" (OpenAPI); what a partial update may leave out is not
        published: the strict reading."""
        if payload.get("IsPurchased") is False or payload.get("IsSold") is False:
            messages.append("A tracked inventory item must be both sold and purchased")
        details = payload.get("PurchaseDetails")
        if details is None:
            return
        if details.get("AccountCode"):
            messages.append(
                "AccountCode is not valid for the purchase details of a tracked item"
            )
        if not details.get("COGSAccountCode"):
            messages.append("COGSAccountCode must be supplied for a tracked item")

    def _blank(self, xero_id):
        return {
            "ItemID": xero_id,
            "Code": "",
            "UpdatedDateUTC": "",
            "PurchaseDetails": {},
            "SalesDetails": {},
            "IsTrackedAsInventory": False,
            "IsSold": True,
            "IsPurchased": True,
        }

    def _details(self, ctx, sent):
        details = {k: v for k, v in sent.items() if v not in (None, "")}
        if "UnitPrice" in details:
            price = number(details["UnitPrice"], "UnitPrice")
            details["UnitPrice"] = places(price, ctx.unit_places)
        return details

    def _track(self, record, payload):
        asset = payload.get("InventoryAssetAccountCode")
        if not asset or not record["PurchaseDetails"].get("COGSAccountCode"):
            return
        record["InventoryAssetAccountCode"] = asset
        record["IsTrackedAsInventory"] = True
        record.setdefault("QuantityOnHand", number(0, "QuantityOnHand"))
        record.setdefault("TotalCostPool", number(0, "TotalCostPool"))

    def _consistent(self, record, payload):
        """What is not sold has no sales details; nor purchased, purchase details."""
        if payload.get("IsSold") is False:
            record.pop("Description", None)
            record["SalesDetails"] = {}
        if payload.get("IsPurchased") is False:
            record.pop("PurchaseDescription", None)
            record["PurchaseDetails"] = {}
