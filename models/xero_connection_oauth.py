from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..const import CALLBACK_ROUTE, SCOPES_BASE, SCOPES_BROAD, SCOPES_GRANULAR
from ..xero_api import XeroError, XeroReconnectError

# A granular scope is covered by the broad one that it was split from.
COVERED_BY = {
    "accounting.invoices": "accounting.transactions",
    "accounting.payments": "accounting.transactions",
}


class XeroConnection(models.Model):
    """How an organisation is connected and disconnected: OAuth 2.0."""

    _inherit = "xero.connection"

    client_id = fields.Char("Client ID", copy=False, groups="xero_crm.group_xero_admin")
    client_secret = fields.Char(
        compute="_compute_secrets",
        inverse="_inverse_client_secret",
        copy=False,
        groups="xero_crm.group_xero_admin",
        help="Stored encrypted. It can be replaced, but never read.",
    )
    webhook_key = fields.Char(
        "Webhook Signing Key",
        compute="_compute_secrets",
        inverse="_inverse_webhook_key",
        copy=False,
        groups="xero_crm.group_xero_admin",
        help="Stored encrypted. It can be replaced, but never read.",
    )
    has_client_secret = fields.Boolean(
        compute="_compute_secrets", groups="xero_crm.group_xero_admin"
    )
    redirect_uri = fields.Char(
        "Redirect URI", compute="_compute_redirect_uri", groups="base.group_user"
    )
    use_broad_scopes = fields.Boolean(
        "App From Before March 2026",
        copy=False,
        help="Older Xero apps may refuse the granular scopes. Ask for the broad ones.",
    )
    needed_scopes = fields.Text(compute="_compute_scopes")
    granted_scopes = fields.Text(compute="_compute_scopes")
    missing_scopes = fields.Text(compute="_compute_scopes")
    connected_at = fields.Datetime(readonly=True, copy=False)
    consent_began_at = fields.Datetime(
        readonly=True,
        copy=False,
        groups="xero_crm.group_xero_admin",
        help="Somebody went to Xero's consent page and has not come back from it.",
    )

    # === COMPUTE METHODS === #

    def _compute_secrets(self):
        """Secrets are never read back; the form only learns that there is one."""
        for connection in self:
            connection.client_secret = False
            connection.webhook_key = False
            connection.has_client_secret = bool(connection._get_token().client_secret)

    def _inverse_client_secret(self):
        for connection in self.filtered("client_secret"):
            secret = connection.client_secret.strip()
            connection._get_token()._write_secrets(client_secret=secret)
        # What was just written must not be answered to the form that wrote it.
        self.invalidate_recordset(["client_secret", "has_client_secret"], flush=False)

    def _inverse_webhook_key(self):
        for connection in self.filtered("webhook_key"):
            key = connection.webhook_key.strip()
            connection._get_token()._write_secrets(webhook_key=key)
        self.invalidate_recordset(["webhook_key"], flush=False)

    def _compute_redirect_uri(self):
        base_url = self.env["ir.config_parameter"].sudo().get_param("web.base.url")
        # Xero takes http only for the name localhost, never for 127.0.0.1.
        base_url = (base_url or "").replace("//127.0.0.1", "//localhost")
        self.redirect_uri = f"{base_url.rstrip('/')}{CALLBACK_ROUTE}"

    @api.depends("use_broad_scopes", "state")
    def _compute_scopes(self):
        for connection in self:
            needed = connection._get_needed_scopes()
            granted = (connection._get_token().scopes or "").split()
            missing = [
                scope
                for scope in needed
                if scope not in granted and COVERED_BY.get(scope) not in granted
            ]
            connection.needed_scopes = "\n".join(needed)
            connection.granted_scopes = "\n".join(granted)
            connection.missing_scopes = "\n".join(missing) if granted else False

    # === ACTION METHODS === #

    def action_connect(self):
        """Send the administrator to Xero's consent page.

        :return: an action that opens Xero's authorize page
        :raise UserError: if the credentials of the Xero app are incomplete or wrong
        """
        self.ensure_one()
        self._check_xero_admin()
        if not self.sudo().client_id or not self._get_token().client_secret:
            raise UserError(
                self.env._(
                    "Enter the Client ID and the Client Secret of your Xero app first. "
                    "You find both in Xero's developer portal, under Configuration."
                )
            )
        oauth = self._check_xero_app()
        url = oauth.authorize_url(
            self.redirect_uri, self._get_needed_scopes(), self._make_oauth_state()
        )
        self.sudo().consent_began_at = fields.Datetime.now()
        return {"type": "ir.actions.act_url", "url": url, "target": "self"}

    def action_connect_other_scopes(self):
        """Try the consent with the other set of scopes: for apps to which Xero shows
        `invalid_scope` on a page of its own, which never leads back here.

        :return: an action that opens Xero's authorize page
        :raise UserError: as `action_connect`
        """
        self.ensure_one()
        self._check_xero_admin()
        self.use_broad_scopes = not self.use_broad_scopes
        return self.action_connect()

    def action_disconnect(self):
        """Disconnect the organisation in Xero and forget the tokens.

        Only this organisation is disconnected: revoking the consent would take away
        every organisation that the same user connected to the app. With the last one
        the consent is revoked as well.

        :raise UserError: if Xero could not be reached; nothing is forgotten then
        """
        self.ensure_one()
        self._check_xero_admin()
        with self.env["xero.log"]._explained():
            self._disconnect_in_xero()
        self._get_token()._write_secrets(
            access_token=None, refresh_token=None, oauth_nonce=None
        )
        self._get_token().write({"scopes": False, "expires_at": False})
        self.sudo().write(
            {
                "state": "draft",
                "sync_mode": "read_only",
                "xero_connection_id": False,
                "available_tenants": False,
            }
        )
        self._log_auth("disconnect", self.env._("Disconnected from Xero."))
        return True

    def _disconnect_in_xero(self):
        """Delete the connection in Xero; one that is gone already is fine."""
        gateway = self.env["xero.gateway"]
        if not self.tenant_id or self.state == "reconnect":
            return
        try:
            access_token = gateway._get_access_token(self)
        except XeroReconnectError:
            return  # the consent has ended: there is nothing left to disconnect
        oauth = gateway._get_oauth(self)
        tenants = oauth.connections(access_token)
        for tenant in tenants:
            if tenant.tenant_id == self.tenant_id:
                oauth.delete_connection(access_token, tenant.connection_id)
        if {tenant.tenant_id for tenant in tenants} <= {self.tenant_id}:
            oauth.revoke(self._get_token()._read_secret("refresh_token"))

    def action_choose_tenant(self):
        """Open the choice among the organisations that were granted."""
        self.ensure_one()
        self._check_xero_admin()
        return self.env["xero.tenant.wizard"]._open(self)

    # === BUSINESS METHODS === #

    def _get_token(self):
        """Return the secrets of this connection, as superuser: `xero.token`.

        The row is made on first use: a secret that is given with a new connection is
        written before `create` of the connection has returned.
        """
        self.ensure_one()
        connection = self._origin  # a form that is being edited asks as well
        tokens = self.env["xero.token"].sudo()
        token = tokens.search_fetch([("connection_id", "=", connection.id)], limit=1)
        if connection and not token:
            token = tokens.create({"connection_id": connection.id})
        return token

    def _get_needed_scopes(self):
        scopes = SCOPES_BROAD if self.use_broad_scopes else SCOPES_GRANULAR
        return SCOPES_BASE + scopes

    def _check_xero_app(self):
        """Ask Xero whether it knows the app, before it is asked for a consent: Xero's
        own page would show an error and never lead back here.

        :return: the client of the app
        :rtype: OAuthClient
        :raise UserError: if Xero does not know the app, or does not answer
        """
        try:
            oauth = self.env["xero.gateway"]._get_oauth(self)
            oauth.check_app()
        except XeroError as problem:
            cause = self.env["xero.log"]._explain(problem)
            with self.env.registry.cursor() as cr:  # outlives the refusal
                self.with_env(self.env(cr=cr, su=True))._note_refused_consent(
                    problem, cause
                )
            raise UserError(cause.text) from problem
        return oauth

    def _check_xero_admin(self):
        if not self.env.user.has_group("xero_crm.group_xero_admin"):
            raise AccessError(
                self.env._("Only Xero administrators connect and disconnect.")
            )
        self.check_access("write")

    def _set_reconnect(self, reason):
        """A person has to consent again: say so, once, to the administrators.

        :param str reason: what Xero said, without secrets
        """
        self.ensure_one()
        if self.state == "reconnect":
            return
        self.state = "reconnect"
        self._log_auth(
            "refresh",
            self.env._("Xero no longer accepts the connection: %(why)s", why=reason),
            remedy=self.env._(
                "Press Reconnect on the connection and allow access in Xero."
            ),
            state="error",
        )
        admins = self.env.ref("xero_crm.group_xero_admin").all_user_ids
        for user in admins.filtered(lambda user: user.active and not user.share):
            if self.company_id in user.company_ids and user.id != 1:
                self.activity_schedule(
                    "xero_crm.mail_activity_type_reconnect",
                    user_id=user.id,
                    note=reason,
                )

    def _note_refused_consent(self, problem, cause):
        """Remember why a consent failed; an old app is asked with the broad scopes.

        :param XeroError problem: what Xero answered
        :param cause: its sentence and remedy, see `xero.log`
        """
        self.ensure_one()
        if getattr(problem, "code", "") in ("invalid_scope", "unauthorized_client"):
            self.use_broad_scopes = not self.use_broad_scopes
        self._log_auth("connect", cause.message, remedy=cause.remedy, state="error")
        self.message_post(body=cause.text)

    def _log_auth(self, operation, message, remedy=False, state="success"):
        return self.env["xero.log"]._add(
            self,
            direction="auth",
            resource="Organisation",
            operation=operation,
            state=state,
            message=message,
            remedy=remedy,
        )
