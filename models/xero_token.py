import contextlib
import logging
import os
import secrets
from datetime import timedelta
from functools import lru_cache
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken

from odoo import fields, models
from odoo.tools import config

from ..xero_api import XeroOAuthError, XeroReconnectError

_logger = logging.getLogger(__name__)

# Refresh a little early, so that a token does not expire between check and use.
EXPIRY_MARGIN = timedelta(seconds=90)
SECRETS = (
    "client_secret",
    "webhook_key",
    "access_token",
    "refresh_token",
    "oauth_nonce",
)


@lru_cache(maxsize=64)
def _decrypt(key, cipher):
    """Decrypt once in a process what each webhook asks for; a replaced secret has
    another cipher text."""
    return Fernet(key).decrypt(cipher.encode()).decode()


class XeroToken(models.Model):
    """The secrets of a connection, encrypted, alone in their table.

    Nobody has access rights to this model; only the gateway and the OAuth callback read
    it, as superuser. Alone in its table, so that a refresh can lock its row and commit
    in a cursor of its own.
    """

    _name = "xero.token"
    _description = "Xero Secrets"
    _rec_name = "connection_id"

    connection_id = fields.Many2one(
        "xero.connection", required=True, ondelete="cascade", index=True
    )
    client_secret = fields.Char(copy=False)
    webhook_key = fields.Char(copy=False)
    access_token = fields.Char(copy=False)
    refresh_token = fields.Char(copy=False)
    oauth_nonce = fields.Char(copy=False)
    scopes = fields.Char()
    expires_at = fields.Datetime()
    refreshed_at = fields.Datetime()

    _connection_uniq = models.Constraint(
        "UNIQUE(connection_id)", "A connection keeps its secrets in one place."
    )

    def _read_secret(self, name):
        """Return the secret in clear text.

        :param str name: one of `SECRETS`
        :return: the secret, '' when there is none
        :rtype: str
        :raise XeroError: if the key that encrypted it is not there any more
        """
        self.ensure_one()
        if not (value := self[name]):
            return ""
        try:
            return self._get_fernet().decrypt(value.encode()).decode()
        except InvalidToken as error:
            message = "The encryption key of this server does not fit the secrets."
            if name == "client_secret":
                raise XeroOAuthError(message, code="lost_key") from error
            raise XeroReconnectError(message) from error

    def _decrypt_often(self, cipher):
        """Return a secret that is asked for many times a second, in clear text.

        :param str cipher: as it is stored
        :return: the secret, '' if the key that encrypted it is not there any more
        :rtype: str
        """
        try:
            return _decrypt(self._get_key(), cipher)
        except InvalidToken:
            _logger.error("The encryption key of this server does not fit the secrets.")
            return ""

    def _write_secrets(self, **values):
        """Encrypt and store.

        :param values: clear-text secrets by name ('' or None removes one)
        """
        assert set(values) <= set(SECRETS)
        fernet = self._get_fernet()
        self.write(
            {
                name: fernet.encrypt(value.encode()).decode() if value else False
                for name, value in values.items()
            }
        )

    def _store_token(self, token):
        """Keep what Xero's token endpoint answered.

        :param Token token: the new tokens; the old refresh token is worthless from now
        """
        self._write_secrets(
            access_token=token.access_token, refresh_token=token.refresh_token
        )
        self.write(
            {
                "scopes": " ".join(token.scopes),
                "expires_at": token.expires_at.replace(tzinfo=None),
                "refreshed_at": fields.Datetime.now(),
            }
        )

    def _get_fresh(self, stale=None):
        """Return the access token in clear text; '' when it has to be refreshed.

        :param str stale: a token that Xero has refused just now
        :rtype: str
        """
        self.ensure_one()
        if (
            not self.expires_at
            or self.expires_at < fields.Datetime.now() + EXPIRY_MARGIN
        ):
            return ""
        access_token = self._read_secret("access_token")
        return access_token if access_token != stale else ""

    def _get_fernet(self):
        return Fernet(self._get_key())

    def _get_key(self):
        """The cipher's key, which lives outside the database.

        It is taken from the environment variable XERO_CRM_KEY, else from the option
        `xero_crm_key` of Odoo's configuration file, else from a file in Odoo's data
        directory, which is made on first use.
        """
        key = os.environ.get("XERO_CRM_KEY") or config.get("xero_crm_key")
        return key or self._get_key_from_file()

    def _get_key_from_file(self):
        path = Path(config["data_dir"]) / "xero_crm.key"
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            draft = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
            draft.touch(mode=0o600)
            draft.write_bytes(Fernet.generate_key())
            # A hard link never replaces a key that another worker made meanwhile.
            with contextlib.suppress(FileExistsError):
                os.link(draft, path)
            draft.unlink()
        return path.read_bytes()
