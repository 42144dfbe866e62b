import logging
from datetime import timedelta

from psycopg2.errors import LockNotAvailable, SerializationFailure

from odoo import fields, models
from odoo.tools import SQL

from ..const import URL_PARAMETERS
from ..xero_api import (
    OAuthClient,
    XeroAuthError,
    XeroClient,
    XeroPermissionError,
    XeroRateLimitError,
    XeroReconnectError,
    XeroTransientError,
)

_logger = logging.getLogger(__name__)

# Seconds to connect, and to wait for an answer: a batch of 50 invoices takes a while.
TIMEOUT = (5, 60)
REFRESH_ATTEMPTS = 3
# A 429 without Retry-After means too many calls at once: wait a moment.
CONCURRENCY_PAUSE = 5


class XeroGateway(models.AbstractModel):
    """The only door to Xero: builds clients, keeps tokens fresh, notes the limits."""

    _name = "xero.gateway"
    _description = "Xero Gateway"

    def _get_urls(self):
        """Return the bases of Xero's addresses, by argument name of the clients."""
        parameters = self.env["ir.config_parameter"].sudo()
        return {
            name: (parameters.get_param(key) or default).rstrip("/")
            for name, (key, default) in URL_PARAMETERS.items()
        }

    def _get_oauth(self, connection):
        """Return the OAuth client of a connection's own Xero app.

        :param connection: `xero.connection`, one record
        :rtype: OAuthClient
        """
        return OAuthClient(
            connection.sudo().client_id or "",
            connection._get_token()._read_secret("client_secret"),
            **self._get_urls(),
        )

    def _call(self, connection, method, *args, **kwargs):
        """Call a method of the Xero client for a connection.

        A 401 is answered by one refresh and one repetition: Xero did nothing, so this
        is safe for a write as well.

        :param connection: `xero.connection`, one record
        :param str method: a method of `XeroClient`
        :return: what the method returns
        :raise XeroError: typed by what to do next
        """
        self._check_pause(connection)
        access_token = self._get_access_token(connection)
        try:
            try:
                return self._send(connection, access_token, method, *args, **kwargs)
            except XeroAuthError as error:
                if isinstance(error, XeroReconnectError) or error.scope_missing:
                    raise
                access_token = self._get_access_token(connection, stale=access_token)
                return self._send(connection, access_token, method, *args, **kwargs)
        except XeroReconnectError as error:
            self._require_reconnect(connection, str(error))
            raise
        except (XeroAuthError, XeroPermissionError) as error:
            if not getattr(error, "scope_missing", False):
                self._check_tenant(connection, access_token)
            raise
        except XeroRateLimitError as error:
            self._pause(connection, error)
            raise

    def _send(self, connection, access_token, method, *args, **kwargs):
        client = XeroClient(
            access_token,
            connection.tenant_id,
            api_url=self._get_urls()["api_url"],
            timeout=TIMEOUT,
            on_usage=lambda usage: self._record_usage(connection, usage),
        )
        return getattr(client, method)(*args, **kwargs)

    # === TOKENS === #

    def _get_access_token(self, connection, stale=None):
        """Return an access token that lives for another minute at least.

        :param connection: `xero.connection`, one record
        :param str stale: a token that Xero has refused just now
        :raise XeroReconnectError: if a person has to consent again
        :raise XeroTransientError: if Xero or the database did not answer in time
        """
        token = connection._get_token()
        for _attempt in range(REFRESH_ATTEMPTS):
            try:
                return token._get_fresh(stale) or self._refresh(connection, stale)
            except XeroReconnectError as error:
                self._require_reconnect(connection, str(error))
                raise
            except SerializationFailure:
                # Another worker refreshed while we waited: look again.
                continue
            except LockNotAvailable:
                break
        raise XeroTransientError("Another process is refreshing the Xero token.")

    def _refresh(self, connection, stale):
        """Refresh under a row lock, in a cursor of its own, committed at once.

        Xero's refresh token changes with each use: two workers must not use the same
        one, and a rollback must not lose the new one.
        """
        with self.env.registry.cursor() as cr:
            cr.execute("SET LOCAL lock_timeout = '45s'")
            cr.execute(
                SQL(
                    "SELECT id FROM xero_token WHERE connection_id = %s FOR UPDATE",
                    connection.id,
                ),
                log_exceptions=False,  # losing the race is no error, see the caller
            )
            token = connection.with_env(self.env(cr=cr, su=True))._get_token()
            token.invalidate_recordset()
            if access_token := token._get_fresh(stale):
                return access_token
            refresh_token = token._read_secret("refresh_token")
            if not refresh_token:
                raise XeroReconnectError("There is no consent to refresh.")
            oauth = self.with_env(token.env)._get_oauth(token.connection_id)
            fresh = oauth.refresh(refresh_token)
            token._store_token(fresh)
        connection._get_token().invalidate_recordset()
        return fresh.access_token

    def _require_reconnect(self, connection, reason):
        """Mark the connection in a cursor of its own: the caller may roll back."""
        with self.env.registry.cursor() as cr:
            cr.execute("SET LOCAL lock_timeout = '10s'")
            connection.with_env(self.env(cr=cr, su=True))._set_reconnect(reason)
        connection.invalidate_recordset(["state"])

    def _check_tenant(self, connection, access_token):
        """After a refusal: is the organisation still connected to the app?"""
        tenants = self._get_oauth(connection).connections(access_token)
        if connection.tenant_id not in {tenant.tenant_id for tenant in tenants}:
            reason = "The organisation was disconnected in Xero."
            self._require_reconnect(connection, reason)

    # === LIMITS === #

    def _check_pause(self, connection):
        usage = self.env["xero.usage"].sudo()
        usage = usage.search_fetch(  # one query; the figures change with each call
            [("connection_id", "=", connection.id)], ["paused_until", "pause_reason"]
        )
        if usage.paused_until and usage.paused_until > fields.Datetime.now():
            left = usage.paused_until - fields.Datetime.now()
            raise XeroRateLimitError(
                "Xero's call limit is reached.",
                retry_after=int(left.total_seconds()) + 1,
                problem=usage.pause_reason or "minute",
            )

    def _pause(self, connection, error):
        wait = error.retry_after or CONCURRENCY_PAUSE
        until = fields.Datetime.now() + timedelta(seconds=wait)
        self.env["xero.usage"]._record(
            connection, {"paused_until": until, "pause_reason": error.problem}
        )

    def _record_usage(self, connection, usage):
        if meter := self.env.context.get("xero_run_meter"):
            meter.calls += 1
        if usage.day_remaining is None and usage.minute_remaining is None:
            return
        values = {"updated_at": fields.Datetime.now()}
        if usage.day_remaining is not None:
            values["day_remaining"] = usage.day_remaining
        if usage.minute_remaining is not None:
            values["minute_remaining"] = usage.minute_remaining
        self.env["xero.usage"]._record(connection, values)
