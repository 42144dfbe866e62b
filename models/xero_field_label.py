"""What users of Xero call its fields, and what it means to switch one off.

Only words: which fields there are, and what may be done with them, the dataclasses and
the synced models say. A field without a word here is shown by its own name.
"""

from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__)

# resource: field of the dataclass: (as Xero's screens call it, its place in the API)
LABELS = {
    "Contacts": {
        "name": (_lt("Contact name"), "Name"),
        "first_name": (_lt("First name"), "FirstName"),
        "last_name": (_lt("Last name"), "LastName"),
        "email": (_lt("Email"), "EmailAddress"),
        "phone": (_lt("Phone"), "Phones (DEFAULT)"),
        "mobile": (_lt("Mobile"), "Phones (MOBILE)"),
        "fax": (_lt("Fax"), "Phones (FAX)"),
        "direct_dial": (_lt("Direct dial"), "Phones (DDI)"),
        "website": (_lt("Website"), "Website"),
        "tax_number": (_lt("Tax number (GST, VAT, ABN)"), "TaxNumber"),
        "company_number": (_lt("Business registration number"), "CompanyNumber"),
        "account_number": (_lt("Account number"), "AccountNumber"),
        "attention_to": (_lt("Billing address: attention"), "Addresses.AttentionTo"),
        "street": (_lt("Billing address: line 1"), "Addresses.AddressLine1"),
        "street2": (_lt("Billing address: line 2"), "Addresses.AddressLine2"),
        "city": (_lt("Billing address: town or city"), "Addresses.City"),
        "region": (_lt("Billing address: state or region"), "Addresses.Region"),
        "postal_code": (_lt("Billing address: postal code"), "Addresses.PostalCode"),
        "country": (_lt("Billing address: country"), "Addresses.Country"),
        "delivery_street": (_lt("Street address: line 1"), "Addresses (STREET)"),
        "delivery_street2": (_lt("Street address: line 2"), "Addresses (STREET)"),
        "delivery_city": (_lt("Street address: town or city"), "Addresses (STREET)"),
        "delivery_region": (
            _lt("Street address: state or region"),
            "Addresses (STREET)",
        ),
        "delivery_postal_code": (
            _lt("Street address: postal code"),
            "Addresses (STREET)",
        ),
        "delivery_country": (_lt("Street address: country"), "Addresses (STREET)"),
        "delivery_attention_to": (
            _lt("Street address: attention"),
            "Addresses (STREET)",
        ),
        "persons": (_lt("Additional people"), "ContactPersons"),
        "payment_terms": (_lt("Default payment terms on sales"), "PaymentTerms.Sales"),
        "bank_account": (_lt("Bank account number"), "BankAccountDetails"),
        "default_currency": (_lt("Default currency"), "DefaultCurrency"),
        "sales_account": (_lt("Default sales account"), "SalesDefaultAccountCode"),
        "purchases_account": (
            _lt("Default purchases account"),
            "PurchasesDefaultAccountCode",
        ),
        "sales_tax_type": (_lt("Default tax on sales"), "AccountsReceivableTaxType"),
        "purchases_tax_type": (
            _lt("Default tax on purchases"),
            "AccountsPayableTaxType",
        ),
        "discount": (_lt("Discount"), "Discount"),
        "archived": (_lt("Archived"), "ContactStatus"),
    },
    "Items": {
        "code": (_lt("Code"), "Code"),
        "name": (_lt("Name"), "Name"),
        "description": (_lt("Sales description"), "Description"),
        "purchase_description": (_lt("Purchase description"), "PurchaseDescription"),
        "sale_price": (_lt("Sale price"), "SalesDetails.UnitPrice"),
        "purchase_price": (_lt("Cost price"), "PurchaseDetails.UnitPrice"),
        "sale_account": (_lt("Sales account"), "SalesDetails.AccountCode"),
        "sale_tax_type": (_lt("Tax rate on sales"), "SalesDetails.TaxType"),
        "purchase_account": (_lt("Purchase account"), "PurchaseDetails.AccountCode"),
        "purchase_tax_type": (_lt("Tax rate on purchases"), "PurchaseDetails.TaxType"),
    },
    "Invoices": {
        "contact_id": (_lt("Contact"), "Contact.ContactID"),
        "number": (_lt("Invoice number"), "InvoiceNumber"),
        "reference": (_lt("Reference"), "Reference"),
        "status": (_lt("Status"), "Status"),
        "date": (_lt("Issue date"), "Date"),
        "due_date": (_lt("Due date"), "DueDate"),
        "currency": (_lt("Currency"), "CurrencyCode"),
        "currency_rate": (_lt("Exchange rate"), "CurrencyRate"),
        "lines": (_lt("Lines: item, quantity, price, account, tax"), "LineItems"),
        "subtotal": (_lt("Subtotal"), "SubTotal"),
        "total_tax": (_lt("Total tax"), "TotalTax"),
        "total": (_lt("Total"), "Total"),
        "amount_due": (_lt("Amount due"), "AmountDue"),
        "amount_paid": (_lt("Amount paid"), "AmountPaid"),
        "amount_credited": (_lt("Amount credited"), "AmountCredited"),
        "is_sent": (_lt("Sent to the customer"), "SentToContact"),
        "url": (_lt("Go to: link back to the order"), "Url"),
        "fully_paid_on": (_lt("Fully paid on"), "FullyPaidOnDate"),
        "payments": (_lt("Payments"), "Payments"),
    },
    "Quotes": {
        "contact_id": (_lt("Contact"), "Contact.ContactID"),
        "number": (_lt("Quote number"), "QuoteNumber"),
        "reference": (_lt("Reference"), "Reference"),
        "status": (_lt("Status"), "Status"),
        "date": (_lt("Issue date"), "Date"),
        "expiry_date": (_lt("Expiry"), "ExpiryDate"),
        "currency": (_lt("Currency"), "CurrencyCode"),
        "currency_rate": (_lt("Exchange rate"), "CurrencyRate"),
        "title": (_lt("Title"), "Title"),
        "summary": (_lt("Summary"), "Summary"),
        "terms": (_lt("Terms"), "Terms"),
        "branding_theme_id": (_lt("Branding theme"), "BrandingThemeID"),
        "lines": (_lt("Lines: item, quantity, price, account, tax"), "LineItems"),
        "subtotal": (_lt("Subtotal"), "SubTotal"),
        "total_tax": (_lt("Total tax"), "TotalTax"),
        "total": (_lt("Total"), "Total"),
    },
}

# What Odoo's side is called where records of its own hold it.
ODOO_LABELS = {
    "Contacts": {
        "delivery_street": _lt("Delivery address: street"),
        "delivery_street2": _lt("Delivery address: street 2"),
        "delivery_city": _lt("Delivery address: city"),
        "delivery_region": _lt("Delivery address: state"),
        "delivery_postal_code": _lt("Delivery address: ZIP"),
        "delivery_country": _lt("Delivery address: country"),
        "delivery_attention_to": _lt("Delivery address: name"),
        "persons": _lt("Contacts of the company"),
        "archived": _lt("Archived"),
    },
}

# What a person should know before switching a field off.
CONSEQUENCES = {
    "Contacts": {
        "email": _lt(
            "New customers reach Xero without an e-mail address: Xero cannot send "
            "them their invoices."
        ),
        "tax_number": _lt(
            "Xero prints this number on invoices where the law asks for it; new "
            "customers will lack it."
        ),
        "country": _lt("Addresses of new customers reach Xero without a country."),
        "street": _lt("Xero prints the billing address on invoices."),
        "archived": _lt(
            "A customer archived on one side stays active on the other; Xero takes no "
            "invoice for an archived contact."
        ),
    },
    "Items": {
        "sale_price": _lt(
            "New items reach Xero without a price; people who invoice in Xero have to "
            "type it in."
        ),
        "name": _lt("New items reach Xero under their code alone."),
    },
}
