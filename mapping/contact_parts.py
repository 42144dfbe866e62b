"""The lists inside a Contact: its addresses and phones, as flat fields and back."""

from .base import text_of

# Field and Xero's element of an Address (OpenAPI, schema Address).
ADDRESS = {
    "street": "AddressLine1",
    "street2": "AddressLine2",
    "city": "City",
    "region": "Region",
    "postal_code": "PostalCode",
    "country": "Country",
}
ATTENTION = {"attention_to": "AttentionTo"}
# What precedes the fields of an address, by Xero's type of it.
PREFIXES = {"POBOX": "", "STREET": "delivery_"}
DELIVERY = {f"delivery_{name}": key for name, key in ADDRESS.items()}
# Field and Xero's type of a phone.
PHONES = {
    "phone": "DEFAULT",
    "mobile": "MOBILE",
    "direct_dial": "DDI",
    "fax": "FAX",
}
_FOLDED_LINES = ("AddressLine2", "AddressLine3", "AddressLine4")
_PHONE_PREFERENCE = ("DEFAULT", "MOBILE", "DDI")


def read_addresses(addresses: list[dict]) -> dict:
    """Return the fields of both addresses.

    The main one is Xero's postal address (POBOX), which its invoices show, or the
    physical one (STREET) while that is empty; the delivery address is the physical
    one. `postal_empty` tells that the two are one.
    """
    by_type = {text_of(address, "AddressType"): address for address in addresses}
    postal = _flat_address(by_type.get("POBOX", {}))
    street = _flat_address(by_type.get("STREET", {}))
    found = {f"delivery_{name}": value for name, value in street.items()}
    empty = not any(postal[name] for name in ADDRESS)
    return {**found, **(street if empty else postal), "postal_empty": empty}


def read_phones(phones: list[dict]) -> dict[str, str]:
    """Return each number by its field; the phone is the first that there is."""
    by_type = {text_of(phone, "PhoneType"): phone for phone in phones}
    found = {name: whole_number(by_type.get(kind, {})) for name, kind in PHONES.items()}
    numbers = (whole_number(by_type.get(kind, {})) for kind in _PHONE_PREFERENCE)
    found["phone"] = next(filter(None, numbers), "")
    return found


def write_address(kind: str, values: dict, cleared) -> list[dict]:
    """Return an address as it is sent, in a list; an empty list sends nothing.

    :param kind: Xero's type
    :param values: value by field of `ADDRESS` and `ATTENTION`
    :param cleared: fields that are sent although they are empty
    """
    # What is empty here and unchanged may be a country that Odoo could not read.
    lines = {
        key: values[name]
        for name, key in {**ADDRESS, **ATTENTION}.items()
        if values.get(name) or name in cleared
    }
    if "AddressLine2" in lines:
        # Lines 3 and 4 were folded into street2 on reading: they must not stay.
        lines.update(AddressLine3="", AddressLine4="")
    return [{"AddressType": kind, **lines}] if lines else []


def write_phone(kind: str, number: str) -> dict:
    """Return a phone as it is sent: the whole number in one element."""
    return {
        "PhoneType": kind,
        "PhoneNumber": number,
        "PhoneAreaCode": "",
        "PhoneCountryCode": "",
    }


def whole_number(phone: dict) -> str:
    """Join country, area and number ('+64 21 555 123'); '' without a number."""
    number = text_of(phone, "PhoneNumber")
    if not number or number.startswith("+"):
        return number
    code = text_of(phone, "PhoneCountryCode")
    if code.isdecimal():
        code = f"+{code.removeprefix('00')}"
    return " ".join(filter(None, (code, text_of(phone, "PhoneAreaCode"), number)))


def _flat_address(address: dict) -> dict[str, str]:
    found = {name: text_of(address, key) for name, key in ADDRESS.items()}
    folded = [text_of(address, key) for key in _FOLDED_LINES]
    found["street2"] = ", ".join(line for line in folded if line)
    found["attention_to"] = text_of(address, "AttentionTo")
    return found
