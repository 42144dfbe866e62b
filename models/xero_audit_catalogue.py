"""What the data audit looks at, tile by tile, in the order of the page."""

from dataclasses import dataclass

from odoo.tools import LazyTranslate

_lt = LazyTranslate(__name__)


@dataclass(frozen=True)
class Entry:
    """One tile.

    :ivar area: section of the page
    :ivar name: what is counted
    :ivar why: one sentence: why it matters
    :ivar fix: label of the button
    :ivar model: whose records are counted; their ids come from the `_find_<key>` of
        `xero.audit.finder`
    :ivar blocks: red where anything is found; else amber
    :ivar groups: whether records are counted that belong together (duplicates)
    """

    area: str
    name: str
    why: str
    fix: str
    model: str
    blocks: bool = False
    groups: bool = False


CATALOGUE = {
    "same_tax_number": Entry(
        "customers",
        _lt("Same Tax Number"),
        _lt("One company entered twice: its invoices end on two contacts."),
        _lt("Merge"),
        "res.partner",
        blocks=True,
        groups=True,
    ),
    "same_email": Entry(
        "customers",
        _lt("Same Email"),
        _lt("Matching by e-mail is not possible; these wait for a person."),
        _lt("Merge"),
        "res.partner",
        groups=True,
    ),
    "same_name": Entry(
        "customers",
        _lt("Same Name"),
        _lt("Xero takes each name once: the second one is refused."),
        _lt("Merge"),
        "res.partner",
        blocks=True,
        groups=True,
    ),
    "same_phone": Entry(
        "customers",
        _lt("Same Phone"),
        _lt("Often one customer under two names."),
        _lt("Merge"),
        "res.partner",
        groups=True,
    ),
    "no_email": Entry(
        "customers",
        _lt("Without Email"),
        _lt("Xero cannot send them an invoice, and they match by name only."),
        _lt("Fill In"),
        "res.partner",
    ),
    "no_address": Entry(
        "customers",
        _lt("Without Address"),
        _lt("A tax invoice needs the customer's address."),
        _lt("Fill In"),
        "res.partner",
    ),
    "bad_name": Entry(
        "customers",
        _lt("Names Xero Refuses"),
        _lt("Longer than 255 characters, or with < or >: they never get there."),
        _lt("Rename"),
        "res.partner",
        blocks=True,
    ),
    "no_code": Entry(
        "products",
        _lt("Without Code"),
        _lt("They cannot be items; invoice lines carry their text only."),
        _lt("Give Codes"),
        "product.product",
    ),
    "same_code": Entry(
        "products",
        _lt("Same Code"),
        _lt("Xero takes each code once: the second product is refused."),
        _lt("Give Codes"),
        "product.product",
        blocks=True,
        groups=True,
    ),
    "long_code": Entry(
        "products",
        _lt("Code Over 30 Characters"),
        _lt("Xero refuses these products and the invoices that carry them."),
        _lt("Shorten"),
        "product.product",
        blocks=True,
    ),
    "long_product_name": Entry(
        "products",
        _lt("Name Over 50 Characters"),
        _lt("Xero gets the shortened name that the list shows."),
        _lt("Review"),
        "product.product",
    ),
    "other_currency": Entry(
        "products",
        _lt("Price in Another Currency"),
        _lt("Items in Xero are priced in its base currency: theirs stays in Odoo."),
        _lt("Review"),
        "product.product",
    ),
    "xero_same_tax_number": Entry(
        "xero",
        _lt("Same Tax Number in Xero"),
        _lt("Merge them in Xero; Odoo follows the merge."),
        _lt("Review"),
        "xero.audit.contact",
        blocks=True,
        groups=True,
    ),
    "xero_same_email": Entry(
        "xero",
        _lt("Same Email in Xero"),
        _lt("It is not clear which of them a customer is; these wait for a person."),
        _lt("Review"),
        "xero.audit.contact",
        groups=True,
    ),
    "xero_same_name": Entry(
        "xero",
        _lt("Alike Names in Xero"),
        _lt("They differ in spaces, capitals or dots only: likely the same."),
        _lt("Review"),
        "xero.audit.contact",
        groups=True,
    ),
    "xero_no_email": Entry(
        "xero",
        _lt("Without Email in Xero"),
        _lt("Invoices cannot be sent to them, and they match by name only."),
        _lt("Review"),
        "xero.audit.contact",
    ),
    "unmapped_taxes": Entry(
        "sync",
        _lt("Taxes Not Mapped"),
        _lt("Orders with these taxes are held back."),
        _lt("Map"),
        "account.tax",
        blocks=True,
    ),
    "no_account": Entry(
        "sync",
        _lt("Products Without Account"),
        _lt("No account of their own and no default: their invoices are held back."),
        _lt("Set Accounts"),
        "product.product",
        blocks=True,
    ),
    "conflicts": Entry(
        "sync",
        _lt("Open Conflicts"),
        _lt("Both sides changed the same field, and a person decides."),
        _lt("Decide"),
        "xero.conflict",
    ),
    "waiting_matches": Entry(
        "sync",
        _lt("Waiting Matches"),
        _lt("Contacts of Xero that may be a customer you have: a person says who."),
        _lt("Match"),
        "xero.match",
    ),
    "failing": Entry(
        "sync",
        _lt("Failing Records"),
        _lt("Xero refused them, or they never got that far."),
        _lt("Correct"),
        "xero.link",
        blocks=True,
    ),
}
