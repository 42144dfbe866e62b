{
    "name": "Xero for CRM and Sales",
    "summary": "Customers, products, invoices and payments in step with Xero",
    "version": "19.0.1.0.0",
    "category": "Sales/CRM",
    "author": "xero_crm contributors",
    "license": "LGPL-3",
    "depends": ["sale_management", "crm", "sale_crm"],
    "external_dependencies": {
        "python": ["xero-python", "requests", "cryptography"],
    },
    "data": [
        "security/xero_crm_groups.xml",
        "security/ir.model.access.csv",
        "security/xero_crm_rules.xml",
        "data/ir_config_parameter_data.xml",
        "data/mail_activity_type_data.xml",
        "data/ir_cron_data.xml",
    ],
    "demo": [],
    "assets": {},
    "application": True,
}
