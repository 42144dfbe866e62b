"""What anybody does in the demo: look, write, press a button, wait."""

import re
import time
import urllib.parse

from .console import SetupError
from .web_client import WebClient, WebError

_PATIENCE = 120  # seconds; a scheduled action may be at work just now


def count(number, noun):
    """Return e.g. `1 contact` or `5 contacts`."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def wait_for(is_done):
    """Look again and again, as a person would, until it is done or patience ends.

    :return: whether it is done
    """
    deadline = time.monotonic() + _PATIENCE
    while not (done := is_done()) and time.monotonic() < deadline:
        time.sleep(0.5)
    return done


class Desk:
    """An administrator at work in Odoo, and an accountant in Xero.

    :param str odoo_url: Odoo's address; Odoo learns its own address from it
    :param str xero_url: where Xero lies now
    :param str database: the database to log in to
    """

    def __init__(self, odoo_url, xero_url, database):
        self.xero = WebClient(xero_url)
        self.odoo = WebClient(odoo_url)
        self.odoo.log_in(database, "admin", "admin")
        for name in ("login_url", "identity_url", "api_url"):
            parameter = f"xero_crm.{name}"
            self.odoo.call("ir.config_parameter", "set_param", parameter, xero_url)
        self.told = []
        self.connection = None  # id of the xero.connection
        self.order = None  # id of the order that is invoiced
        self.number = None  # of its invoice

    def _tell(self, sentence):
        self.told.append(sentence)

    def _sync(self):
        self._press("xero.connection", "action_sync", self.connection)
        domain = [("connection_id", "=", self.connection)]
        [run] = self._search("xero.sync.run", domain, limit=1, order="id desc")
        wait_for(lambda: self._read("xero.sync.run", run, "state") != ["running"])
        [values] = self.odoo.call("xero.sync.run", "read", [run])
        if values["state"] != "done":
            raise SetupError(f"The sync is {values['state']}: {values['message']}")
        return values

    def _allow(self, url):
        """Tick an organisation and click Allow on Xero's page, and come back."""
        page = self.odoo.get(url)
        address, _, query = url.partition("?")
        fields = [*urllib.parse.parse_qsl(query), ("allow", "1")]
        offered = re.findall(r"name='tenant_id'\s+value='([^']+)'", page)
        fields += [("tenant_id", tenant_id) for tenant_id in offered[:1]]
        self.odoo.post_form(address, fields)

    def _insist(self, model, button, record):
        """Press a button that Odoo refuses while a scheduled action is at work."""
        refusals = []

        def is_done():
            try:
                self._press(model, button, record)
            except WebError as error:
                refusals.append(error)
                return False
            return True

        if not wait_for(is_done):
            raise refusals[-1]

    # === WHO AND WHAT IS THERE === #

    def _money(self):
        status, partner = self._read(
            "sale.order", self.order, "xero_payment_status", "partner_id"
        )
        return status, self._read("res.partner", partner[0], "xero_balance")[0]

    def _linked_partners(self):
        domain = [("res_model", "=", "res.partner"), ("xero_id", "!=", False)]
        links = self.odoo.call("xero.link", "search_read", domain, ["res_id"])
        return {link["res_id"] for link in links}

    def _held_partners(self):
        domain = [("match_id.state", "=", "waiting")]
        candidates = self.odoo.call(
            "xero.match.candidate", "search_read", domain, ["partner_id"]
        )
        return {candidate["partner_id"][0] for candidate in candidates}

    def _doubled_names(self):
        groups = self.odoo.call(
            *("res.partner", "formatted_read_group", [("parent_id", "=", False)]),
            **{"groupby": ["name"], "having": [("__count", ">", 1)]},
        )
        return {group["name"] for group in groups}

    def _find_orders(self, *conditions, **options):
        """Return orders with an amount, of customers whom Xero can have."""
        domain = [
            *conditions,
            ("partner_id.email", "!=", False),
            ("partner_id", "not in", list(self._held_partners())),
            ("amount_total", ">", 0),
        ]
        return self._search("sale.order", domain, **options)

    # === CALLS === #

    def _search(self, model, domain, **options):
        return self.odoo.call(model, "search", domain, **options)

    def _read(self, model, record, *names):
        [values] = self.odoo.call(model, "read", [record], names)
        return [values[name] for name in names]

    def _write(self, **values):
        self.odoo.call("xero.connection", "write", [self.connection], values)

    def _press(self, model, button, records):
        records = records if isinstance(records, list) else [records]
        return self.odoo.call(model, button, records)

    def _ref(self, xml_id):
        module, name = xml_id.split(".")
        domain = [("module", "=", module), ("name", "=", name)]
        [row] = self.odoo.call("ir.model.data", "search_read", domain, ["res_id"])
        return row["res_id"]
