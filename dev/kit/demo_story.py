"""What the demo does, as people would by clicking, and what it tells about it."""

import datetime
import time

from .console import SetupError
from .demo_desk import count, wait_for
from .demo_online import Online
from .demo_setup import ORGANISATION

_DAYS_LATE = 12


class Story(Online):
    """An administrator at work in Odoo, and an accountant in Xero."""

    def tell(self):
        """Connect, sync, invoice, take a payment, quote.

        :return: what came of it, in lines
        :raise SetupError: where something did not go as it must
        """
        self.xero.post_json("/_control/reset", ORGANISATION)
        self.make_logins()
        self.connect()
        self.switch_webhooks_on()
        self.first_sync()
        self.send_customers()
        self.hand_deals_over()
        self.invoice_an_order()
        self.take_a_payment()
        self.take_online_payments()
        self.be_paid_online()
        self.quote_and_be_accepted()
        self.bill_the_customer()
        self.wait_for_a_deal()
        self.tell_salespeople()
        return "".join(f"  * {sentence}\n" for sentence in self.told)

    def invoice_an_order(self):
        """Press Create Xero Invoice on a confirmed order, delivered as all of them."""
        self._deliver_orders()
        [self.order] = self._find_orders(
            ("state", "=", "sale"),
            ("xero_payment_status", "in", (False, "none")),
            ("opportunity_id", "=", False),
            limit=1,
        ) or [None]
        if not self.order:
            raise SetupError("The demo data has no confirmed order to invoice.")
        self.number, money = self._invoice(self.order)
        [name] = self._read("sale.order", self.order, "name")
        self._tell(f"1 invoice created in Xero: {self.number} over {money} for {name}.")

    def _invoice(self, order):
        """Press Create Xero Invoice on an order.

        :return: the invoice's number, and its amount as text
        """
        self._press("sale.order", "action_create_xero_invoice", order)
        [invoice] = self._search("xero.invoice", [("order_id", "=", order)])
        fields = ("number", "xero_error")
        wait_for(lambda: any(self._read("xero.invoice", invoice, *fields)))
        number, problem = self._read("xero.invoice", invoice, *fields)
        if not number:
            [name] = self._read("sale.order", order, "name")
            raise SetupError(f"Order {name} got no invoice in Xero: {problem}")
        total, currency = self._read(
            "xero.invoice", invoice, "amount_total", "currency_id"
        )
        return number, f"{total:,.2f} {currency[1]}"

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
        wait_for(lambda: self._money()[0] == "paid")
        seconds = time.monotonic() - began
        after = self._money()
        if after[0] != "paid":
            raise SetupError(f"The order is {after[0]!r} after its payment: {answer}")
        self._tell(
            f"Payment recorded in Xero: {seconds:.1f} s later the order went from "
            f"{before[0]} to {after[0]}, "
            f"the customer's balance from {before[1]:,.2f} to {after[1]:,.2f}."
        )

    def quote_and_be_accepted(self):
        """Send quotations to Xero as quotes; the customer of one presses Accept."""
        orders = self._find_orders(("state", "=", "draft"), limit=2)
        if not orders:
            raise SetupError("The demo data has no quotation to send.")
        self._press("sale.order", "action_quotation_sent", orders)
        self._press("sale.order", "action_create_xero_quote", orders)
        fields = ("xero_quote_number", "xero_quote_error", "name")
        wait_for(
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
            f"{count(len(orders), 'quotation')} sent to Xero as quotes; the customer "
            f"of {name} accepted {number} there, and its salesperson is told."
        )

    def wait_for_a_deal(self):
        """Invoice a won deal, whose customer lets the due date pass."""
        orders = self._find_orders(
            ("state", "=", "sale"),
            ("xero_payment_status", "=", "none"),
            ("opportunity_id.won_status", "=", "won"),
            limit=1,
        )
        if not orders:
            raise SetupError("The demo data has no won deal to invoice.")
        number, money = self._invoice(orders[0])
        due = datetime.date.today() - datetime.timedelta(days=_DAYS_LATE)
        dates = {"Date": str(due - datetime.timedelta(days=30)), "DueDate": str(due)}
        update = {"invoice": number, "fields": dates}
        self.xero.post_json("/_control/invoice/update", update)
        self._sync()
        status, deal = self._read(
            "sale.order", orders[0], "xero_payment_status", "opportunity_id"
        )
        if status != "overdue":
            raise SetupError(f"Invoice {number} is {status!r} long after it was due.")
        self._tell(
            f"{number} over {money} for the won deal {deal[1]} is {_DAYS_LATE} days "
            "overdue."
        )

    def tell_salespeople(self):
        """Let a day begin: whoever sells to the customer is told what is overdue."""
        [accountant] = self._search("res.users", [("login", "=", "accountant")])
        due = datetime.date.today() - datetime.timedelta(days=_DAYS_LATE)
        self._write(
            alert_user_id=accountant,
            alert_quiet_days="none",  # on whatever day the demo is shown
            overdue_since=str(due),  # as if it had been connected for a while
        )
        cron = self._ref("xero_crm.ir_cron_xero_overdue")
        self._insist("ir.cron", "method_direct_trigger", cron)
        told = {}
        for login in ("sales", "accountant"):
            domain = [("user_id.login", "=", login), ("kind", "=", "overdue")]
            told[login] = self.odoo.call("xero.alert", "search_count", domain)
        if not told["sales"]:
            raise SetupError("The sales rep was not told of the overdue deal.")
        self._tell(
            f"The sales rep has an activity for the overdue deal, and a message about "
            f"the payment; {count(told['accountant'], 'overdue invoice')} without a "
            "salesperson went to the accountant."
        )
