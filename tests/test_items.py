from decimal import Decimal

from odoo import Command
from odoo.tests import tagged

from .common import XeroCommon


class ItemCase(XeroCommon):
    """Only the tests' own products take part, with accounts and taxes mapped."""

    def prepare(self):
        super().prepare()
        others = self.env["product.product"].search([("id", "!=", self.product.id)])
        others.xero_do_not_sync = True
        self.map_reference_data()
        # Another tax of the database may have been mapped to the same rate.
        self.connection.tax_map_ids.filtered(lambda r: r.tax_id != self.tax).unlink()
        self.sales, self.other_sales, self.purchases = (
            self.connection.account_ids.filtered(lambda a, c=code: a.code == c)
            for code in ("200", "260", "300")
        )
        self.xero.reset_calls()

    def send(self, products=None):
        """Queue the products and send what waits."""
        products = self.product if products is None else products
        links = self.env["xero.link"]
        links._ensure(self.connection, products)._mark_pending()
        self.push()

    def get_item(self, code="RIMU-1"):
        [item] = [row for row in self.org.items.values() if row["Code"] == code]
        return item

    def update_item(self, item, **fields):
        """Somebody edits an item in Xero."""
        self.org._save(
            "Items", {"ItemID": item["ItemID"], "Code": item["Code"], **fields}
        )

    def create_variants(self, name="Totara Desk", codes=("D-S", "D-A")):
        attribute = self.env["product.attribute"].create(
            {
                "name": "Legs",
                "value_ids": [
                    Command.create({"name": "Steel"}),
                    Command.create({"name": "Aluminium", "default_extra_price": 50}),
                ],
            }
        )
        template = self.env["product.template"].create(
            {
                "name": name,
                "list_price": 100,
                "attribute_line_ids": [
                    Command.create(
                        {
                            "attribute_id": attribute.id,
                            "value_ids": [Command.set(attribute.value_ids.ids)],
                        }
                    )
                ],
            }
        )
        for product, code in zip(template.product_variant_ids, codes, strict=True):
            product.default_code = code
        return template.product_variant_ids


@tagged("post_install", "-at_install")
class TestItemsOut(ItemCase):
    def test_everything_that_both_sides_know_is_sent(self):
        purchase_tax = self.tax.copy(
            {"name": "GST on purchases", "type_tax_use": "purchase"}
        )
        rate = self.connection.tax_rate_ids.filtered(lambda r: r.tax_type == "INPUT2")
        self.env["xero.tax.map"].create(
            {
                "connection_id": self.connection.id,
                "tax_id": purchase_tax.id,
                "tax_rate_id": rate.id,
            }
        )
        self.product.write(
            {
                "description_sale": "Solid rimu\n2 m",
                "description_purchase": "From the mill",
                "standard_price": 99.5,
                "xero_account_id": self.other_sales.id,
                "xero_purchase_account_id": self.purchases.id,
                "supplier_taxes_id": [Command.set(purchase_tax.ids)],
            }
        )
        self.send()
        item = self.get_item()
        self.assertEqual(
            {key: item[key] for key in ("Name", "Description", "PurchaseDescription")},
            {
                "Name": "Rimu Table",
                "Description": "Solid rimu\n2 m",
                "PurchaseDescription": "From the mill",
            },
        )
        self.assertEqual(
            item["SalesDetails"],
            {"UnitPrice": Decimal("250"), "AccountCode": "260", "TaxType": "OUTPUT2"},
        )
        self.assertEqual(
            item["PurchaseDetails"],
            {"UnitPrice": Decimal("99.5"), "AccountCode": "300", "TaxType": "INPUT2"},
        )
        self.assertEqual(self.link_of(self.product).state, "synced")

    def test_nothing_is_sent_twice_and_a_fetch_brings_nothing_back(self):
        self.product.write({"standard_price": 80, "description_sale": "Rimu"})
        self.send()
        self.xero.reset_calls()
        self.pull("Items")
        self.send()
        self.assertFalse([c for c in self.xero.calls if not c.startswith("GET")])
        self.assertEqual(self.product.list_price, 250)

    def test_only_what_changed_goes_and_only_of_products_that_changed(self):
        others = self.env["product.product"].create(
            [{"name": f"P{n}", "default_code": f"P-{n}"} for n in range(5)]
        )
        self.send(self.product | others)
        self.xero.reset_calls()
        others[0].list_price = 12
        self.push()
        self.assertEqual(self.xero.calls["POST Items"], 1)
        logs = self.env["xero.log"].search(
            [("res_model", "=", "product.product"), ("operation", "=", "update")]
        )
        self.assertEqual(logs.res_id, others[0].id)
        self.assertEqual(self.get_item("P-0")["SalesDetails"]["UnitPrice"], 12)

    def test_sending_many_costs_no_query_for_each(self):
        def create(prefix, count):
            return self.env["product.product"].create(
                [
                    {"name": f"P{n}", "default_code": f"{prefix}-{n}", "list_price": n}
                    for n in range(count)
                ]
            )

        self.send(create("W", 3))  # caches
        counts = []
        for prefix, size in (("A", 5), ("B", 45)):
            products = create(prefix, size)
            self.env["xero.link"]._ensure(self.connection, products)._mark_pending()
            self.env.flush_all()
            self.env.invalidate_all()
            start = self.cr.sql_log_count
            self.push()
            counts.append(self.cr.sql_log_count - start)
        few, many = counts
        # What is written to links and log is written for each.
        self.assertLess((many - few) / 40, 4)

    def test_switched_off_and_on_again_keeps_what_belongs_to_the_side(self):
        self.product.write({"description_sale": "Rimu", "purchase_ok": True})
        self.send()
        self.product.sale_ok = False
        self.push()
        self.assertFalse(self.get_item()["IsSold"])
        self.pull("Items")
        self.assertEqual(self.product.list_price, 250)
        self.assertEqual(self.product.description_sale, "Rimu")
        self.product.sale_ok = True
        self.push()
        item = self.get_item()
        self.assertTrue(item["IsSold"])
        self.assertEqual(item["Description"], "Rimu")
        self.assertEqual(item["SalesDetails"]["UnitPrice"], 250)

    def test_price_in_another_currency_is_neither_sent_nor_fetched(self):
        other = (
            self.env["res.currency"]
            .with_context(active_test=False)
            .search([("id", "!=", self.env.company.currency_id.id)], limit=1)
        )
        self.connection.base_currency_id = other
        self.send()
        item = self.get_item()
        self.assertNotIn("UnitPrice", item["SalesDetails"])
        self.update_item(item, SalesDetails={"UnitPrice": 999}, Name="Renamed")
        self.pull("Items")
        self.assertEqual(self.product.name, "Renamed")
        self.assertEqual(self.product.list_price, 250)


@tagged("post_install", "-at_install")
class TestItemsIn(ItemCase):
    def test_new_item_becomes_a_product_with_all_it_has(self):
        self.org.add_item(
            "KAURI-9",
            Name="Kauri Stool",
            Description="Low stool",
            PurchaseDescription="Bought in",
            IsPurchased=True,
            SalesDetails={"UnitPrice": 90, "AccountCode": "260", "TaxType": "OUTPUT2"},
            PurchaseDetails={"UnitPrice": 40, "AccountCode": "300"},
        )
        self.pull("Items")
        product = self.env["product.product"].search([("default_code", "=", "KAURI-9")])
        self.assertRecordValues(
            product,
            [
                {
                    "name": "Kauri Stool",
                    "description_sale": "Low stool",
                    "description_purchase": "Bought in",
                    "list_price": 90,
                    "standard_price": 40,
                    "sale_ok": True,
                    "purchase_ok": True,
                    "xero_account_id": self.other_sales.id,
                    "xero_purchase_account_id": self.purchases.id,
                }
            ],
        )
        taxes = product.taxes_id.filtered(lambda t: t.company_id == self.env.company)
        self.assertEqual(taxes, self.tax)
        self.xero.reset_calls()
        self.send(product)
        self.assertFalse([c for c in self.xero.calls if not c.startswith("GET")])

    def test_price_of_four_decimals_stays_one_on_both_sides(self):
        self.org.add_item(
            Code="SCREW", Name="Screw", SalesDetails={"UnitPrice": "0.0375"}
        )
        for _round in range(2):
            self.pull("Items")
            self.push()
        product = self.env["product.product"].search([("default_code", "=", "SCREW")])
        self.assertAlmostEqual(product.list_price, 0.0375)
        self.assertFalse(self.xero.calls["POST Items"])
        price = self.get_item("SCREW")["SalesDetails"]["UnitPrice"]
        self.assertAlmostEqual(float(price), 0.0375)
        product.list_price = 0.0525
        self.push()
        price = self.get_item("SCREW")["SalesDetails"]["UnitPrice"]
        self.assertAlmostEqual(float(price), 0.0525)

    def test_change_in_xero_arrives_field_by_field(self):
        self.product.standard_price = 80
        self.send()
        item = self.get_item()
        self.product.description_sale = "Said in Odoo"
        self.update_item(
            item,
            PurchaseDescription="Said in Xero",
            SalesDetails={"UnitPrice": 275, "AccountCode": "260", "TaxType": "OUTPUT2"},
        )
        self.pull("Items")
        self.push()
        self.assertEqual(self.product.list_price, 275)
        self.assertEqual(self.product.xero_account_id, self.other_sales)
        self.assertEqual(self.product.description_purchase, "Said in Xero")
        self.assertEqual(self.product.description_sale, "Said in Odoo")
        self.assertEqual(self.get_item()["Description"], "Said in Odoo")

    def test_taxes_of_other_companies_stay(self):
        company = self.env["res.company"].create({"name": "Elsewhere Ltd"})
        foreign = self.tax.copy({"company_id": company.id, "name": "Elsewhere"})
        second = self.tax.copy({"name": "Zero", "amount": 0})
        zero = self.connection.tax_rate_ids.filtered(
            lambda r: r.tax_type == "ZERORATED"
        )
        rows = self.connection.tax_map_ids
        rows.filtered(lambda row: row.tax_id == second).tax_rate_id = zero
        self.product.taxes_id |= foreign
        self.send()
        self.assertEqual(self.get_item()["SalesDetails"]["TaxType"], "OUTPUT2")
        self.update_item(
            self.get_item(), SalesDetails={"UnitPrice": 250, "TaxType": "ZERORATED"}
        )
        self.pull("Items")
        self.assertEqual(self.product.taxes_id, second | foreign)

    def test_tax_that_odoo_does_not_know_is_left_alone_on_both_sides(self):
        item = self.org.add_item(
            "RIMU-1",
            Name="Rimu Table",
            SalesDetails={"UnitPrice": 250, "TaxType": "ZERORATED"},
        )
        self.pull("Items")
        self.assertEqual(self.product.taxes_id, self.tax)
        self.product.description_sale = "New text"
        self.push()
        self.assertEqual(item["SalesDetails"]["TaxType"], "ZERORATED")
        self.assertEqual(item["Description"], "New text")

    def test_code_changed_on_one_side_the_link_decides(self):
        self.send()
        self.product.default_code = "RIMU-2"
        self.push()
        self.assertEqual(len(self.org.items), 1)
        item = self.get_item("RIMU-2")
        self.update_item({**item, "Code": "RIMU-3"})
        self.pull("Items")
        self.assertEqual(self.product.default_code, "RIMU-3")
        self.assertEqual(len(self.org.items), 1)

    def test_code_in_other_letters_is_the_same_code(self):
        self.org.add_item("rimu-1", "250.00", Name="Rimu Table")
        self.pull("Items")
        products = self.env["product.product"].search(
            [("default_code", "ilike", "RIMU-1")]
        )
        self.assertEqual(products, self.product)
        self.assertTrue(products.xero_item_id)

    def test_archived_product_is_not_made_a_second_time(self):
        self.product.active = False
        self.org.add_item("RIMU-1", "250.00", Name="Rimu Table")
        self.pull("Items")
        products = self.env["product.product"].with_context(active_test=False)
        found = products.search([("default_code", "=", "RIMU-1")])
        self.assertEqual(found, self.product)
        self.assertFalse(found.active)
        self.assertTrue(found.xero_item_id)

    def test_a_page_of_items_costs_the_same_queries_for_many(self):
        def pull(prefix, count):
            for number in range(count):
                self.org.add_item(f"{prefix}{number}", "5.00", Name=f"{prefix}{number}")
            self.env.flush_all()
            self.env.invalidate_all()
            start = self.cr.sql_log_count
            self.pull("Items")
            return self.cr.sql_log_count - start

        pull("W", 2)
        few, many = pull("A", 5), pull("B", 60)
        self.assertLess((many - few) / 55, 3)


@tagged("post_install", "-at_install")
class TestTrackedItems(ItemCase):
    def prepare(self):
        super().prepare()
        self.item = self.org.add_tracked_item(
            "RIMU-1",
            7,
            Name="Rimu Table",
            SalesDetails={"UnitPrice": 250, "AccountCode": "200"},
        )
        self.pull("Items")

    def test_quantity_is_read(self):
        self.assertEqual(self.product.xero_quantity_on_hand, 7)
        self.assertTrue(self.product.xero_is_tracked)
        self.assertEqual(self.product.standard_price, 10)

    def test_a_push_does_not_touch_what_xero_keeps(self):
        before = dict(self.item["PurchaseDetails"])
        self.product.write(
            {
                "list_price": 300,
                "standard_price": 55,
                "purchase_ok": False,
                "xero_purchase_account_id": self.purchases.id,
                "description_sale": "Sent",
            }
        )
        self.push()
        link = self.link_of(self.product)
        self.assertEqual((link.state, link.error), ("synced", False))
        item = self.get_item()
        self.assertEqual(item["SalesDetails"]["UnitPrice"], 300)
        self.assertEqual(item["Description"], "Sent")
        self.assertEqual(item["PurchaseDetails"], before)
        self.assertTrue(item["IsTrackedAsInventory"])

    def test_simulated_xero_refuses_what_would_break_it(self):
        messages = []
        items = self.org.items[self.item["ItemID"]]
        self.assertTrue(items["IsTrackedAsInventory"])
        payload = {"ItemID": self.item["ItemID"], "Code": "RIMU-1"}
        for broken in (
            {"PurchaseDetails": {"AccountCode": "300", "COGSAccountCode": "310"}},
            {"PurchaseDetails": {"UnitPrice": 1}},
            {"IsPurchased": False},
        ):
            with self.assertRaises(Exception) as caught:
                self.org._save("Items", {**payload, **broken})
            messages.append(str(caught.exception))
        self.assertEqual(len(messages), 3)


@tagged("post_install", "-at_install")
class TestVariants(ItemCase):
    def test_each_variant_is_an_item_of_its_own_name_and_price(self):
        self.send(self.create_variants())
        self.assertEqual(
            {
                row["Code"]: (row["Name"], row["SalesDetails"]["UnitPrice"])
                for row in self.org.items.values()
            },
            {
                "D-S": ("Totara Desk (Steel)", 100),
                "D-A": ("Totara Desk (Aluminium)", 150),
            },
        )

    def test_cut_names_still_tell_variants_apart_and_the_cut_is_shown(self):
        variants = self.create_variants(name="Adjustable desk for two people " * 2)
        self.send(variants)
        names = [row["Name"] for row in self.org.items.values()]
        self.assertEqual(len(set(names)), 2)
        self.assertTrue(all(len(name) <= 50 for name in names))
        self.assertEqual(variants.mapped("xero_item_name"), names)
        self.assertTrue(all(variants.mapped("xero_name_is_cut")))
        self.assertFalse(self.product.xero_name_is_cut)

    def test_what_variants_share_is_not_changed_by_one_of_their_items(self):
        variants = self.create_variants()
        self.send(variants)
        item = self.get_item("D-A")
        self.update_item(
            item,
            Name="Only this one",
            SalesDetails={"UnitPrice": 1, "AccountCode": "260"},
            PurchaseDetails={"UnitPrice": 33},
        )
        self.pull("Items")
        self.assertEqual(variants.product_tmpl_id.name, "Totara Desk")
        self.assertEqual(variants.mapped("lst_price"), [100, 150])
        # What is the variant's own arrives.
        self.assertEqual(variants[1].standard_price, 33)
        self.assertEqual(variants[1].xero_account_id, self.other_sales)
        self.assertFalse(variants[0].xero_account_id)

    def test_extra_price_of_a_changed_value_is_sent(self):
        variants = self.create_variants()
        self.send(variants)
        variants.product_tmpl_id.list_price = 120
        self.push()
        self.assertEqual(self.get_item("D-A")["SalesDetails"]["UnitPrice"], 170)

    def test_archived_variant_is_not_fetched_as_new(self):
        variants = self.create_variants()
        self.send(variants)
        variants[1].active = False
        self.update_item(self.get_item("D-A"), Description="Edited")
        self.pull("Items")
        products = self.env["product.product"].with_context(active_test=False)
        self.assertEqual(products.search_count([("default_code", "=", "D-A")]), 1)


@tagged("post_install", "-at_install")
class TestRefusedProducts(ItemCase):
    def create_twin(self):
        return self.env["product.product"].create(
            {"name": "Rimu Copy", "default_code": "RIMU-1"}
        )

    def test_long_code_names_the_field_and_the_limit(self):
        self.product.default_code = "C" * 34
        self.send()
        link = self.link_of(self.product)
        self.assertEqual(link.state, "error")
        self.assertIn("internal reference", link.error)
        self.assertIn("34", link.error)
        self.assertIn("30", link.error)
        self.product.default_code = "C" * 30
        self.push()
        self.assertEqual(self.link_of(self.product).state, "synced")

    def test_same_code_twice_is_refused_before_it_goes(self):
        twin = self.create_twin()
        self.send(self.product | twin)
        self.assertFalse(self.org.items)
        self.assertIn("Rimu Copy", self.link_of(self.product).error)
        twin.default_code = "RIMU-2"
        self.push()
        self.product.name = "Rimu Table 2"
        self.push()
        self.assertEqual(
            {row["Code"] for row in self.org.items.values()}, {"RIMU-1", "RIMU-2"}
        )

    def test_of_two_with_one_code_the_linked_one_goes_on(self):
        self.send()
        twin = self.create_twin()
        self.send(self.product | twin)
        self.product.list_price = 260
        self.push()
        self.assertEqual(self.get_item()["SalesDetails"]["UnitPrice"], 260)
        self.assertEqual(self.link_of(twin).state, "error")
