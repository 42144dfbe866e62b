{
    "name": "Development: web assets of Debian's Odoo",
    "summary": "Leaves out a file that Debian's package lacks; dark colours",
    "version": "19.0.1.0.0",
    "category": "Hidden",
    "author": "xero_crm contributors",
    "license": "LGPL-3",
    "depends": ["mail"],
    # Debian removes this file from Odoo (its source is not free). The backend bundle
    # still names it, and each browser test would fail on that error.
    "assets": {
        "web.assets_backend": [
            (
                "remove",
                "mail/static/lib/selfie_segmentation/selfie_segmentation.js",
            ),
        ],
        # What has a dark mode of its own is Odoo's other edition.
        "web.assets_web_dark": [
            (
                "before",
                "web/static/src/scss/primary_variables.scss",
                "dev_web_assets/static/src/dark.variables.scss",
            ),
        ],
    },
}
