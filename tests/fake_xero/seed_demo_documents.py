"""The demo organisation's items, and its documents relative to today."""

# Code, name, sales price, purchase price, sales text. The first ones are products of
# Odoo's demo data.
ITEMS = (
    ("FURN_7777", "Office Chair", "70.00", "55.00", "Office Chair"),
    ("FURN_8888", "Office Lamp", "40.00", "35.00", "Office Lamp"),
    ("E-COM07", "Large Cabinet", "320.00", "260.00", "Large Cabinet"),
    ("E-COM08", "Storage Box", "15.80", "14.00", "Storage Box"),
    ("FURN_7800", "Desk Combination", "450.00", "300.00", "Desk Combination"),
    ("BOOK", "Fish out of Water: Finding Your Brand", "19.95", None, "Book"),
    ("DevD", "Development work - developer onsite per day", "650.00", None, "Per day"),
    ("PMD", "Project management - per day", "800.00", None, "Project management"),
    ("SUPPORT-M", "Desktop/network support (monthly)", "500.00", None, "Support"),
    ("TRAIN-MS", "Half day training - Microsoft Office", "500.00", None, "Training"),
    ("GB1-White", "Golf balls - white single", "5.60", "4.20", "Golf ball, white"),
    ("SCREW-10", "Screws 10 mm, each", "0.0375", "0.0125", "Screw 10 mm"),
)
# Contact, days ago, days to pay, status, items (code, quantity), share paid, currency.
INVOICES = (
    ("Azure Interior", 75, 20, "AUTHORISED", (("DevD", 2),), 0, None),
    ("Azure Interior", 40, 20, "PAID", (("PMD", 1), ("BOOK", 4)), 1, None),
    ("Azure Interior", 6, 20, "AUTHORISED", (("FURN_7777", 8),), 0, None),
    ("Gemini Furniture", 62, 30, "AUTHORISED", (("E-COM07", 3),), "0.5", None),
    ("Gemini Furniture", 12, 30, "AUTHORISED", (("E-COM08", 25),), 0, None),
    ("Ready Mat Ltd", 90, 14, "PAID", (("SUPPORT-M", 1),), 1, None),
    ("Ready Mat Ltd", 30, 14, "AUTHORISED", (("SUPPORT-M", 1),), 0, None),
    ("Deco Addict", 21, 14, "AUTHORISED", (("FURN_8888", 6),), 0, None),
    ("Deco Addict", 3, 14, "DRAFT", (("FURN_8888", 2),), 0, None),
    ("Wood Corner", 55, 30, "PAID", (("FURN_7800", 2),), 1, None),
    ("Lumber Inc", 48, 7, "AUTHORISED", (("SCREW-10", 4000),), 0, None),
    ("The Jackson Group", 33, 14, "VOIDED", (("BOOK", 10),), 0, None),
    ("ACME Corp (West Coast)", 15, 30, "AUTHORISED", (("TRAIN-MS", 3),), 0, None),
    ("Open Wood S.à r.l.", 46, 20, "AUTHORISED", (("FURN_7777", 4),), 0, None),
    ("Open Wood S.à r.l.", 12, 20, "AUTHORISED", (("SUPPORT-M", 1),), 0, None),
    ("Harbour View Hotels Ltd", 20, 14, "AUTHORISED", (("FURN_8888", 12),), 0, None),
    ("ABC Furniture", 100, 20, "PAID", (("TRAIN-MS", 2),), 1, None),
    ("ABC Furniture", 28, 20, "AUTHORISED", (("PMD", 1),), "0.25", None),
    ("Bayside Club", 36, 10, "AUTHORISED", (("GB1-White", 40),), 0, None),
    ("Bayside Club", 5, 10, "SUBMITTED", (("GB1-White", 60),), 0, None),
    ("Basket Case", 70, 14, "AUTHORISED", (("DevD", 1),), 0, None),
    ("City Agency", 44, 20, "PAID", (("DevD", 3),), 1, None),
    ("City Agency", 9, 20, "AUTHORISED", (("DevD", 1), ("BOOK", 2)), 0, None),
    ("City Limousines", 52, 10, "AUTHORISED", (("SUPPORT-M", 1),), "0.2", None),
    ("City Limousines", 2, 10, "DRAFT", (("SUPPORT-M", 1),), 0, None),
    (
        "DIISR - Small Business Services",
        18,
        30,
        "AUTHORISED",
        (("TRAIN-MS", 10),),
        0,
        None,
    ),
    ("Hamilton Smith Ltd", 61, 20, "PAID", (("SUPPORT-M", 1),), 1, None),
    ("Hamilton Smith Ltd", 31, 20, "PAID", (("SUPPORT-M", 1),), 1, None),
    ("Hamilton Smith Ltd", 1, 20, "SUBMITTED", (("SUPPORT-M", 1),), 0, None),
    ("Marine Systems", 25, 14, "AUTHORISED", (("BOOK", 15),), 0, None),
    ("Petrie McLoud Watson & Associates", 38, 20, "PAID", (("DevD", 2),), 1, None),
    ("Port & Philip Freight", 27, 14, "AUTHORISED", (("PMD", 1),), 0, None),
    ("Rex Media Group", 80, 20, "AUTHORISED", (("SUPPORT-M", 1),), "0.9", None),
    ("Rex Media Group", 20, 20, "AUTHORISED", (("SUPPORT-M", 1),), 0, None),
    ("Ridgeway University", 14, 30, "AUTHORISED", (("PMD", 8),), 0, None),
    ("Young Bros Transport", 34, 14, "VOIDED", (("BOOK", 3),), 0, None),
    ("Boom FM", 8, 14, "AUTHORISED", (("SUPPORT-M", 1),), 0, None),
    ("Coco Cafe", 4, 7, "DRAFT", (("BOOK", 1),), 0, None),
    ("Koch & Söhne GmbH", 50, 30, "AUTHORISED", (("FURN_7800", 4),), 0, "EUR"),
    ("Koch & Söhne GmbH", 85, 30, "PAID", (("FURN_7800", 2),), 1, "EUR"),
    (
        "Sydney Harbour Traders Pty Ltd",
        16,
        14,
        "AUTHORISED",
        (("FURN_7777", 12),),
        0,
        "AUD",
    ),
    ("Old Town Bakery", 300, 14, "PAID", (("BOOK", 2),), 1, None),
    # A customer who owes something of each age, and in two currencies.
    ("Azure Interior", 122, 20, "AUTHORISED", (("TRAIN-MS", 1),), "0.4", None),
    ("Azure Interior", 96, 20, "AUTHORISED", (("E-COM07", 2),), 0, None),
    ("Azure Interior", 30, 20, "AUTHORISED", (("FURN_8888", 9),), 0, None),
    ("Azure Interior", 16, 30, "AUTHORISED", (("FURN_7800", 2),), 0, "EUR"),
)
# Supplier, days ago, days to pay, number, account, amount, share paid.
BILLS = (
    ("PowerDirect", 22, 20, "PD-88121", "445", "110.40", 0),
    ("Net Connect", 41, 14, "7331", "489", "54.13", 1),
    ("Swanston Security", 11, 20, "AP", "429", "59.54", 0),
    ("Xenon Lighting", 66, 30, "X-2012", "453", "242.00", 1),
)
# Contact, days ago, status, items, share of the credit given to its oldest invoice.
CREDIT_NOTES = (
    ("Marine Systems", 10, "AUTHORISED", (("BOOK", 3),), 1),
    ("Boom FM", 6, "DRAFT", (("SUPPORT-M", 1),), 0),
)
# Contact, days ago, status, title, items.
QUOTES = (
    ("Deco Addict", 9, "SENT", "New showroom", (("FURN_7800", 4), ("FURN_8888", 4))),
    ("Wood Corner", 30, "ACCEPTED", "Cabinets", (("E-COM07", 6),)),
    ("Ridgeway University", 2, "DRAFT", "Training week", (("TRAIN-MS", 5),)),
)
# Contact, items.
REPEATING = (("Hamilton Smith Ltd", (("SUPPORT-M", 1),)),)
