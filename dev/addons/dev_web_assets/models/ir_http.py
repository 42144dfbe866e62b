from odoo import models
from odoo.http import request


class IrHttp(models.AbstractModel):
    """Odoo's community edition is always light: here a cookie makes it dark."""

    _inherit = "ir.http"

    def color_scheme(self):
        if request and request.cookies.get("color_scheme") == "dark":
            return "dark"
        return super().color_scheme()
