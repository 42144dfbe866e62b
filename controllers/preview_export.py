import json

from odoo import http
from odoo.fields import Domain
from odoo.http import content_disposition, request

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class XeroPreviewController(http.Controller):
    """The lines of a sync preview as a spreadsheet."""

    @http.route(
        "/xero_crm/preview/<int:wizard_id>/xlsx",
        type="http",
        auth="user",
        methods=["GET", "POST"],  # the web client downloads by POST
        readonly=True,
    )
    def xero_preview_xlsx(self, wizard_id, domain="[]", **_kwargs):
        """Send the lines of the user's own preview.

        :param int wizard_id: `xero.sync.wizard`
        :param str domain: JSON; which of its lines, as the list is filtered
        """
        lines = request.env["xero.sync.wizard.line"]
        if not lines.has_access("read"):
            raise request.not_found()
        wizard = request.env["xero.sync.wizard"].search([("id", "=", wizard_id)])
        if not wizard:
            raise request.not_found()
        try:
            wanted = Domain(json.loads(domain))
            wanted.validate(lines)
        except (TypeError, ValueError):
            return request.make_response("The filter cannot be read.", status=400)
        content = lines._export_xlsx(wanted & Domain("wizard_id", "=", wizard.id))
        name = request.env._("Xero preview %(name)s", name=wizard.connection_id.name)
        return request.make_response(
            content,
            [
                ("Content-Type", XLSX),
                ("Content-Disposition", content_disposition(f"{name}.xlsx")),
                ("X-Content-Type-Options", "nosniff"),
            ],
        )
