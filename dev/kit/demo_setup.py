"""How the demo is set up: logins, the connection, the first sync."""

from .console import SetupError
from .demo_desk import Desk, count, wait_for

CLIENT_ID = "demo-client"
CLIENT_SECRET = "demo-secret"
WEBHOOK_KEY = "demo-webhook-key"
# Odoo's demo company is an American one.
ORGANISATION = {
    "name": "Demo Company (US)",
    "country": "US",
    "currency": "USD",
    "seed": "demo",
}
_CUSTOMERS_TO_SEND = 3
_LIMITED = "base.res_partner_4"  # has quotations of more than its credit limit
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


class SetUp(Desk):
    """Everything up to the first contacts in Xero."""

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
                if login != "customer":
                    values["notification_type"] = "inbox"
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
            f"{count(len(linked), 'contact')} pulled from Xero: {len(linked & known)} "
            f"matched with customers that Odoo had, {len(linked - known)} new; "
            f"{count(run['fetched_count'], 'record')} in all."
        )
        doubles = self._doubled_names() - doubled_before
        if doubles:
            raise SetupError(f"Customers are there twice: {', '.join(doubles)}.")
        self._tell("No customer is there twice.")
        waiting = self._search("xero.match", [("state", "=", "waiting")])
        self._tell(
            f"{count(len(waiting), 'contact')} probably known to Odoo: to be looked "
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
        wait_for(lambda: set(customers) <= self._linked_partners())
        sent = len(self._linked_partners() & set(customers))
        self._tell(f"{count(sent, 'contact')} pushed to Xero.")

    def hand_deals_over(self):
        """Give the sales rep deals and orders of their own: those of a demo user. And
        limit what a customer may owe."""
        [user] = self._search("res.users", [("login", "=", "sales")])
        for model in ("crm.lead", "sale.order"):
            mine = self._search(model, [("user_id", "=", self._ref("base.user_demo"))])
            # It was so from the beginning: nobody is told, nothing is noted.
            quiet = {"tracking_disable": True, "mail_auto_subscribe_no_notify": True}
            self.odoo.call(model, "write", mine, {"user_id": user}, context=quiet)
        values = {"xero_credit_limit": 1000}
        self.odoo.call("res.partner", "write", [self._ref(_LIMITED)], values)
