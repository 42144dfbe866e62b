from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .test_items import ItemCase


class ItemCheckCase(ItemCase):
    def check(self, products=None, user=None):
        products = self.product if products is None else products
        action = products.with_user(
            user or self.user_accountant
        ).action_check_xero_mapping()
        return (
            self.env[action["res_model"]]
            .with_user(user or self.user_accountant)
            .browse(action["res_id"])
        )


@tagged("post_install", "-at_install")
class TestItemCheck(ItemCheckCase):
    """After changes: what differs, and each suggestion carried out."""

    def test_in_step(self):
        self.send()
        self.xero.reset_calls()
        check = self.check()
        self.assertEqual(self.xero.calls, {"GET Items": 1})
        self.assertRecordValues(check.line_ids, [{"state": "same", "action": False}])
        self.assertEqual((check.same_count, check.differ_count), (1, 0))

    def test_check_stays_with_its_organisation(self):
        other = self._connect(
            self.xero.add_organisation("Other (NZ)"),
            self.env["res.company"].create({"name": "Other"}),
        )
        self.send()
        check = self.check()
        with self.assertRaises(AccessError):
            check.connection_id = other
        with self.assertRaises(AccessError):
            check.line_ids.check_id = False
        check.partner_id = self.env["res.partner"].create({"name": "Tui"})

    def test_changed_in_odoo_is_suggested_to_be_sent(self):
        self.send()
        self.product.write({"name": "Renamed", "list_price": 300})
        line = self.check().line_ids
        self.assertRecordValues(line, [{"state": "differs", "action": "send"}])
        self.assertIn("Renamed", line.odoo_values)
        self.assertIn("Rimu Table", line.xero_values)
        self.assertEqual(len(line.differs.splitlines()), 2)
        line.action_apply()
        self.assertEqual(self.get_item()["Name"], "Renamed")
        self.assertEqual(self.get_item()["SalesDetails"]["UnitPrice"], 300)
        self.assertEqual(self.check().line_ids.state, "same")

    def test_changed_in_xero_is_suggested_to_be_fetched(self):
        self.send()
        self.update_item(self.get_item(), Name="From Xero")
        line = self.check().line_ids
        self.assertRecordValues(line, [{"state": "differs", "action": "fetch"}])
        line.action_apply()
        self.assertEqual(self.product.name, "From Xero")
        self.assertEqual(line.state, "same")

    def test_a_person_may_decide_otherwise(self):
        self.send()
        self.update_item(self.get_item(), Name="From Xero")
        line = self.check().line_ids
        line.action = "send"
        line.action_apply()
        self.assertEqual(self.get_item()["Name"], "Rimu Table")
        self.product.list_price = 999
        line = self.check().line_ids
        line.action = "fetch"
        line.action_apply()
        self.assertEqual(self.product.list_price, 250)

    def test_both_sides_changed_other_fields(self):
        self.send()
        self.update_item(self.get_item(), Name="From Xero")
        self.product.list_price = 300
        line = self.check().line_ids
        self.assertEqual(line.action, "merge")
        line.action_apply()
        self.assertEqual(self.product.name, "From Xero")
        self.assertEqual(self.get_item()["SalesDetails"]["UnitPrice"], 300)
        self.assertEqual(self.product.list_price, 300)

    def test_conflict_is_a_persons_choice(self):
        self.send()
        self.connection.conflict_policy = "ask"
        self.update_item(self.get_item(), Name="From Xero")
        self.product.name = "From Odoo"
        line = self.check().line_ids
        self.assertRecordValues(line, [{"state": "differs", "action": False}])
        with self.assertRaisesRegex(UserError, "Choose what to do"):
            line.action_apply()

    def test_not_linked_gone_and_linked_again(self):
        line = self.check().line_ids
        self.assertRecordValues(line, [{"state": "unlinked", "action": "send"}])
        line.action_apply()
        self.assertTrue(self.get_item())
        # Somebody deletes the item in Xero and makes it anew.
        for again in (False, True):
            self.org.items.drop(self.get_item()["ItemID"])
            if again:
                self.org.add_item("RIMU-1", "250.00", Name="Rimu Table")
            line = self.check().line_ids
            self.assertEqual(line.state, "gone")
            self.assertEqual(line.action, "link" if again else "send")
            line.action_apply()
            self.assertEqual(self.product.xero_item_id, self.get_item()["ItemID"])

    def test_code_is_given_in_the_list(self):
        self.product.default_code = False
        self.user_accountant.group_ids += self.env.ref("product.group_product_manager")
        line = self.check().line_ids
        self.assertRecordValues(line, [{"state": "no_code", "action": "code"}])
        with self.assertRaisesRegex(UserError, "Enter the new code"):
            line.action_apply()
        line.new_code = "RIMU-9"
        line.action_apply()
        self.assertEqual(self.product.default_code, "RIMU-9")
        self.assertRecordValues(line, [{"state": "unlinked", "action": "send"}])

    def test_archived_product(self):
        self.send()
        self.product.active = False
        line = self.check().line_ids
        self.assertRecordValues(line, [{"state": "archived", "action": "exclude"}])
        line.action_apply()
        self.assertTrue(self.product.xero_do_not_sync)
        self.assertEqual(line.state, "excluded")

    def test_refused_product_says_why(self):
        self.product.default_code = "L" * 31
        self.assertEqual(self.check().line_ids.state, "refused")
        self.assertIn("30", self.check().line_ids.message)

    def test_many_at_once_are_one_call_and_as_many_queries(self):
        def make(prefix, size):
            products = self.env["product.product"].create(
                [{"name": f"P{n}", "default_code": f"{prefix}{n}"} for n in range(size)]
            )
            self.send(products)
            products.name = "Renamed"
            self.env.flush_all()
            self.env.invalidate_all()
            self.xero.reset_calls()
            start = self.cr.sql_log_count
            check = self.check(products)
            self.assertEqual(self.xero.calls, {"GET Items": 1})
            self.assertEqual(check.action_count, size)
            self.env.flush_all()
            return check, self.cr.sql_log_count - start

        make("A", 2)
        few, many = make("B", 5)[1], make("C", 40)[1]
        self.assertLess(many - few, 10, (few, many))
        check = make("D", 10)[0]
        check.action_apply_all()
        self.assertEqual(
            {self.get_item(f"D{n}")["Name"] for n in range(10)}, {"Renamed"}
        )

    def test_all_products_from_the_connection(self):
        self.send()
        other = self.env["product.product"].create({"name": "X", "default_code": "X"})
        connection = self.connection.with_user(self.user_accountant)
        action = connection.action_check_items()
        check = self.env[action["res_model"]].browse(action["res_id"])
        self.assertEqual(check.line_ids.product_id, other, "what fits is not listed")
        self.assertEqual((check.same_count, check.differ_count), (1, 1))
        self.assertFalse(check.line_ids.action, "nobody asked for it to be created")
        check.with_user(self.user_accountant).action_check_again()
        self.assertEqual((check.same_count, check.differ_count), (1, 1))

    def test_only_accountants_and_only_choices(self):
        check = self.check()
        line = check.line_ids
        with self.assertRaises(AccessError):
            self.product.with_user(self.user_rep).action_check_xero_mapping()
        for method in ("action_apply", "action_open_record"):
            with self.assertRaises(AccessError):
                getattr(line.with_user(self.user_rep), method)()
        with self.assertRaises(AccessError):
            line.product_id = self.env["product.product"].create({"name": "Other"})
        with self.assertRaises(AccessError):
            line.write({"xero_id": "x"})
        # Accountants may not edit products by this list either.
        self.product.default_code = False
        line = self.check().line_ids
        line.new_code = "Y"
        with self.assertRaises(AccessError), self.cr.savepoint():
            line.action_apply()


@tagged("post_install", "-at_install")
class TestTestSale(ItemCheckCase):
    """A sale is tried on an order that never exists."""

    def run_test(self, products=None):
        check = self.check(products)
        check.action_test_sale()
        return check.sale_ids

    def test_shows_what_xero_would_compute(self):
        self.product.xero_account_id = self.other_sales
        self.product.list_price = 99.99
        self.assertRecordValues(
            self.run_test(),
            [
                {
                    "state": "ok",
                    "item_code": "RIMU-1",
                    "account_code": "260",
                    "tax_type": "OUTPUT2",
                    "unit_price": 99.99,
                    "tax": 15.0,
                    "total": 114.99,
                    "order_total": 114.99,
                }
            ],
        )

    def test_is_what_the_invoice_then_says(self):
        sale = self.run_test()
        order = self._create_order(
            order_line=[(0, 0, {"product_id": self.product.id, "product_uom_qty": 1})]
        )
        order.action_create_xero_invoice()
        [invoice] = self.org.invoices.values()
        self.assertEqual(float(invoice["Total"]), sale.total)
        [line] = invoice["LineItems"]
        self.assertEqual(
            (line["AccountCode"], line["TaxType"], line["ItemCode"]),
            (sale.account_code, sale.tax_type, sale.item_code),
        )

    def test_reasons_are_plain(self):
        self.connection.tax_map_ids.unlink()
        sale = self.run_test()
        self.assertEqual(sale.state, "refused")
        self.assertIn("GST 15%", sale.message)
        self.product.default_code = "L" * 31
        self.assertIn("30", self.run_test().message)

    def test_product_without_a_code_is_sold_by_its_text(self):
        self.product.default_code = False
        sale = self.run_test()
        self.assertEqual(sale.state, "ok")
        self.assertFalse(sale.item_code)
        self.assertEqual(sale.total, 287.5)

    def test_nothing_is_stored_and_nothing_is_sent(self):
        check = self.check()
        self.env.flush_all()
        orders = self.env["sale.order"].search_count([])
        self.xero.reset_calls()
        check.action_test_sale()
        self.env.flush_all()
        self.assertEqual(self.env["sale.order"].search_count([]), orders)
        self.assertFalse(self.xero.calls)
