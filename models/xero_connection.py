from urllib.parse import quote

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..const import PULL_MODELS, WEB_PATHS, WEB_URL

# Which organisation it is, Xero's sign-in decides; nobody types it in.
SIGN_IN_FIELDS = frozenset(
    {
        "state",
        "tenant_id",
        "tenant_name",
        "xero_connection_id",
        "short_code",
        "country_code",
        "timezone",
        "base_currency_id",
        "is_demo_company",
        "available_tenants",
        "connected_at",
        "consent_began_at",
        "plan",
        "period_lock_date",
        "year_lock_date",
        "may_approve",
        "plan_limited_until",
    }
)
ADMIN_FIELDS = frozenset({"company_id", "use_broad_scopes", "active"})


class XeroConnection(models.Model):
    """One Xero organisation (tenant) of one company: its settings and its state."""

    _name = "xero.connection"
    _description = "Xero Connection"
    _inherit = ["mail.thread", "mail.activity.mixin", "xero.job.mixin"]
    _check_company_auto = True
    _order = "sequence, id"

    name = fields.Char(compute="_compute_name", store=True)
    active = fields.Boolean(default=True)
    sequence = fields.Integer(default=10)
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company, index=True
    )
    state = fields.Selection(
        [
            ("draft", "Not Connected"),
            ("connected", "Connected"),
            ("reconnect", "Reconnect Needed"),
        ],
        default="draft",
        required=True,
        readonly=True,
        copy=False,
        tracking=True,
    )

    # Organisation
    tenant_id = fields.Char("Organisation ID", readonly=True, copy=False)
    tenant_name = fields.Char("Organisation", readonly=True, copy=False)
    xero_connection_id = fields.Char("Connection ID", readonly=True, copy=False)
    short_code = fields.Char(readonly=True, copy=False)
    country_code = fields.Char(readonly=True, copy=False)
    timezone = fields.Char(readonly=True, copy=False)
    base_currency_id = fields.Many2one("res.currency", readonly=True, copy=False)
    is_demo_company = fields.Boolean(readonly=True, copy=False)
    available_tenants = fields.Json(
        readonly=True, copy=False, groups="xero_crm.group_xero_admin"
    )
    organisation_url = fields.Char(compute="_compute_organisation_url")

    # Content
    link_ids = fields.One2many("xero.link", "connection_id")
    cursor_ids = fields.One2many("xero.sync.cursor", "connection_id")
    account_ids = fields.One2many("xero.account", "connection_id")
    tax_rate_ids = fields.One2many("xero.tax.rate", "connection_id")

    _tenant_company_uniq = models.UniqueIndex(
        "(company_id, tenant_id) WHERE tenant_id IS NOT NULL AND active",
        "This organisation is already connected to this company.",
    )

    # === COMPUTE METHODS === #

    @api.depends("tenant_name", "company_id.name")
    def _compute_name(self):
        for connection in self:
            connection.name = connection.tenant_name or self.env._(
                "Xero for %(company)s", company=connection.company_id.name
            )

    @api.depends("short_code")
    def _compute_organisation_url(self):
        for connection in self:
            connection.organisation_url = connection._get_web_url("/Dashboard")

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_written(vals)
        connections = super().create(vals_list)
        values = [{"connection_id": connection.id} for connection in connections]
        self.env["xero.usage"].sudo().create(values)
        for connection in connections:
            connection._get_token()
        # Made here, so that two workers never make the same one at once.
        self.env["xero.sync.cursor"].sudo().create(
            [
                {"connection_id": connection.id, "resource": resource}
                for connection in connections
                for resource in PULL_MODELS
            ]
        )
        return connections

    def write(self, vals):
        self._check_written(vals)
        result = super().write(vals)
        if "default_account_id" in vals:
            self.env["xero.log"]._retry_fixed("account", self.ids)
        return result

    def _check_written(self, vals):
        """:raise AccessError: if a person writes what only the sign-in may, or an
        accountant what only an administrator may
        """
        if self.env.su:
            return
        protected = SIGN_IN_FIELDS
        if not self.env.user.has_group("xero_crm.group_xero_admin"):
            protected = SIGN_IN_FIELDS | ADMIN_FIELDS
        if not protected.isdisjoint(vals):
            raise AccessError(
                self.env._(
                    "%(fields)s cannot be changed by hand.",
                    fields=", ".join(sorted(protected.intersection(vals))),
                )
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_connected(self):
        if self.filtered(lambda connection: connection.state == "connected"):
            raise UserError(
                self.env._("Disconnect the organisation from Xero before deleting it.")
            )

    # === BUSINESS METHODS === #

    @api.model
    def _get_for_company(self, company):
        """Return the connection that a company's documents go to.

        :param company: `res.company`, one record
        :return: `xero.connection`, one record or none
        """
        return self.sudo().search(
            [
                ("company_id", "=", company.id),
                ("state", "in", ("connected", "reconnect")),
            ],
            limit=1,
        )

    def _get_cursor(self, resource):
        """Return the cursor of a resource, making it on first use.

        :param str resource: Xero's path name, e.g. 'Contacts'
        :return: `xero.sync.cursor`, one record
        """
        self.ensure_one()
        cursors = self.env["xero.sync.cursor"].sudo()
        return cursors.search(
            [("connection_id", "=", self.id), ("resource", "=", resource)]
        ) or cursors.create({"connection_id": self.id, "resource": resource})

    def _get_web_url(self, path):
        """Return a link into Xero's web application that opens this organisation.

        Source: https://developer.xero.com/documentation/guides/how-to-guides/deep-link-xero

        :param str path: e.g. '/Contacts/View/<id>'
        :rtype: str
        """
        if not self.short_code:
            return f"{WEB_URL}{path}"
        return (
            f"{WEB_URL}/organisationlogin/default.aspx"
            f"?shortcode={quote(self.short_code, safe='')}"
            f"&redirecturl={quote(path, safe='')}"
        )

    def _get_record_url(self, resource, xero_id):
        """Return a link to one record in Xero; False where there is none.

        :param str resource: Xero's path name
        :param str xero_id: its id
        """
        path = WEB_PATHS.get(resource)
        return bool(path and xero_id) and self._get_web_url(path % xero_id)

    # === ACTION METHODS === #

    def action_open_organisation(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_url",
            "url": self.organisation_url,
            "target": "new",
        }
