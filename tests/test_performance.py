"""What the sync costs: SQL queries constant in n, calls to Xero counted.

Times are measured by dev/bench, never here.
"""

from contextlib import contextmanager

from odoo.fields import Command
from odoo.tests import tagged

from ..const import PULL_MODELS
from .common import XeroCommon


class PerformanceCase(XeroCommon):
    @contextmanager
    def counted(self):
        """Count the SQL queries of the block; yields a list that gets the number."""
        self.env.flush_all()
        self.env.invalidate_all()
        found, before = [], self.env.cr.sql_log_count
        yield found
        self.env.flush_all()
        found.append(self.env.cr.sql_log_count - before)

    def count_pull(self, *resources):
        """Fetch once to warm up what is read once per process; return the queries."""
        with self.counted() as queries:
            self.pull(*resources)
        return queries[0]

    def make_orders(self, number):
        """Return confirmed orders of one customer and product."""
        orders = self.env["sale.order"].create(
            [
                {
                    "partner_id": self.customer.id,
                    "order_line": [
                        Command.create(
                            {
                                "product_id": self.product.id,
                                "product_uom_qty": 1,
                                "price_unit": 100,
                                "tax_ids": [Command.set(self.tax.ids)],
                            }
                        )
                    ],
                }
                for _index in range(number)
            ]
        )
        orders.action_confirm()
        return orders

    def make_known(self):
        """Have the customer and the product in Xero."""
        self.map_reference_data()
        order = self._create_order()
        order.action_create_xero_invoice()
        self.assertEqual(self.link_of(order.xero_invoice_ids).state, "synced")
        self.xero.reset_calls()


@tagged("post_install", "-at_install")
class TestPullPerformance(PerformanceCase):
    def test_page_of_linked_and_unchanged_contacts(self):
        """Not one query more for 500 contacts than for 10."""
        counts = {}
        for number in (10, 100, 500):
            self.org.add_contacts(number - len(self.org.contacts))
            self.pull("Contacts")
            counts[number] = self.count_pull("Contacts")
        self.assertEqual(len(set(counts.values())), 1, counts)

    def test_page_of_new_contacts(self):
        """Only Odoo's own create grows, by one INSERT for each few hundred rows."""
        self.org.add_contacts(1, "Warm")
        self.pull("Contacts")
        counts = {}
        for number in (10, 200):
            self.org.add_contacts(number, f"New{number}")
            counts[number] = self.count_pull("Contacts")
        self.assertLess(counts[200] - counts[10], 8, counts)
        self.assertLess(counts[200], 55, counts)

    def test_links_do_not_slow_down_a_page_of_new_contacts(self):
        """A page costs the same, however much is synced already."""
        counts = []
        for name in "Aa", "Bb", "Cc":
            self.org.add_contacts(50, name)
            counts.append(self.count_pull("Contacts"))
        self.assertEqual(counts[1], counts[2])

    def test_page_of_contacts_with_the_same_change(self):
        """Changes that are alike are written together."""
        self.org.add_contacts(50)
        self.pull("Contacts")
        counts = {}
        for number in (5, 40):
            for contact in list(self.org.contacts.values())[:number]:
                self.org.touch(contact, AccountNumber="", TaxNumber=f"1-2-{number}")
            counts[number] = self.count_pull("Contacts")
        self.assertLess(counts[40] - counts[5], 15, counts)
        partners = self.env["res.partner"].search([("vat", "=", "1-2-40")])
        self.assertEqual(len(partners), 40)

    def test_page_of_contacts_that_changed_each_on_its_own(self):
        """A changed partner costs what Odoo's own overrides of `write` ask, not what
        finding all that depends on it costs."""
        self.org.add_contacts(60)
        self.pull("Contacts")
        counts = {}
        for number in (10, 60):
            for index, contact in enumerate(list(self.org.contacts.values())[:number]):
                street = f"{index} Round {number} Street"
                self.org.touch(
                    contact,
                    Name=f"Renamed {index} {number}",
                    Addresses=[{"AddressType": "POBOX", "AddressLine1": street}],
                )
            counts[number] = self.count_pull("Contacts")
        self.assertLess(counts[60] - counts[10], 50 * 2, counts)
        names = self.env["res.partner"].search_count([("name", "like", "Renamed % 60")])
        self.assertEqual(names, 60)

    def test_page_of_changed_invoices(self):
        self.map_reference_data()
        self.org.add_contacts(3)
        self.pull("Contacts")
        contacts = list(self.org.contacts.values())
        counts = {}
        for number in (5, 50):
            for index in range(number):
                self.org.add_invoice(contacts[index % 3], 100, Status="AUTHORISED")
            self.pull("Invoices")
            for invoice in list(self.org.invoices.values())[-number:]:
                self.org.pay(invoice, 10)
            counts[number] = self.count_pull("Invoices")
        self.assertLess(counts[50] - counts[5], 20, counts)
        paid = self.env["xero.invoice"].search([("amount_paid", "=", 10)])
        self.assertEqual(len(paid), 55)

    def test_page_of_unchanged_invoices(self):
        self.org.add_contacts(1)
        [contact] = self.org.contacts.values()
        counts = {}
        for number in (5, 50):
            while len(self.org.invoices) < number:
                self.org.add_invoice(contact, 100, Status="AUTHORISED")
            self.pull("Contacts", "Invoices")
            counts[number] = self.count_pull("Invoices")
        self.assertEqual(counts[5], counts[50])

    def test_nothing_changed_costs_a_call_a_resource_and_writes_nothing(self):
        """Bar 3: partners, products and orders are not touched, nothing is logged."""
        self.org.add_contacts(5)
        self.org.add_item(Code="TOTARA", Name="Totara Stool")
        self.make_known()
        self.make_orders(1).action_create_xero_invoice()
        everything = list(PULL_MODELS)
        self.pull(*everything)
        self.pull(*everything)
        before = self.read_all()
        self.xero.reset_calls()
        self.pull(*everything)
        self.push()
        for route, calls in self.xero.calls.items():
            self.assertEqual((route.split()[0], calls), ("GET", 1), route)
        self.assertEqual(len(self.xero.calls), len(everything))
        self.assertEqual(self.read_all(), before)

    def read_all(self):
        """Return when each record was written last, and how much is logged."""
        models = (
            "res.partner",
            "product.product",
            "product.template",
            "sale.order",
            "xero.invoice",
            "xero.link",
            "xero.account",
            "xero.tax.rate",
        )
        stamps = {
            name: self.env[name]
            .with_context(active_test=False)
            .search([])
            .mapped(lambda record: (record.id, record.write_date))
            for name in models
        }
        return stamps, self.env["xero.log"].search_count([])


@tagged("post_install", "-at_install")
class TestPushPerformance(PerformanceCase):
    def prepare(self):
        super().prepare()
        self.make_known()

    def test_invoice_of_a_known_customer_and_item_costs_one_call(self):
        order = self._create_order()
        order.action_create_xero_invoice()
        self.assertEqual(dict(self.xero.calls), {"PUT Invoices": 1})

    def test_fifty_orders_are_one_call(self):
        orders = self.make_orders(50)
        orders.action_create_xero_invoice()
        self.assertEqual(dict(self.xero.calls), {"PUT Invoices": 1})
        self.assertEqual(len(self.org.invoices), 51)

    def test_fifty_changed_customers_are_one_call(self):
        partners = self.env["res.partner"].create(
            [{"name": f"Pukeko {number}"} for number in range(50)]
        )
        partners.action_xero_push()
        self.assertEqual(self.xero.calls["PUT Contacts"], 1)
        self.xero.reset_calls()
        partners.write({"city": "Napier"})
        self.push()
        self.assertEqual(dict(self.xero.calls), {"POST Contacts": 1})

    def test_queries_of_a_push_grow_little(self):
        """A customer more costs none, a batch of fifty more some thirty."""
        counts = {}
        for number in (5, 50, 100, 150):
            partners = self.env["res.partner"].create(
                [{"name": f"Kea {number} {index}"} for index in range(number)]
            )
            links = self.env["xero.link"]._ensure(self.connection, partners)
            self.push()
            partners.write({"city": "Napier"})
            with self.counted() as queries:
                self.push()
            self.assertEqual(set(links.mapped("state")), {"synced"})
            counts[number] = queries[0]
        self.assertLessEqual(counts[50] - counts[5], 1, counts)
        self.assertLessEqual(counts[100] - counts[50], 35, counts)
        self.assertLessEqual(counts[150] - counts[100], 35, counts)


@tagged("post_install", "-at_install")
class TestScreenPerformance(PerformanceCase):
    def prepare(self):
        super().prepare()
        self.org.add_contacts(100)
        self.map_reference_data()
        for contact in list(self.org.contacts.values())[:20]:
            self.org.add_invoice(
                contact,
                100,
                Status="AUTHORISED",
                Date="2024-01-01",
                DueDate="2024-02-01",
            )
        self.pull("Contacts", "Invoices")

    def count_read(self, records, fields):
        records.web_read({name: {} for name in fields})
        with self.counted() as queries:
            records.web_read({name: {} for name in fields})
        return queries[0]

    def test_customer_list(self):
        fields = [
            "name",
            "xero_balance",
            "xero_overdue_balance",
            "xero_sync_state",
            "xero_contact_id",
            "xero_error",
        ]
        partners = self.env["res.partner"].search([("email", "=like", "customer0%")])
        self.assertEqual(len(partners), 100)
        counts = {
            number: self.count_read(partners[:number], fields)
            for number in (1, 10, 100)
        }
        self.assertEqual(len(set(counts.values())), 1, counts)

    def test_order_list(self):
        orders = self.make_orders(30)
        orders[:20].action_create_xero_invoice()
        fields = [
            "name",
            "xero_payment_status",
            "xero_amount_due",
            "xero_invoice_number",
            "xero_error",
            "xero_can_invoice",
            "xero_overdue_balance",
        ]
        counts = {
            number: self.count_read(orders[:number], fields) for number in (2, 30)
        }
        self.assertEqual(len(set(counts.values())), 1, counts)

    def test_invoice_list(self):
        fields = ["number", "partner_id", "payment_status", "xero_sync_state"]
        invoices = self.env["xero.invoice"].search([])
        counts = {
            number: self.count_read(invoices[:number], fields) for number in (2, 20)
        }
        self.assertEqual(len(set(counts.values())), 1, counts)
