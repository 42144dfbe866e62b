"""What customers of the demo pay online, and what they see in the portal."""

import datetime

from .console import SetupError
from .demo_desk import count, wait_for
from .demo_setup import SetUp

# What the customer of the login `customer` was billed in Xero: due in so many days.
_BILLED = [
    ("Oak cabinets, first delivery", "1840.00", -38),
    ("Oak cabinets, second delivery", "960.00", -12),
    ("Fitting on site", "420.50", 18),
]


class Online(SetUp):
    """Odoo's pretended payment provider, and the portal."""

    def take_online_payments(self):
        """Switch on Odoo's pretended payment provider; what it takes goes to Xero."""
        [module] = self._search("ir.module.module", [("name", "=", "payment_demo")])
        self._insist("ir.module.module", "button_immediate_install", module)
        company = self._read("xero.connection", self.connection, "company_id")[0]
        domain = [("code", "=", "demo"), ("company_id", "=", company[0])]
        providers = self._search("payment.provider", domain)
        values = {"state": "test", "is_published": True}
        self.odoo.call("payment.provider", "write", providers, values)
        self._tell("Online payments switched on: what customers pay is paid in Xero.")

    def be_paid_online(self):
        """A customer pays orders in Odoo: an invoiced one, a bit too much of it, and
        one that has no invoice yet."""
        bank = [("connection_id", "=", self.connection), ("account_type", "=", "BANK")]
        self._write(payment_account_id=self._search("xero.account", bank)[0])
        orders = self._find_orders(
            ("state", "=", "sale"),
            ("xero_payment_status", "=", "none"),
            ("opportunity_id", "=", False),
            limit=2,
        )
        if not orders:
            raise SetupError("The demo data has no confirmed order to be paid online.")
        self._press("sale.order", "action_create_xero_invoice", orders[0])
        for order, more in zip(orders, (25, 0), strict=False):
            self._pay_online(order, more)
        status = "xero_payment_status"
        wait_for(lambda: self._read("sale.order", orders[0], status) == ["paid"])
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
            f"{count(len(numbers), 'invoice')} more for {company[1]}; their people "
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
