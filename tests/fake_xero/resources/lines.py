"""Line items of documents: defaults, checks and arithmetic (facts file section 7)."""

from dataclasses import dataclass
from decimal import Decimal

from .. import wire
from ..errors import Refused
from ..money import compute_line, number, places, totals
from .rules import check_lengths, known_guid

AMOUNT_TYPES = {"EXCLUSIVE": "Exclusive", "INCLUSIVE": "Inclusive", "NOTAX": "NoTax"}
AMOUNTS = ("Quantity", "UnitAmount", "LineAmount")
# Which CanApplyTo... a tax rate needs for an account of this class.
APPLIES = {
    "REVENUE": "CanApplyToRevenue",
    "EXPENSE": "CanApplyToExpenses",
    "ASSET": "CanApplyToAssets",
    "LIABILITY": "CanApplyToLiabilities",
    "EQUITY": "CanApplyToEquity",
}
LOCKED_SYSTEM_ACCOUNTS = ("DEBTORS", "CREDITORS", "BANKCURRENCYGAIN")


@dataclass(frozen=True)
class Rules:
    """How the lines of one document are treated.

    :param sale: sales side (ACCREC, quotes) or purchases
    :param amount_types: Exclusive, Inclusive, NoTax
    :param approved: whether accounts are required
    :param unit_places: decimal places of UnitAmount
    :param tax_default: take the tax type of contact or account where none is sent
    :param discounts: whether discounts are allowed
    :param contact: the contact's payload, for its default tax type
    """

    sale: bool = True
    amount_types: str = "Exclusive"
    approved: bool = False
    unit_places: int = 2
    tax_default: bool = True
    discounts: bool = True
    contact: dict | None = None


def amount_types_of(payload, known):
    """Exclusive, Inclusive or NoTax.

    :raise Refused: for anything else
    """
    sent = payload.get("LineAmountTypes")
    if not sent:
        return known["LineAmountTypes"] if known else "Exclusive"
    try:
        return AMOUNT_TYPES[str(sent).upper()]
    except KeyError:
        raise Refused(f"Line Amount Type '{sent}' is not valid") from None


def build(ctx, sent_lines, known_lines, rules):
    """The stored lines of a document, and its totals.

    :param sent_lines: list of wire payloads; a known LineItemID updates that line
    :param known_lines: the stored lines
    :raise Refused: with the messages of all lines
    :return: (lines, totals by wire name)
    """
    known = {line["LineItemID"]: line for line in known_lines}
    lines, computed, messages = [], [], []
    for sent in sent_lines:
        line_id = known_guid(sent, "LineItemID")
        merged = {**_resendable(known.get(line_id)), **sent}
        try:
            line, result = _build_line(ctx, merged, line_id, rules, messages)
        except Refused as error:
            messages += error.messages
            continue
        lines.append(line)
        computed.append(result)
    if messages:
        raise Refused(*dict.fromkeys(messages))
    return lines, totals(computed, rules.amount_types)


def _resendable(line):
    """A stored line without what is computed, as a base for a partial update."""
    if not line:
        return {}
    computed = ("LineAmount", "TaxAmount", "Item", "AccountID")
    return {name: value for name, value in line.items() if name not in computed}


def recheck(ctx, lines, rules):
    """Check stored lines when a document is approved without sending them again."""
    stored = [_resendable(line) for line in lines]
    return build(ctx, stored, lines, rules)


def _build_line(ctx, sent, line_id, rules, messages):
    line = {name: value for name, value in sent.items() if value not in (None, "")}
    item = _apply_item(ctx.org, line, rules, messages)
    description = line.get("Description")
    check_lengths(line, {"Description": 4000}, messages)
    has_amounts = any(line.get(name) is not None for name in AMOUNTS)
    if not description:
        messages.append("Description is required for each line item")
    account = _account(ctx.org, line, rules, has_amounts, messages)
    rate = _tax(ctx.org, line, account, rules, has_amounts, messages)
    if not rules.discounts and (line.get("DiscountRate") or line.get("DiscountAmount")):
        messages.append("Discounts are only supported on sales invoices and quotes")
    if not has_amounts:
        line["Quantity"] = line["UnitAmount"] = Decimal(0)
    result = compute_line(line, rate, rules.amount_types, rules.unit_places)
    stored = {
        "Description": description,
        "UnitAmount": result.unit,
        "TaxAmount": result.tax,
        "LineAmount": result.amount,
        "Tracking": _tracking(ctx.org, sent.get("Tracking"), messages),
        "Quantity": result.quantity,
        "LineItemID": line_id or wire.new_guid(),
    }
    for name in ("ItemCode", "TaxType"):
        if line.get(name):
            stored[name] = line[name]
    if account:
        stored["AccountCode"], stored["AccountID"] = (
            account["Code"],
            account["AccountID"],
        )
    for name in ("DiscountRate", "DiscountAmount"):
        if line.get(name) is not None:
            stored[name] = places(number(line[name], name), 4 if "Rate" in name else 2)
    if item:
        stored["Item"] = {
            k: item[k] for k in ("ItemID", "Name", "Code") if item.get(k) is not None
        }
    return stored, result


def _apply_item(org, line, rules, messages):
    """Fill in what the line's item supplies; returns the item or None."""
    code = line.get("ItemCode")
    if not code:
        return None
    found = org.items.find("code", str(code).casefold())
    if not found:
        messages.append(f"Item code '{code}' is not valid")
        return None
    item = found[0]
    details = item["SalesDetails" if rules.sale else "PurchaseDetails"]
    text = item.get("Description" if rules.sale else "PurchaseDescription")
    line.setdefault("Description", text or item.get("Name") or item["Code"])
    for name, source in (("AccountCode", "AccountCode"), ("TaxType", "TaxType")):
        if details.get(source):
            line.setdefault(name, details[source])
    if line.get("UnitAmount") is None and line.get("LineAmount") is None:
        line["UnitAmount"] = details.get("UnitPrice", Decimal(0))
        line.setdefault("Quantity", Decimal(1))
    return item


def _account(org, line, rules, has_amounts, messages):
    account = None
    if line.get("AccountID"):
        account = org.accounts.get(str(line["AccountID"]).lower())
        code = line["AccountID"]
    if line.get("AccountCode"):
        code = line["AccountCode"]
        account = org.account_by_code(code)
    if not line.get("AccountID") and not line.get("AccountCode"):
        if rules.approved and has_amounts:
            messages.append("Account code must be specified")
        return None
    if (
        not account
        or account["Type"] == "BANK"
        or account.get("SystemAccount") in LOCKED_SYSTEM_ACCOUNTS
    ):
        messages.append(f"Account code '{code}' is not a valid code for this document.")
        return None
    if account["Status"] != "ACTIVE":
        messages.append(f"Account code '{code}' has been archived, or deleted.")
        return None
    return account


def _tax(org, line, account, rules, has_amounts, messages):
    """The rate in percent; fills in the tax type where the document defaults it."""
    if rules.amount_types == "NoTax":
        line["TaxType"] = "NONE"
        return Decimal(0)
    if not line.get("TaxType") and rules.tax_default and has_amounts and account:
        field = "AccountsReceivableTaxType" if rules.sale else "AccountsPayableTaxType"
        line["TaxType"] = (rules.contact or {}).get(field) or account["TaxType"]
    tax_type = line.get("TaxType")
    if not tax_type:
        return Decimal(0)
    rate = org.tax_rates.get(tax_type)
    if not rate or rate["Status"] != "ACTIVE":
        messages.append(
            f"The TaxType code '{tax_type}' does not exist or cannot be used for this "
            "type of transaction."
        )
        return Decimal(0)
    if account and not rate[APPLIES[account["Class"]]]:
        messages.append(
            f"The TaxType code '{tax_type}' cannot be used with account code "
            f"'{account['Code']}'."
        )
    return rate["EffectiveRate"]


def _tracking(org, sent, messages):
    """The tracking of a line in its full form; at most two categories."""
    full = []
    for entry in sent or []:
        category = _named(org.tracking_categories.values(), entry, "TrackingCategoryID")
        options = category["Options"] if category else []
        option = _named(options, entry, "TrackingOptionID", "Option")
        if not option:
            messages.append("The tracking category or option is not valid")
            continue
        full.append(
            {
                "Name": category["Name"],
                "Option": option["Name"],
                "TrackingCategoryID": category["TrackingCategoryID"],
                "TrackingOptionID": option["TrackingOptionID"],
            }
        )
    if len(full) > 2:
        messages.append("A line can have at most two tracking categories")
    return full


def _named(records, entry, id_field, name_field="Name"):
    for record in records:
        if record["Status"] != "ACTIVE":
            continue
        if entry.get(id_field) == record[id_field] or (
            not entry.get(id_field) and entry.get(name_field) == record["Name"]
        ):
            return record
    return None


def shown(lines, unit_places):
    """Lines as they go over the wire: unit amounts with the asked places."""
    return [
        {**line, "UnitAmount": places(line["UnitAmount"], unit_places)}
        for line in lines
    ]
