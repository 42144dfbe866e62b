import hmac
import secrets

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.http import request
from odoo.tools import hash_sign, verify_hash_signed

from ..const import NO_TAX, REFERENCE_RESOURCES
from ..xero_api import XeroOAuthError

STATE_SCOPE = "xero_crm.oauth"
STATE_HOURS = 1
SESSION_KEY = "xero_crm_oauth_nonce"


class XeroConnection(models.Model):
    """What a consent goes through: its state, its code, the organisation it is for."""

    _inherit = "xero.connection"

    # === STATE === #

    def _make_oauth_state(self):
        """Return a signed state for one consent of this user, in this session."""
        nonce = secrets.token_urlsafe(24)
        self._get_token()._write_secrets(oauth_nonce=nonce)
        if request:
            request.session[SESSION_KEY] = nonce
        payload = {
            "connection_id": self.id,
            "user_id": self.env.uid,
            "nonce": nonce,
            "in_session": bool(request),
        }
        return hash_sign(
            self.sudo().env, STATE_SCOPE, payload, expiration_hours=STATE_HOURS
        )

    @api.model
    def _take_oauth_state(self, state, session_nonce):
        """Check a state that came back from Xero, and use it up.

        :param str state: what Xero's redirect carries
        :param str session_nonce: what the user's session remembers
        :return: `xero.connection`, one record; none if the state is forged, expired,
            used before, of another user or of another session
        """
        payload = self._read_oauth_state(state)
        if not payload or payload["user_id"] != self.env.uid:
            return self.browse()
        if payload["in_session"] and not hmac.compare_digest(
            payload["nonce"], session_nonce or ""
        ):
            return self.browse()
        connection = self.browse(payload["connection_id"]).exists()
        token = connection._get_token() if connection else self.env["xero.token"]
        if not token or not hmac.compare_digest(
            payload["nonce"], token._read_secret("oauth_nonce")
        ):
            return self.browse()
        token._write_secrets(oauth_nonce=None)
        connection.sudo().consent_began_at = False
        return connection

    @api.model
    def _read_oauth_state(self, state):
        """Return what a signed state holds; None if it is forged or expired."""
        try:
            return verify_hash_signed(self.sudo().env, STATE_SCOPE, state or "")
        except ValueError:
            return None  # not even the shape of a state

    # === ORGANISATION === #

    def _finish_consent(self, code):
        """Exchange the code, keep the tokens, take the organisation if there is one.

        :param str code: from Xero's redirect, single use
        :return: whether the organisation is chosen (else a person has to choose)
        :rtype: bool
        :raise XeroError: if Xero refuses
        """
        self.ensure_one()
        gateway = self.env["xero.gateway"]
        oauth = gateway._get_oauth(self)
        token = oauth.exchange_code(code, self.redirect_uri)
        tenants = oauth.connections(token.access_token, token.auth_event_id)
        if not tenants:
            tenants = oauth.connections(token.access_token)
        if not tenants:
            raise XeroOAuthError(
                "The consent names no organisation.", code="no_organisation"
            )
        known = [tenant for tenant in tenants if tenant.tenant_id == self.tenant_id]
        if self.tenant_id and not known and self.sudo().link_ids:
            raise XeroOAuthError(
                "The consent is for another organisation.", code="other_organisation"
            )
        self._get_token()._store_token(token)
        self.sudo().available_tenants = [
            {
                "tenant_id": tenant.tenant_id,
                "name": tenant.name,
                "connection_id": tenant.connection_id,
            }
            for tenant in tenants
        ]
        if len(tenants) > 1 and not known:
            return False
        self._set_tenant((known or tenants)[0].tenant_id)
        return True

    def _set_tenant(self, tenant_id):
        """Bind this connection to one of the granted organisations.

        :param str tenant_id: one of `available_tenants`
        :raise UserError: if records are linked to another organisation already
        :raise XeroError: if Xero does not tell about the organisation
        """
        self.ensure_one()
        tenants = {row["tenant_id"]: row for row in self.sudo().available_tenants or []}
        tenant = tenants[tenant_id]
        if self.tenant_id and self.tenant_id != tenant_id and self.sudo().link_ids:
            raise UserError(
                self.env._(
                    "This connection is bound to another organisation and has records "
                    "linked to it. Make a new connection for %(name)s.",
                    name=tenant["name"],
                )
            )
        if self.tenant_id != tenant_id:
            self._forget_mirrored()
        self.sudo().write(
            {
                "tenant_id": tenant_id,
                "tenant_name": tenant["name"],
                "xero_connection_id": tenant["connection_id"],
                "state": "connected",
                "connected_at": fields.Datetime.now(),
            }
        )
        self.sudo().activity_unlink(["xero_crm.mail_activity_type_reconnect"])
        self._log_auth(
            "connect",
            self.env._("Connected to %(name)s.", name=tenant["name"]),
        )
        self._fetch_organisation()
        self.env["xero.pull"].sudo()._pull_in_transaction(self, REFERENCE_RESOURCES)
        self._set_defaults()

    def _forget_mirrored(self):
        """Drop what was mirrored of another organisation; the fetching starts anew."""
        mine = [("connection_id", "=", self.id)]
        self.sudo().write(
            {
                "default_account_id": False,
                "default_tax_rate_id": False,
                "branding_theme_id": False,
            }
        )
        for model_name in (
            "xero.payment",
            "xero.invoice",
            "xero.quote",
            "xero.tax.map",
            "xero.account.map",
            "xero.tracking.map",
            "xero.term.map",
            "xero.account",
            "xero.tax.rate",
            "xero.currency",
            "xero.branding.theme",
            "xero.tracking.category",
            "xero.sync.cursor",
            "xero.log",
        ):
            model = self.env[model_name].sudo().with_context(active_test=False)
            model.search(mine).unlink()

    def _fetch_organisation(self):
        """Read what Xero tells of the organisation: name, currency, lock dates."""
        organisation = self.env["xero.pull"]._get_organisation(self)
        self.sudo().write(self._prepare_organisation_vals(organisation))

    def _prepare_organisation_vals(self, organisation):
        """Return what the connection keeps of the organisation.

        :param OrganisationData organisation: as Xero has it
        :rtype: dict
        """
        currency = self.env["res.currency"].with_context(active_test=False)
        return {
            "tenant_name": organisation.name or self.tenant_name,
            "short_code": organisation.short_code,
            "country_code": organisation.country_code,
            "timezone": organisation.timezone,
            "is_demo_company": organisation.is_demo,
            "base_currency_id": currency.search(
                [("name", "=", organisation.base_currency)], limit=1
            ).id,
        }

    def _set_defaults(self):
        """Propose the usual sales account (code 200) and the rate without tax."""
        self.ensure_one()
        if not self.default_account_id:
            self.default_account_id = self.account_ids.filtered(
                lambda account: account.is_revenue and account.code == "200"
            )[:1]
        if not self.default_tax_rate_id:
            none = self.tax_rate_ids.filtered(lambda rate: rate.tax_type in NO_TAX)
            self.default_tax_rate_id = none[:1]
        self.env["xero.tax.map"]._propose(self)
        self.env["xero.term.map"]._propose(self)
