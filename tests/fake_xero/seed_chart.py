"""Reference data of a New Zealand organisation: accounts, tax rates, themes."""

from decimal import Decimal

# Code, name, type, tax type, further fields.
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
    ("200", "Sales", "REVENUE", "OUTPUT2", {}),
    ("260", "Other Revenue", "REVENUE", "OUTPUT2", {}),
    ("270", "Interest Income", "REVENUE", "NONE", {}),
    ("300", "Purchases", "DIRECTCOSTS", "INPUT2", {}),
    ("310", "Cost of Goods Sold", "DIRECTCOSTS", "INPUT2", {}),
    ("400", "Advertising", "EXPENSE", "INPUT2", {}),
    ("404", "Bank Fees", "EXPENSE", "NONE", {}),
    ("412", "Consulting & Accounting", "EXPENSE", "INPUT2", {}),
    ("420", "Entertainment", "EXPENSE", "INPUT2", {}),
    ("425", "Freight & Courier", "EXPENSE", "INPUT2", {}),
    ("429", "General Expenses", "EXPENSE", "INPUT2", {}),
    ("445", "Light, Power, Heating", "EXPENSE", "INPUT2", {}),
    ("453", "Office Expenses", "EXPENSE", "INPUT2", {}),
    ("469", "Rent", "EXPENSE", "INPUT2", {}),
    ("477", "Salaries", "EXPENSE", "NONE", {}),
    ("489", "Telephone & Internet", "EXPENSE", "INPUT2", {}),
    ("610", "Accounts Receivable", "CURRENT", "NONE", {"SystemAccount": "DEBTORS"}),
    ("620", "Prepayments", "CURRENT", "NONE", {}),
    ("630", "Inventory", "INVENTORY", "NONE", {}),
    ("710", "Office Equipment", "FIXED", "INPUT2", {}),
    ("720", "Computer Equipment", "FIXED", "INPUT2", {}),
    ("800", "Accounts Payable", "CURRLIAB", "NONE", {"SystemAccount": "CREDITORS"}),
    ("820", "GST", "CURRLIAB", "NONE", {"SystemAccount": "GST"}),
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
    ("299", "Old Sales", "REVENUE", "OUTPUT2", {"Status": "ARCHIVED"}),
)
# Tax type, name, report type, rate, on revenue?, on expenses?, on assets and equity?
TAX_RATES = (
    ("OUTPUT2", "15% GST on Income", "OUTPUT", "15.0000", True, False, True),
    ("INPUT2", "15% GST on Expenses", "INPUT", "15.0000", False, True, True),
    ("ZERORATEDOUTPUT", "Zero Rated", "OUTPUT", "0.0000", True, False, False),
    ("ZERORATED", "Zero Rated - Exp", "INPUT", "0.0000", False, True, False),
    ("EXEMPTOUTPUT", "Exempt", "EXEMPTOUTPUT", "0.0000", True, False, False),
    ("EXEMPTINPUT", "Exempt - Exp", "EXEMPTINPUT", "0.0000", False, True, False),
    ("NONE", "No GST", "NONE", "0.0000", True, True, True),
    ("GSTONIMPORTS", "GST on Imports", "GSTONIMPORTS", "0.0000", False, False, False),
)
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
