"""What the demo does, as people would by clicking, and what it tells about it."""

import datetime
import re
import time
import urllib.parse

from .console import SetupError
from .web_client import WebClient, WebError

CLIENT_ID = "demo-client"
CLIENT_SECRET = "demo-secret"
WEBHOOK_KEY = "demo-webhook-key"
# Odoo's demo company is an American one.
_ORGANISATION = {
    "name": "Demo Company (US)",
    "country": "US",
    "currency": "USD",
    "seed": "demo",
}
_CUSTOMERS_TO_SEND = 3
# What the customer of the login `customer` was billed in Xero: due in so many days.
_BILLED = [
    ("Oak cabinets, first delivery", "1840.00", -38),
    ("Oak cabinets, second delivery", "960.00", -12),
    ("Fitting on site", "420.50", 18),
]
_PATIENCE = 120  # seconds; a scheduled action may be at work just now
_SALES = "sales_team.group_sale_salesman_all_leads"
# login: (name, groups, role); the password is the login
_LOGINS = {
    "sales": ("Sam Sales", [_SALES, "xero_crm.group_xero_user"], "sales rep"),
    "accountant": (
        "Alex Accountant",
        [_SALES, "account.group_account_invoice", "xero_crm.group_xero_accountant"],
        "accountant",
    ),
    "admin": ("", [], "administrator"),
    "customer": ("Chris Customer", ["base.group_portal"], "customer"),
}


def invitation(odoo_url, xero_url):
    """Return where to go and how to log in."""
    lines = [f"Odoo:            {odoo_url}"]
    for login, (_name, _groups, role) in _LOGINS.items():
        lines.append(f"  {role:<14} login {login}, password {login}")
    lines.append(f"Simulated Xero:  {xero_url}   (record a payment, change a contact)")
    lines.append("Ctrl-C stops both.")
    return "\n".join(lines)


def _count(number, noun):
    """Return e.g. `1 contact` or `5 contacts`."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _wait_for(is_done):
    """Look again and again, as a person would, until it is done or patience ends.

    :return: whether it is done
    """
    deadline = time.monotonic() + _PATIENCE
    while not (done := is_done()) and time.monotonic() < deadline:
        time.sleep(0.5)
    return done


class Story:
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

    def tell(self):
        """Connect, sync, invoice, take a payment, quote.

        :return: what came of it, in lines
        :raise SetupError: where something did not go as it must
        """
        self.xero.post_json("/_control/reset", _ORGANISATION)
        self.make_logins()
        self.connect()
        self.switch_webhooks_on()
        self.first_sync()
        self.send_customers()
        self.invoice_an_order()
        self.take_a_payment()
        self.take_online_payments()
        self.be_paid_online()
        self.quote_and_be_accepted()
        self.bill_the_customer()
        return "".join(f"  * {sentence}\n" for sentence in self.told)

    def make_logins(self):
        """Make a user for each role, unless there is one."""
        for login, (name, groups, _role) in _LOGINS.items():
            if not self._search("res.users", [("login", "=", login)]):
                values = {
                    "name": name,
                    "login": login,
                    "password": login,
                    "email": f"{login}@example.com",
                    "group_ids": [(4, self._ref(group)) for group in groups],
                }
                context = {"no_reset_password": True}
                self.odoo.call("res.users", "create", [values], context=context)

    def connect(self):
        """Enter the app's credentials, press Connect, allow access on Xero's page."""
        found = self._search("xero.connection", [("state", "=", "draft")])
        self.connection = (
            found[0] if found else self.odoo.call("xero.connection", "create", [{}])[0]
        )
        self._write(client_id=CLIENT_ID, client_secret=CLIENT_SECRET)
        consent = self._press("xero.connection", "action_connect", self.connection)
        self._allow(consent["url"])
        fields = ("state", "tenant_name")
        state, name = self._read("xero.connection", self.connection, *fields)
        if state != "connected":
            raise SetupError(f"The connection is {state!r} after Xero's consent page.")
        self._tell(f"Connected to {name}.")

    def switch_webhooks_on(self):
        """Paste the key, and have Xero check the address, as its portal does."""
        self._write(webhook_key=WEBHOOK_KEY)
        app = {"client_id": CLIENT_ID}
        if not self.xero.post_json("/_control/intent", app)["accepted"]:
            raise SetupError("Xero's check of the webhooks' address failed.")
        self._tell("Webhooks switched on: Xero tells at once what is changed there.")

    def first_sync(self):
        """Fetch everything, still in read-only mode."""
        doubled_before = self._doubled_names()
        domain = [("active", "in", (True, False))]
        known = set(self._search("res.partner", domain))
        run = self._sync()
        linked = self._linked_partners()
        self._tell(
            f"{_count(len(linked), 'contact')} pulled from Xero: {len(linked & known)} "
            f"matched with customers that Odoo had, {len(linked - known)} new; "
            f"{_count(run['fetched_count'], 'record')} in all."
        )
        doubles = self._doubled_names() - doubled_before
        if doubles:
            raise SetupError(f"Customers are there twice: {', '.join(doubles)}.")
        self._tell("No customer is there twice.")
        waiting = self._search("xero.match", [("state", "=", "waiting")])
        self._tell(
            f"{_count(len(waiting), 'contact')} probably known to Odoo: to be looked "
            "at under Xero > Sync > Matching."
        )

    def send_customers(self):
        """Go live and send some customers that Xero does not have."""
        self._write(invoice_status="authorised")
        self._press("xero.connection", "action_go_live", self.connection)
        domain = [
            ("id", "not in", list(self._linked_partners() | self._held_partners())),
            ("parent_id", "=", False),
            ("user_ids", "=", False),
            ("email", "!=", False),
        ]
        customers = self._search("res.partner", domain, limit=_CUSTOMERS_TO_SEND)
        self._press("res.partner", "action_xero_push", customers)
        _wait_for(lambda: set(customers) <= self._linked_partners())
        sent = len(self._linked_partners() & set(customers))
        self._tell(f"{_count(sent, 'contact')} pushed to Xero.")

    def invoice_an_order(self):
        """Press Create Xero Invoice on a confirmed order, delivered as all of them."""
        self._deliver_orders()
        domain = [
            ("state", "=", "sale"),
            ("xero_payment_status", "in", (False, "none")),
            ("partner_id.email", "!=", False),
            ("partner_id", "not in", list(self._held_partners())),
            ("amount_total", ">", 0),
        ]
        [self.order] = self._search("sale.order", domain, limit=1) or [None]
        if not self.order:
            raise SetupError("The demo data has no confirmed order to invoice.")
        self._press("sale.order", "action_create_xero_invoice", self.order)
        name = self._read("sale.order", self.order, "name")[0]
        [invoice] = self._search("xero.invoice", [("order_id", "=", self.order)])
        fields = ("number", "xero_error")
        _wait_for(lambda: any(self._read("xero.invoice", invoice, *fields)))
        number, problem = self._read("xero.invoice", invoice, *fields)
        if not number:
            raise SetupError(f"Order {name} got no invoice in Xero: {problem}")
        self.number = number
        total, currency = self._read(
            "xero.invoice", invoice, "amount_total", "currency_id"
        )
        money = f"{total:,.2f} {currency[1]}"
        self._tell(f"1 invoice created in Xero: {number} over {money} for {name}.")

    def _deliver_orders(self):
        """Odoo's demo orders are billed by what is delivered, and nothing is yet."""
        domain = [("state", "=", "sale"), ("qty_delivered", "=", 0)]
        names = ["product_uom_qty"]
        for line in self.odoo.call("sale.order.line", "search_read", domain, names):
            values = {"qty_delivered": line["product_uom_qty"]}
            self.odoo.call("sale.order.line", "write", [line["id"]], values)

    def take_a_payment(self):
        """Let the accountant record the payment in Xero, and see a webhook bring it."""
        before = self._money()
        began = time.monotonic()
        answer = self.xero.post_json("/_control/payment", {"invoice": self.number})
        _wait_for(lambda: self._money()[0] == "paid")
        seconds = time.monotonic() - began
        after = self._money()
        if after[0] != "paid":
            raise SetupError(f"The order is {after[0]!r} after its payment: {answer}")
        self._tell(
            f"Payment recorded in Xero: {seconds:.1f} s later the order went from "
            f"{before[0]} to {after[0]}, "
            f"the customer's balance from {before[1]:,.2f} to {after[1]:,.2f}."
        )

    def be_paid_online(self):
        """A customer pays orders in Odoo: an invoiced one, a bit too much of it, and
        one that has no invoice yet."""
        bank = [("connection_id", "=", self.connection), ("account_type", "=", "BANK")]
        self._write(payment_account_id=self._search("xero.account", bank)[0])
        domain = [
            ("state", "=", "sale"),
            ("xero_payment_status", "=", "none"),
            ("partner_id.email", "!=", False),
            ("partner_id", "not in", list(self._held_partners())),
            ("amount_total", ">", 0),
        ]
        orders = self._search("sale.order", domain, limit=2)
        if not orders:
            raise SetupError("The demo data has no confirmed order to be paid online.")
        self._press("sale.order", "action_create_xero_invoice", orders[0])
        for order, more in zip(orders, (25, 0), strict=False):
            self._pay_online(order, more)
        status = "xero_payment_status"
        _wait_for(lambda: self._read("sale.order", orders[0], status) == ["paid"])
        if self._read("sale.order", orders[0], status) != ["paid"]:
            raise SetupError("What was paid online did not arrive in Xero.")
        name = self._read("sale.order", orders[0], "name")[0]
        self._tell(
            f"{name} was paid online in Odoo, and its invoice in Xero by that; what "
            "waits or is left over stands under Xero > Receivables > Online Payments."
        )

    def _pay_online(self, order, more):
        """Let the payment provider tell that an order was paid."""
        [provider] = self._search("payment.provider", [("code", "=", "demo")], limit=1)
        card = [("code", "=", "card"), ("active", "in", (True, False))]
        fields = ("name", "amount_total", "currency_id", "partner_id")
        name, total, currency, partner = self._read("sale.order", order, *fields)
        values = {
            "provider_id": provider,
            "payment_method_id": self._search("payment.method", card)[0],
            "reference": name,
            "amount": total + more,
            "currency_id": currency[0],
            "partner_id": partner[0],
            "operation": "online_direct",
            "sale_order_ids": [(6, 0, [order])],
            "state": "done",
        }
        self.odoo.call("payment.transaction", "create", [values])

    def quote_and_be_accepted(self):
        """Send quotations to Xero as quotes; the customer of one presses Accept."""
        domain = [
            ("state", "=", "draft"),
            ("partner_id.email", "!=", False),
            ("partner_id", "not in", list(self._held_partners())),
            ("amount_total", ">", 0),
        ]
        orders = self._search("sale.order", domain, limit=2)
        if not orders:
            raise SetupError("The demo data has no quotation to send.")
        self._press("sale.order", "action_quotation_sent", orders)
        self._press("sale.order", "action_create_xero_quote", orders)
        fields = ("xero_quote_number", "xero_quote_error", "name")
        _wait_for(
            lambda: all(any(self._read("sale.order", o, *fields[:2])) for o in orders)
        )
        number, problem, name = self._read("sale.order", orders[0], *fields)
        if not number:
            raise SetupError(f"Quotation {name} got no quote in Xero: {problem}")
        self.xero.post_json("/_control/quote/answer", {"quote": number})
        self._sync()
        [status] = self._read("sale.order", orders[0], "xero_quote_status")
        if status != "accepted":
            raise SetupError(f"Quotation {name} is {status!r} after it was accepted.")
        self._tell(
            f"{_count(len(orders), 'quotation')} sent to Xero as quotes; the customer "
            f"of {name} accepted {number} there, and its salesperson is told."
        )

    def bill_the_customer(self):
        """Bill the customer of the order in Xero as well, and take one payment; one of
        their people looks at it all in the portal."""
        [partner] = self._read("sale.order", self.order, "partner_id")
        fields = ("commercial_partner_id", "xero_contact_id")
        company, contact = self._read("res.partner", partner[0], *fields)
        [user] = self._search("res.users", [("login", "=", "customer")])
        [person] = self._read("res.users", user, "partner_id")
        values = {"parent_id": company[0]}
        self.odoo.call("res.partner", "write", [person[0]], values)
        numbers = [self._bill(contact, *bill) for bill in _BILLED]
        self.xero.post_json("/_control/payment", {"invoice": numbers[0]})
        self._sync()
        self._tell(
            f"{_count(len(numbers), 'invoice')} more for {company[1]}; their people "
            "see and pay them in the portal (login customer)."
        )

    def _bill(self, contact, what, amount, days):
        """Make an invoice in Xero; return its number."""
        due = datetime.date.today() + datetime.timedelta(days=days)
        line = {"Description": what, "Quantity": "1", "UnitAmount": amount}
        fields = {
            "LineItems": [{**line, "AccountCode": "200"}],
            "Date": str(due - datetime.timedelta(days=30)),
            "DueDate": str(due),
            "SentToContact": True,
        }
        answer = {"contact": contact, "fields": fields}
        made = self.xero.post_json("/_control/invoice", answer)
        return made["invoice"]["InvoiceNumber"]

    def take_online_payments(self):
        """Switch on Odoo's pretended payment provider; what it takes goes to Xero."""
        [module] = self._search("ir.module.module", [("name", "=", "payment_demo")])
        self._install(module)
        company = self._read("xero.connection", self.connection, "company_id")[0]
        domain = [("code", "=", "demo"), ("company_id", "=", company[0])]
        providers = self._search("payment.provider", domain)
        values = {"state": "test", "is_published": True}
        self.odoo.call("payment.provider", "write", providers, values)
        self._tell("Online payments switched on: what customers pay is paid in Xero.")

    def _install(self, module):
        """Install an app; Odoo refuses it while a scheduled action is at work."""
        refusals = []

        def is_installed():
            try:
                self._press("ir.module.module", "button_immediate_install", module)
            except WebError as error:
                refusals.append(error)
                return False
            return True

        if not _wait_for(is_installed):
            raise refusals[-1]

    # === HELPERS === #

    def _tell(self, sentence):
        self.told.append(sentence)

    def _money(self):
        status, partner = self._read(
            "sale.order", self.order, "xero_payment_status", "partner_id"
        )
        return status, self._read("res.partner", partner[0], "xero_balance")[0]

    def _sync(self):
        self._press("xero.connection", "action_sync", self.connection)
        domain = [("connection_id", "=", self.connection)]
        [run] = self._search("xero.sync.run", domain, limit=1, order="id desc")
        _wait_for(lambda: self._read("xero.sync.run", run, "state") != ["running"])
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
