"""The demo organisation's contacts, items and invoices.

Several contacts are those of Odoo's own demo data, each matching in another way (by
e-mail, by name, by tax number), so that a first sync has something to show.
"""

# Name, e-mail, first and last name, (street, city, postcode, country), phone, other
# fields. Empty where an accountant has left it empty.
CONTACTS = (
    # In Odoo's demo data: the e-mail in another case.
    (
        "Azure Interior",
        "AZURE.interior24@example.com",
        "Brandon",
        "Freeman",
        ("4557 De Silva St", "Fremont", "94538", "United States"),
        ("1", "870", "931-0505"),
        {},
    ),
    # The same e-mail under another name.
    ("Ready Mat Ltd", "ready.mat28@example.com", "", "", (), ("", "", ""), {}),
    # The same name without an e-mail.
    (
        "Gemini Furniture",
        "",
        "",
        "",
        ("Via Industria 21", "Serravalle", "47899", "San Marino"),
        ("378", "0549", "885555"),
        {},
    ),
    ("Lumber Inc", "", "", "", (), ("1", "828", "316-0593"), {}),
    # The same tax number, name and e-mail differ.
    (
        "ACME Corp (West Coast)",
        "accounts@acme-west.example.com",
        "",
        "",
        (),
        ("", "", ""),
        {"TaxNumber": "US12345673"},
    ),
    # Two contacts share an e-mail: one must wait for a person.
    ("The Jackson Group", "jackson.group82@example.com", "", "", (), ("", "", ""), {}),
    (
        "Jackson Group (accounts)",
        "jackson.group82@example.com",
        "",
        "",
        (),
        ("", "", ""),
        {},
    ),
    (
        "Deco Addict",
        "deco.addict82@example.com",
        "",
        "",
        ("77 Santa Barbara Rd", "Pleasant Hill", "94523", "United States"),
        ("1", "603", "996-3829"),
        {},
    ),
    (
        "Wood Corner",
        "wood.corner26@example.com",
        "Willie",
        "Burke",
        (),
        ("", "", ""),
        {},
    ),
    # Only in Xero.
    (
        "ABC Furniture",
        "info@abfl.example.com",
        "Trish",
        "Rawlings",
        ("Shop 3, 24 Main Street", "Auckland", "1010", "New Zealand"),
        ("64", "09", "1122334"),
        {"AccountNumber": "ABC-01"},
    ),
    (
        "Bayside Club",
        "secretarybob@bayside.example.com",
        "Bob",
        "Partridge",
        ("PO Box 3354, South Mailing Centre", "Oaktown", "1236", "New Zealand"),
        ("64", "02", "2024455"),
        {},
    ),
    (
        "Basket Case",
        "",
        "",
        "",
        ("", "Wellington", "", "New Zealand"),
        ("", "", ""),
        {},
    ),
    (
        "City Agency",
        "margaret@cityagency.example.com",
        "Margaret",
        "Holm",
        ("L4, CA House, 14 Boulevard Quay", "Wellington", "6012", "New Zealand"),
        ("64", "01", "9173692"),
        {"TaxNumber": "101-2-303"},
    ),
    (
        "City Limousines",
        "",
        "Martin",
        "Dale",
        ("Suite 4, 44 Bridge Road", "Auckland", "2001", "New Zealand"),
        ("800", "", "CITYLIM"),
        {},
    ),
    (
        "DIISR - Small Business Services",
        "cad@diisr.example.com",
        "",
        "",
        ("GPO 9566", "Pinehaven", "9862", "New Zealand"),
        ("", "800", "143-446"),
        {},
    ),
    (
        "Hamilton Smith Ltd",
        "infoho@hamiltonsmith.example.com",
        "",
        "",
        ("L9, 68 Queen Street", "Auckland", "1010", "New Zealand"),
        ("64", "09", "2345432"),
        {"AccountNumber": "HS-7"},
    ),
    (
        "Marine Systems",
        "",
        "",
        "",
        ("P O Box 78", "Oaktown", "1245", "New Zealand"),
        ("64", "02", "3001234"),
        {},
    ),
    (
        "Petrie McLoud Watson & Associates",
        "pmw@pmwlaw.example.com",
        "Jon",
        "Watson",
        ("9/126 Customs House", "Auckland", "1010", "New Zealand"),
        ("64", "09", "3347221"),
        {},
    ),
    (
        "Port & Philip Freight",
        "",
        "",
        "",
        (),
        ("", "", ""),
        {},
    ),
    (
        "Rex Media Group",
        "info@rexmedia.example.com",
        "",
        "",
        ("Level 12, 44 Nelson Street", "Auckland", "1010", "New Zealand"),
        ("64", "09", "5556789"),
        {},
    ),
    (
        "Ridgeway University",
        "accounts@ridgeway.example.com",
        "",
        "",
        ("Private Bag 78", "Pinehaven", "8976", "New Zealand"),
        ("64", "08", "8005001"),
        {"TaxNumber": "49-091-850"},
    ),
    (
        "Young Bros Transport",
        "rod@youngbros.example.com",
        "Rod",
        "Young",
        ("Unit 45, Trade Park", "Oaktown", "6011", "New Zealand"),
        ("64", "02", "6661234"),
        {},
    ),
    ("Boom FM", "ads@boomfm.example.com", "", "", (), ("64", "09", "4445566"), {}),
    ("Coco Cafe", "", "", "", (), ("", "", ""), {}),
    (
        "Koch & Söhne GmbH",
        "buchhaltung@koch-soehne.example.com",
        "Jürgen",
        "Koch",
        ("Hafenstraße 12", "Hamburg", "20457", "Germany"),
        ("49", "40", "1234567"),
        {"DefaultCurrency": "EUR", "TaxNumber": "DE123456789"},
    ),
    (
        "Sydney Harbour Traders Pty Ltd",
        "ap@harbourtraders.example.com",
        "Mia",
        "Chen",
        ("88 George Street", "Sydney", "2000", "Australia"),
        ("61", "2", "55501234"),
        {"DefaultCurrency": "AUD"},
    ),
    # Suppliers.
    (
        "PowerDirect",
        "",
        "",
        "",
        ("P O Box 8900", "Auckland", "1010", "New Zealand"),
        ("64", "0800", "887612"),
        {},
    ),
    ("Net Connect", "billing@netconnect.example.com", "", "", (), ("", "", ""), {}),
    ("Swanston Security", "", "", "", (), ("64", "09", "6661212"), {}),
    ("Xenon Lighting", "sales@xenon.example.com", "", "", (), ("", "", ""), {}),
    # Archived.
    ("Old Town Bakery", "bread@oldtown.example.com", "", "", (), ("", "", ""), {}),
)
ARCHIVED = ("Old Town Bakery",)
SUPPLIERS = ("PowerDirect", "Net Connect", "Swanston Security", "Xenon Lighting")
WEBSITES = {
    "ABC Furniture": "http://www.abfl.example.com",
    "City Agency": "http://www.cityagency.example.com",
}


GROUPS = (("Support Clients", ("Hamilton Smith Ltd", "Rex Media Group", "Boom FM")),)
