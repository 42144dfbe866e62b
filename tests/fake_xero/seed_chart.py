"""Reference data of an organisation by country: accounts, tax rates, themes."""

from decimal import Decimal

# Code, name, type, tax type (SALE and PURCHASE by country), further fields.
ACCOUNTS = (
    (
        "090",
        "Business Bank Account",
        "BANK",
        "NONE",
        {"BankAccountNumber": "0209080222000"},
    ),
    (
        "091",
        "Business Savings Account",
        "BANK",
        "NONE",
        {"BankAccountNumber": "0209080222050"},
    ),
    ("200", "Sales", "REVENUE", "SALE", {}),
    ("260", "Other Revenue", "REVENUE", "SALE", {}),
    ("270", "Interest Income", "REVENUE", "NONE", {}),
    ("300", "Purchases", "DIRECTCOSTS", "PURCHASE", {}),
    ("310", "Cost of Goods Sold", "DIRECTCOSTS", "PURCHASE", {}),
    ("400", "Advertising", "EXPENSE", "PURCHASE", {}),
    ("404", "Bank Fees", "EXPENSE", "NONE", {}),
    ("412", "Consulting & Accounting", "EXPENSE", "PURCHASE", {}),
    ("420", "Entertainment", "EXPENSE", "PURCHASE", {}),
    ("425", "Freight & Courier", "EXPENSE", "PURCHASE", {}),
    ("429", "General Expenses", "EXPENSE", "PURCHASE", {}),
    ("445", "Light, Power, Heating", "EXPENSE", "PURCHASE", {}),
    ("453", "Office Expenses", "EXPENSE", "PURCHASE", {}),
    ("469", "Rent", "EXPENSE", "PURCHASE", {}),
    ("477", "Salaries", "EXPENSE", "NONE", {}),
    ("489", "Telephone & Internet", "EXPENSE", "PURCHASE", {}),
    ("610", "Accounts Receivable", "CURRENT", "NONE", {"SystemAccount": "DEBTORS"}),
    ("620", "Prepayments", "CURRENT", "NONE", {}),
    ("630", "Inventory", "INVENTORY", "NONE", {}),
    ("710", "Office Equipment", "FIXED", "PURCHASE", {}),
    ("720", "Computer Equipment", "FIXED", "PURCHASE", {}),
    ("800", "Accounts Payable", "CURRLIAB", "NONE", {"SystemAccount": "CREDITORS"}),
    ("820", "TAX", "CURRLIAB", "NONE", {"SystemAccount": "GST"}),
    (
        "840",
        "Historical Adjustment",
        "CURRLIAB",
        "NONE",
        {"SystemAccount": "HISTORICAL"},
    ),
    ("855", "Clearing Account", "CURRLIAB", "NONE", {"EnablePaymentsToAccount": True}),
    ("860", "Rounding", "CURRLIAB", "NONE", {"SystemAccount": "ROUNDING"}),
    ("900", "Loan", "TERMLIAB", "NONE", {}),
    (
        "960",
        "Retained Earnings",
        "EQUITY",
        "NONE",
        {"SystemAccount": "RETAINEDEARNINGS"},
    ),
    (
        "970",
        "Owner A Funds Introduced",
        "EQUITY",
        "NONE",
        {"EnablePaymentsToAccount": True},
    ),
    ("299", "Old Sales", "REVENUE", "SALE", {"Status": "ARCHIVED"}),
)
# By country: the tax types that sales and purchases accounts default to.
DEFAULT_TAXES = {
    "NZ": ("OUTPUT2", "INPUT2"),
    "AU": ("OUTPUT", "INPUT"),
    "GB": ("OUTPUT2", "INPUT2"),
    "US": ("OUTPUT", "INPUT"),
}
# The component's name by country, which is what the tax is called there.
TAX_NAMES = {"NZ": "GST", "AU": "GST", "GB": "VAT", "US": "Sales Tax"}
# Tax type, name, report type, rate, on revenue?, on expenses?, on assets and equity?
TAX_RATES = {
    "NZ": (
        ("OUTPUT2", "15% GST on Income", "OUTPUT", "15", True, False, True),
        ("INPUT2", "15% GST on Expenses", "INPUT", "15", False, True, True),
        ("ZERORATEDOUTPUT", "Zero Rated", "OUTPUT", "0", True, False, False),
        ("ZERORATED", "Zero Rated - Exp", "INPUT", "0", False, True, False),
        ("EXEMPTOUTPUT", "Exempt", "EXEMPTOUTPUT", "0", True, False, False),
        ("EXEMPTINPUT", "Exempt - Exp", "EXEMPTINPUT", "0", False, True, False),
        ("NONE", "No GST", "NONE", "0", True, True, True),
        ("GSTONIMPORTS", "GST on Imports", "GSTONIMPORTS", "0", False, False, False),
    ),
    "AU": (
        ("OUTPUT", "GST on Income", "OUTPUT", "10", True, False, True),
        ("INPUT", "GST on Expenses", "INPUT", "10", False, True, True),
        ("EXEMPTOUTPUT", "GST Free Income", "EXEMPTOUTPUT", "0", True, False, False),
        ("EXEMPTEXPENSES", "GST Free Expenses", "INPUT", "0", False, True, False),
        ("BASEXCLUDED", "BAS Excluded", "NONE", "0", True, True, True),
        ("NONE", "No GST", "NONE", "0", True, True, True),
    ),
    "GB": (
        ("OUTPUT2", "20% (VAT on Income)", "OUTPUT", "20", True, False, True),
        ("INPUT2", "20% (VAT on Expenses)", "INPUT", "20", False, True, True),
        ("RROUTPUT", "5% (VAT on Income)", "OUTPUT", "5", True, False, True),
        ("RRINPUT", "5% (VAT on Expenses)", "INPUT", "5", False, True, True),
        ("ZERORATEDOUTPUT", "Zero Rated Income", "OUTPUT", "0", True, False, False),
        ("ZERORATEDINPUT", "Zero Rated Expenses", "INPUT", "0", False, True, False),
        ("EXEMPTOUTPUT", "Exempt Income", "EXEMPTOUTPUT", "0", True, False, False),
        ("EXEMPTINPUT", "Exempt Expenses", "EXEMPTINPUT", "0", False, True, False),
        ("NONE", "No VAT", "NONE", "0", True, True, True),
    ),
    "US": (
        ("OUTPUT", "Tax on Sales", "OUTPUT", "8.25", True, False, True),
        ("INPUT", "Tax on Purchases", "INPUT", "8.25", False, True, True),
        ("TAX001", "Tax on Goods", "OUTPUT", "8.75", True, True, True),
        ("NONE", "Tax Exempt", "NONE", "0", True, True, True),
        ("GSTONIMPORTS", "Sales Tax on Imports", "NONE", "0", False, False, False),
    ),
}
CURRENCIES = (
    ("NZD", "New Zealand Dollar"),
    ("AUD", "Australian Dollar"),
    ("USD", "United States Dollar"),
    ("EUR", "Euro"),
    ("GBP", "British Pound"),
)
# Units of the currency for one New Zealand dollar, the way Xero's screens put it.
RATES = {
    "NZD": Decimal("1.000000"),
    "AUD": Decimal("0.912000"),
    "USD": Decimal("0.609000"),
    "EUR": Decimal("0.556000"),
    "GBP": Decimal("0.476000"),
}
THEMES = ("Standard", "Special Projects", "Wholesale")
TRACKING = (
    ("Region", ("North", "South", "East", "West")),
    ("Team", ("Sales", "Service")),
)
