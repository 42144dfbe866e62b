from odoo import models

# What the browser tests open.
_SCRIPTS = {
    "web.__assets_tests_call__",
    "web.assets_frontend_lazy",
    "web.assets_frontend_minimal",
    "web.assets_tests",
    "web.assets_unit_tests",
    "web.assets_unit_tests_setup",
    "web.assets_web",
}
_STYLES = {
    "web.assets_frontend",
    "web.assets_unit_tests",
    "web.assets_unit_tests_setup",
    "web.assets_web",
    "web.report_assets_common",
}


class IrQweb(models.AbstractModel):
    """Before its browser tests Odoo builds every bundle; half of them nobody opens."""

    _inherit = "ir.qweb"

    def _get_bundles_to_pregenarate(self):
        scripts, styles = super()._get_bundles_to_pregenarate()
        return scripts & _SCRIPTS, styles & _STYLES
