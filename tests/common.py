"""What the tests share: an organisation on the simulated Xero, and people."""

import atexit
from contextlib import closing, contextmanager
from datetime import timedelta
from unittest.mock import patch

from odoo import SUPERUSER_ID, api, fields
from odoo.fields import Command
from odoo.modules.registry import Registry
from odoo.tests import get_db_name

from odoo.addons.base.tests.common import DISABLED_MAIL_CONTEXT, BaseCommon

from .fake_xero import FakeXeroServer
from .fake_xero.checkpoint import Checkpoint

CLIENT_ID = "TESTCLIENT"
CLIENT_SECRET = "test-secret-that-nobody-may-read"
REDIRECT_URI = "http://localhost:8069/xero_crm/oauth/callback"

_servers = []


def get_server():
    """Return the simulated Xero: one server for all tests of a process."""
    if not _servers:
        _servers.append(FakeXeroServer().start())
        atexit.register(_servers[0].stop)
    return _servers[0]


SALES = "sales_team.group_sale_salesman_all_leads"
PEOPLE = {
    "rep": (SALES, "xero_crm.group_xero_user"),
    "outsider": (SALES,),
    "accountant": (SALES, "xero_crm.group_xero_accountant"),
    "xero_admin": ("base.group_user", "xero_crm.group_xero_admin"),
}


def ensure_people():
    """Create who the tests act as; the password is the login.

    Once for all tests of a database, in a transaction that stands: users take longer
    to create than all else that a test class needs.
    """
    with Registry(get_db_name()).cursor() as cr:
        users = api.Environment(cr, SUPERUSER_ID, {})["res.users"]
        if users.search_count([("login", "=", "xero_rep")], limit=1):
            return
        users.with_context(**DISABLED_MAIL_CONTEXT).create(
            [
                {
                    "name": f"xero_{name} ({','.join(groups)})",
                    "login": f"xero_{name}",
                    "password": f"xero_{name}",
                    "email": "x.x@example.com",
                    "group_ids": [
                        Command.set([users.env.ref(group).id for group in groups])
                    ],
                }
                for name, groups in PEOPLE.items()
            ]
        )


class XeroCommonMixin:
    """Mix into a TransactionCase or HttpCase: a live connection named `connection`."""

    @classmethod
    def setUpClass(cls):
        ensure_people()  # before the test's transaction, which would not see them
        super().setUpClass()
        if not getattr(cls, "registry_test_mode", False):
            # Pushing and token refreshing use cursors of their own.
            cls.registry_enter_test_mode_cls()
        cls.startClassPatcher(
            patch.object(cls.registry, "clear_all_caches", cls._clear_stale_caches)
        )
        cls.server = get_server()
        cls.xero = cls.server.xero
        cls.xero.add_app(CLIENT_ID, CLIENT_SECRET, [REDIRECT_URI])
        cls._set_urls()
        cls._find_people()
        cls._create_documents()

    def setUp(self):
        if "_start" not in vars(type(self)):
            self._prepare_class()
        super().setUp()
        self._start.restore()
        self.addCleanup(self._check_contract)

    @classmethod
    def _prepare_class(cls):
        """Prepare on an instance of its own, whose attributes all tests then have."""
        first = cls()
        before = set(vars(first))
        first.prepare()
        first._check_contract()
        for name in vars(first).keys() - before:
            setattr(cls, name, getattr(first, name))
        cls._start = Checkpoint(cls.xero)
        cls._sequences = dict(cls.registry.cache_sequences)

    @classmethod
    def _clear_stale_caches(cls):
        """Clear the caches of what a test has changed, as its transaction would have.

        Odoo clears all of them after each test, and a good part of the next one then
        fills them again.
        """
        registry = cls.registry
        bumped = {
            name
            for name, sequence in registry.cache_sequences.items()
            if sequence != cls._sequences.get(name)
        }
        if stale := bumped | registry.cache_invalidated:
            registry.clear_cache(*stale)
        registry.cache_invalidated.clear()
        cls._sequences = dict(registry.cache_sequences)

    def prepare(self):
        """Make what every test of the class finds, in Odoo and in the simulated Xero.

        Done once a class, by its first test, for it is most of the work of a short
        test; both sides go back to it before each test. What is not data, such as a
        patch or a session, is for `setUp`.
        """
        self.xero.reset()
        self.org = self.xero.add_organisation("Demo Company (NZ)")
        self.connection = self._connect(self.org, self.env.company)

    @contextmanager
    def rolled_back(self):
        """After the block both sides are as before it: to try a thing in many ways."""
        before = Checkpoint(self.xero)
        try:
            with closing(self.env.cr.savepoint()):
                yield
            self._check_contract()
        finally:
            self._clear_stale_caches()
            before.restore()

    def _check_contract(self):
        """Every request and answer of every test keeps to Xero's OpenAPI file."""
        violations = list(self.xero.contract_violations)
        self.xero.contract_violations.clear()
        self.assertFalse(violations, "\n".join(violations))

    @classmethod
    def _set_urls(cls):
        parameters = cls.env["ir.config_parameter"].sudo()
        for name in ("login_url", "identity_url", "api_url"):
            parameters.set_param(f"xero_crm.{name}", cls.server.url)
        parameters.set_param("web.base.url", "http://localhost:8069")

    @classmethod
    def _connect(cls, org, company, **vals):
        """Return a live connection, with tokens but without the browser's way."""
        env = cls.env
        connection = env["xero.connection"].create(
            {
                "company_id": company.id,
                "client_id": CLIENT_ID,
                "client_secret": CLIENT_SECRET,
                "tenant_id": org.tenant_id,
                "tenant_name": "Demo Company (NZ)",
                "short_code": "!TeSt1",
                "state": "connected",
                "sync_mode": "live",
                "base_currency_id": company.currency_id.id,
                **vals,
            }
        )
        answer = cls.xero.issue_token(CLIENT_ID, [org.tenant_id])
        token = connection._get_token()
        token._write_secrets(
            access_token=answer["access_token"], refresh_token=answer["refresh_token"]
        )
        token.write(
            {
                "scopes": answer["scope"],
                "expires_at": fields.Datetime.now() + timedelta(minutes=30),
            }
        )
        return connection

    @classmethod
    def _find_people(cls):
        users = cls.env["res.users"].search(
            [("login", "in", [f"xero_{name}" for name in PEOPLE])]
        )
        for user in users:
            setattr(cls, f"user_{user.login.removeprefix('xero_')}", user)

    @classmethod
    def _create_documents(cls):
        env = cls.env
        cls.tax = env["account.tax"].create(
            {
                "name": "GST 15%",
                "amount": 15,
                "type_tax_use": "sale",
                "price_include_override": "tax_excluded",
                "company_id": env.company.id,
                "country_id": env.company.account_fiscal_country_id.id
                or env.ref("base.nz").id,
            }
        )
        cls.customer = env["res.partner"].create(
            {
                "name": "Kauri Builders",
                "is_company": True,
                "email": "accounts@kauri.example.com",
                "phone": "+64 9 555 0101",
                "street": "1 Queen Street",
                "city": "Auckland",
                "zip": "1010",
                "country_id": env.ref("base.nz").id,
            }
        )
        cls.product = env["product.product"].create(
            {
                "name": "Rimu Table",
                "default_code": "RIMU-1",
                "list_price": 250.0,
                "taxes_id": [(6, 0, cls.tax.ids)],
            }
        )

    @classmethod
    def _create_order(cls, confirm=True, **vals):
        order = cls.env["sale.order"].create(
            {
                "partner_id": cls.customer.id,
                "order_line": [
                    (
                        0,
                        0,
                        {
                            "product_id": cls.product.id,
                            "product_uom_qty": 2,
                            "price_unit": 250.0,
                            "tax_ids": [(6, 0, cls.tax.ids)],
                        },
                    )
                ],
                **vals,
            }
        )
        if confirm:
            order.action_confirm()
        return order

    # === WORKING === #

    def pull(self, *resources):
        """Fetch, as the scheduled action does: in a cursor of its own."""
        self.env.flush_all()
        with self.registry.cursor() as cr:
            connection = self.connection.with_env(self.env(cr=cr))
            connection.env["xero.pull"]._pull(connection, resources)
        self.env.invalidate_all()

    def push(self):
        """Send what waits, as the scheduled action does."""
        self.env.flush_all()
        with self.registry.cursor() as cr:
            connection = self.connection.with_env(self.env(cr=cr))
            connection.env["xero.push"]._push(connection)
        self.env.invalidate_all()

    def map_reference_data(self):
        """Fetch accounts and taxes, and map the tests' tax."""
        self.pull("Accounts", "TaxRates", "Currencies")
        self._map_tax(self.connection)

    @classmethod
    def _map_tax(cls, connection):
        connection._set_defaults()
        rate = connection.tax_rate_ids.filtered(lambda r: r.tax_type == "OUTPUT2")
        row = connection.tax_map_ids.filtered(lambda r: r.tax_id == cls.tax)
        if row:
            row.tax_rate_id = rate
        else:
            connection.tax_map_ids.create(
                {
                    "connection_id": connection.id,
                    "tax_id": cls.tax.id,
                    "tax_rate_id": rate.id,
                }
            )

    def link_of(self, record):
        """Return the record's link."""
        return self.env["xero.link"]._of(record, self.connection)


class XeroCommon(XeroCommonMixin, BaseCommon):
    """TransactionCase with a live connection."""
