from urllib.parse import quote

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..const import DAY_LIMIT_CORE, DAY_LIMIT_STARTER, PULL_MODELS, WEB_URL

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

    # Settings
    sync_mode = fields.Selection(
        [("read_only", "Read-only: only fetch from Xero"), ("live", "Live")],
        "Mode",
        default="read_only",
        required=True,
        copy=False,
        tracking=True,
        help="In read-only mode nothing is ever written to Xero. "
        "Look at what arrives first, then go live.",
    )
    invoice_status = fields.Selection(
        [
            ("draft", "Draft"),
            ("submitted", "Awaiting Approval"),
            ("authorised", "Awaiting Payment (approved)"),
        ],
        "Create Invoices As",
        default="draft",
        required=True,
        tracking=True,
    )
    invoice_trigger = fields.Selection(
        [
            ("manual", "By a click"),
            ("order_confirmed", "When an order is confirmed"),
            ("opportunity_won", "When an opportunity is won"),
        ],
        "Invoice",
        default="manual",
        required=True,
        tracking=True,
    )
    conflict_policy = fields.Selection(
        [
            ("newest", "The newer change wins"),
            ("xero", "Xero wins"),
            ("odoo", "Odoo wins"),
            ("ask", "Ask a person"),
        ],
        "When Both Sides Changed",
        default="newest",
        required=True,
        tracking=True,
    )
    contact_push = fields.Selection(
        [
            ("with_invoice", "With their first invoice"),
            ("at_once", "As soon as they are created"),
        ],
        "Send Customers to Xero",
        default="with_invoice",
        required=True,
        tracking=True,
    )
    date_start = fields.Date(
        "Day Zero",
        help="Nothing that is older than this day is sent to Xero: neither orders "
        "dated before it, nor customers created before it on their own account.",
    )
    require_email = fields.Boolean(
        "Customers Need an E-mail",
        default=True,
        help="An invoice of a customer without an e-mail address is held back.",
    )
    default_account_id = fields.Many2one(
        "xero.account",
        "Default Sales Account",
        domain="[('connection_id', '=', id), ('is_revenue', '=', True)]",
        help="Used on invoice lines whose product names no account.",
    )
    default_tax_rate_id = fields.Many2one(
        "xero.tax.rate",
        "Tax Rate Without Tax",
        domain="[('connection_id', '=', id)]",
        help="Used on invoice lines that carry no tax in Odoo. "
        "Where it is empty, Xero's 'NONE' is used.",
    )
    contact_minutes = fields.Integer("Contacts Every (min)", default=10)
    invoice_minutes = fields.Integer("Invoices Every (min)", default=5)
    item_minutes = fields.Integer("Items Every (min)", default=60)
    reference_minutes = fields.Integer("Accounts and Taxes Every (min)", default=1440)
    reserve_percent = fields.Integer(
        "Kept for People (%)",
        default=15,
        help="Scheduled fetches stop when only this share of the day's calls is left, "
        "so that a person's click still goes through.",
    )

    # Limits
    usage_ids = fields.One2many("xero.usage", "connection_id")
    day_limit = fields.Integer(compute="_compute_usage")
    day_remaining = fields.Integer("Calls Left Today", compute="_compute_usage")
    day_used_percent = fields.Float("Calls Used Today (%)", compute="_compute_usage")
    paused_until = fields.Datetime(compute="_compute_usage")

    # Content
    link_ids = fields.One2many("xero.link", "connection_id")
    cursor_ids = fields.One2many("xero.sync.cursor", "connection_id")
    account_ids = fields.One2many("xero.account", "connection_id")
    tax_rate_ids = fields.One2many("xero.tax.rate", "connection_id")
    tax_map_ids = fields.One2many("xero.tax.map", "connection_id")
    unmapped_tax_count = fields.Integer(compute="_compute_unmapped_tax_count")

    _tenant_company_uniq = models.UniqueIndex(
        "(company_id, tenant_id) WHERE tenant_id IS NOT NULL AND active",
        "This organisation is already connected to this company.",
    )
    _reserve_range = models.Constraint(
        "CHECK(reserve_percent BETWEEN 0 AND 90)",
        "Between 0 and 90 percent can be kept for people.",
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

    @api.depends("usage_ids.day_remaining", "usage_ids.updated_at")
    def _compute_usage(self):
        today = fields.Datetime.now() - relativedelta(hours=24)
        for connection in self:
            usage = connection.sudo().usage_ids[:1]
            left = usage.day_remaining if usage else -1
            limit = DAY_LIMIT_CORE if left > DAY_LIMIT_STARTER else DAY_LIMIT_STARTER
            # A figure of yesterday says nothing of today.
            if left < 0 or not usage.updated_at or usage.updated_at < today:
                left = limit
            connection.day_limit = limit
            connection.day_remaining = left
            connection.day_used_percent = 100.0 * (limit - left) / limit
            connection.paused_until = usage.paused_until

    @api.depends("tax_map_ids.tax_rate_id", "company_id")
    def _compute_unmapped_tax_count(self):
        for connection in self:
            connection.unmapped_tax_count = len(connection._get_unmapped_taxes())

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
            for resource in PULL_MODELS:
                connection._get_cursor(resource)
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

    def _check_can_send(self):
        """:raise UserError: if nothing can be sent to Xero now, and what to do"""
        if not self:
            raise UserError(
                self.env._(
                    "No Xero organisation is connected to this company. An "
                    "administrator can connect one under Xero > Configuration."
                )
            )
        self._check_connected()
        if self.sync_mode != "live":
            raise UserError(
                self.env._(
                    "%(name)s is in read-only mode: nothing is sent to Xero yet. An "
                    "accountant can press Go Live on the connection.",
                    name=self.name,
                )
            )

    def _is_before_day_zero(self, moment):
        """Whether a datetime lies before the day from which on things are sent."""
        return bool(self.date_start and moment and moment.date() < self.date_start)

    def _get_unmapped_taxes(self):
        """Sale taxes of the company, in use, that name no Xero tax rate yet."""
        self.ensure_one()
        taxes = self.env["account.tax"].search(
            [
                *self.env["account.tax"]._check_company_domain(self.company_id),
                ("type_tax_use", "=", "sale"),
            ]
        )
        return taxes - self.tax_map_ids.filtered("tax_rate_id").tax_id

    # === ACTION METHODS === #

    def action_go_live(self):
        """Allow writing to Xero from now on."""
        self.sync_mode = "live"
        self.env.ref("xero_crm.ir_cron_xero_push").sudo()._trigger()
        return True

    def action_set_read_only(self):
        """Stop writing to Xero; what changes meanwhile waits."""
        self.sync_mode = "read_only"
        return True

    def action_open_organisation(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_url",
            "url": self.organisation_url,
            "target": "new",
        }
