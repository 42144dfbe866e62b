"""A quotation becomes a quote in Xero, and both follow each other."""

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tests.common import new_test_user

from .common import XeroCommon


class QuoteCase(XeroCommon):
    """A quotation over 575.00, whose tax is mapped."""

    def prepare(self):
        super().prepare()
        self.map_reference_data()
        self.order = self._create_order(confirm=False, user_id=self.user_rep.id)

    @property
    def wire(self):
        """The only quote in Xero."""
        [quote] = self.org.quotes.values()
        return quote

    @property
    def quote(self):
        return self.order.xero_quote_ids

    def send(self, *orders):
        """Send quotations, and forget the calls that it took."""
        for order in orders or [self.order]:
            order.action_create_xero_quote()
        self.xero.reset_calls()

    def sync(self):
        """Send what waits, then fetch what changed."""
        self.push()
        self.pull("Quotes")

    def assertWire(self, **expected):
        """Assert what the quote is in Xero, by wire names."""
        self.assertEqual({name: self.wire.get(name) for name in expected}, expected)


@tagged("post_install", "-at_install")
class TestQuotes(QuoteCase):
    def test_click_makes_a_quote_with_all_that_is_quoted(self):
        self.order.write(
            {
                "note": "<p>Half now,</p><p>half <b>later</b>.</p>",
                "client_order_ref": "PO-77",
                "validity_date": "2030-01-31",
                "date_order": "2029-12-31 08:00:00",
            }
        )
        self.order.with_user(self.user_rep).action_create_xero_quote()
        self.assertWire(
            Status="DRAFT",
            QuoteNumber="QU-0001",
            Reference=self.order.name,
            Title=f"Quotation {self.order.name}",
            Summary="Your reference: PO-77",
            Terms="Half now,\nhalf later.",
            DateString="2029-12-31T00:00:00",
            ExpiryDateString="2030-01-31T00:00:00",
            CurrencyCode=self.order.currency_id.name,
            LineAmountTypes="EXCLUSIVE",
        )
        self.assertEqual(float(self.wire["Total"]), self.order.amount_total)
        [line] = self.wire["LineItems"]
        self.assertEqual(
            (line["ItemCode"], line["TaxType"], line["AccountCode"]),
            ("RIMU-1", "OUTPUT2", "200"),
        )
        self.assertRecordValues(
            self.quote,
            [
                {
                    "number": "QU-0001",
                    "status": "draft",
                    "amount_total": 575.0,
                    "partner_id": self.customer.id,
                    "xero_sync_state": "synced",
                    "is_edited": False,
                    "sides": False,
                }
            ],
        )
        self.assertEqual(self.order.xero_quote_number, "QU-0001")
        self.assertEqual(self.order.xero_quote_status, "draft")
        self.assertFalse(self.order.xero_quote_error)
        self.assertFalse(self.order.xero_can_quote)

    def test_second_click_makes_no_second_quote(self):
        for _click in range(3):
            self.order.action_create_xero_quote()
        self.assertEqual(len(self.org.quotes), 1)
        self.assertEqual(self.xero.calls["PUT Quotes"], 1)

    def test_many_at_once_take_a_call_for_fifty(self):
        orders = self.order
        for _number in range(59):
            orders |= self._create_order(confirm=False)
        orders.action_create_xero_quote()
        self.assertEqual(len(self.org.quotes), 60)
        self.assertEqual(self.xero.calls["PUT Quotes"], 2)
        self.assertEqual(self.xero.calls["PUT Contacts"], 1)
        self.assertEqual(set(orders.mapped("xero_quote_status")), {"draft"})
        self.assertEqual(len(set(orders.mapped("xero_quote_number"))), 60)

    def test_sections_and_notes_are_lines_of_text(self):
        self.order.order_line = [
            (0, 0, {"display_type": "line_section", "name": "Furniture"}),
            (0, 0, {"display_type": "line_note", "name": "Delivered by boat"}),
        ]
        self.send()
        texts = [line["Description"] for line in self.wire["LineItems"]]
        self.assertEqual(texts[1:], ["Furniture", "Delivered by boat"])
        self.push()
        self.assertFalse(self.xero.calls["POST Quotes"], "nothing else was to send")

    def test_confirmed_order_is_no_quotation(self):
        self.order.action_confirm()
        with self.assertRaisesRegex(UserError, "no quotation any more"):
            self.order.action_create_xero_quote()
        self.assertFalse(self.order.xero_can_quote)

    def test_order_before_day_zero_is_not_sent(self):
        self.connection.date_start = "2099-01-01"
        with self.assertRaisesRegex(UserError, "day zero"):
            self.order.action_create_xero_quote()

    def test_read_only_connection_sends_nothing(self):
        self.connection.sync_mode = "read_only"
        with self.assertRaisesRegex(UserError, "read-only"):
            self.order.action_create_xero_quote()

    def test_excluded_quotation_is_not_sent(self):
        self.order.xero_do_not_sync = True
        with self.assertRaisesRegex(UserError, "excluded"):
            self.order.action_create_xero_quote()

    def test_sent_quotation_goes_by_itself_where_the_setting_says_so(self):
        self.order.action_quotation_sent()
        self.push()
        self.assertFalse(self.org.quotes)
        self.connection.quote_trigger = "sent"
        other = self._create_order(confirm=False)
        other.action_quotation_sent()
        self.push()
        self.assertWire(Status="SENT", Reference=other.name)

    def test_quote_that_was_deleted_in_xero_can_be_made_anew(self):
        self.send()
        self.org.edit_quote(self.wire, Status="DELETED")
        self.pull("Quotes")
        self.assertEqual(self.order.xero_quote_status, "deleted")
        self.assertTrue(self.order.xero_can_quote)
        self.order.order_line.price_unit = 300
        self.push()
        self.assertFalse(self.xero.calls["POST Quotes"])
        self.order.action_create_xero_quote()
        self.assertEqual(len(self.org.quotes), 2)
        self.assertEqual(self.order.xero_quote_status, "draft")
        self.assertEqual(self.order.xero_quote_number, "QU-0002")

    def test_quotes_made_in_xero_are_shown_as_well(self):
        contact = self.org.add_contact(Name="Kowhai Cafe", EmailAddress="a@b.nz")
        wire = self.org.add_quote(contact, 40, Title="Cups", Reference="S99999")
        self.pull("Contacts", "Quotes")
        quote = self.env["xero.quote"].search([("xero_id", "=", wire["QuoteID"])])
        self.assertRecordValues(
            quote,
            [
                {
                    "status": "sent",
                    "title": "Cups",
                    "amount_total": 46.0,
                    "contact_name": "Kowhai Cafe",
                    "order_id": False,
                    "is_sent": True,
                }
            ],
        )
        self.assertEqual(quote.partner_id.name, "Kowhai Cafe")
        self.assertEqual(quote.line_ids.mapped("line_amount"), [40.0])


@tagged("post_install", "-at_install")
class TestQuoteStatus(QuoteCase):
    def test_sent_confirmed_invoiced(self):
        self.send()
        self.order.action_quotation_sent()
        self.push()
        self.assertWire(Status="SENT")
        self.order.action_confirm()
        self.push()
        self.assertWire(Status="ACCEPTED")
        self.order.action_create_xero_invoice()
        self.push()
        self.assertWire(Status="INVOICED", QuoteNumber="QU-0001")
        [invoice] = self.org.invoices.values()
        self.assertEqual(invoice["Reference"], f"{self.order.name} / QU-0001")
        self.assertEqual(self.order.xero_quote_status, "invoiced")
        self.assertEqual(self.xero.calls["POST Quotes"], 3)

    def test_confirmed_before_it_was_sent_takes_all_steps(self):
        self.send()
        self.order.action_confirm()
        self.push()
        self.assertWire(Status="ACCEPTED")
        self.assertEqual(self.xero.calls["POST Quotes"], 2)

    def test_cancelled_is_declined_and_open_again(self):
        self.order.action_quotation_sent()
        self.send()
        self.order._action_cancel()
        self.push()
        self.assertWire(Status="DECLINED")
        self.order.action_draft()
        self.push()
        self.assertWire(Status="DRAFT")

    def test_status_alone_leaves_the_rest_of_the_quote(self):
        self.send()
        before = dict(self.wire)
        self.order.action_quotation_sent()
        self.push()
        same = ("Title", "Terms", "QuoteNumber", "LineItems", "Total", "DateString")
        self.assertWire(**{name: before.get(name) for name in same})

    def test_accepted_in_xero_is_told_and_left_to_the_salesperson(self):
        self.order.action_quotation_sent()
        self.send()
        self.org.accept_quote(self.wire)
        self.pull("Quotes")
        self.assertEqual(self.order.state, "sent")
        self.assertEqual(self.order.xero_quote_status, "accepted")
        activity = self.order.activity_ids
        self.assertEqual(activity.user_id, self.user_rep)
        self.assertIn("QU-0001", activity.summary)
        tracked = self.order.message_ids.sudo().tracking_value_ids
        self.assertEqual(
            tracked.filtered(
                lambda value: value.field_id.name == "xero_quote_status"
            ).mapped("new_value_char"),
            ["Accepted"],
        )
        self.pull("Quotes")
        self.assertEqual(len(self.order.activity_ids), 1, "told once")
        self.order.action_confirm()
        self.push()
        self.assertFalse(self.order.activity_ids, "answered")
        self.assertFalse(self.xero.calls["POST Quotes"], "both agree already")
        self.assertEqual(self.quote.xero_sync_state, "synced")

    def test_accepted_in_xero_confirms_where_the_setting_says_so(self):
        self.connection.quote_confirms = True
        self.order.action_quotation_sent()
        self.send()
        self.org.accept_quote(self.wire)
        self.pull("Quotes")
        self.assertEqual(self.order.state, "sale")
        self.push()
        self.assertFalse(self.xero.calls["POST Quotes"])

    def test_accepted_in_xero_invoices_where_confirmed_orders_are(self):
        self.connection.write(
            {"quote_confirms": True, "invoice_trigger": "order_confirmed"}
        )
        self.order.action_quotation_sent()
        self.send()
        self.org.accept_quote(self.wire)
        self.pull("Quotes")
        self.push()
        self.assertEqual(len(self.org.invoices), 1)
        self.assertWire(Status="INVOICED")

    def test_what_cannot_be_confirmed_is_told_and_stops_nothing(self):
        self.connection.quote_confirms = True
        self.order.order_line = [
            (0, 0, {"name": "No product", "product_uom_qty": 1, "price_unit": 0})
        ]
        other = self._create_order(confirm=False)
        (self.order | other).action_quotation_sent()
        self.send(self.order, other)
        for wire in list(self.org.quotes.values()):
            self.org.accept_quote(wire)
        self.pull("Quotes")
        self.assertEqual(self.order.state, "sent")
        self.assertEqual(other.state, "sale")
        self.assertIn("could not be confirmed", self.order.activity_ids.note)
        self.assertFalse(other.activity_ids)

    def test_declined_in_xero_is_told(self):
        self.order.action_quotation_sent()
        self.send()
        self.org.decline_quote(self.wire)
        self.pull("Quotes")
        self.push()
        self.assertWire(Status="DECLINED")
        self.assertEqual(self.order.state, "sent")
        self.assertIn("Declined in Xero", self.order.activity_ids.summary)

    def test_confirming_what_was_declined_in_xero_accepts_it(self):
        self.order.action_quotation_sent()
        self.send()
        self.org.decline_quote(self.wire)
        self.pull("Quotes")
        self.order.action_confirm()
        self.push()
        self.assertWire(Status="ACCEPTED")

    def test_xero_is_further_than_the_quotation(self):
        """Sent by e-mail after the customer has accepted: it stays accepted."""
        self.send()
        self.org.edit_quote(self.wire, Status="SENT")
        self.org.accept_quote(self.wire)
        self.order.action_quotation_sent()
        self.push()
        self.assertWire(Status="ACCEPTED")
        self.assertEqual(self.order.xero_quote_status, "accepted")

    def test_invoiced_quote_of_a_cancelled_order_stays(self):
        self.send()
        self.order.action_confirm()
        self.order.action_create_xero_invoice()
        self.push()
        self.order._action_cancel()
        self.push()
        self.assertWire(Status="INVOICED")
        self.assertFalse(self.order.xero_quote_error)


@tagged("post_install", "-at_install")
class TestQuoteRevision(QuoteCase):
    def test_changed_line_changes_the_quote(self):
        self.order.note = "Cash"
        self.send()
        line_id = self.wire["LineItems"][0]["LineItemID"]
        self.order.order_line.product_uom_qty = 3
        self.push()
        self.assertEqual(float(self.wire["Total"]), 862.5)
        self.assertEqual(self.wire["LineItems"][0]["LineItemID"], line_id)
        self.assertWire(QuoteNumber="QU-0001", Terms="Cash", Status="DRAFT")
        self.assertEqual(self.quote.amount_total, 862.5)
        self.assertEqual(self.xero.calls["POST Quotes"], 1)
        self.assertEqual(self.xero.calls["GET Quotes"], 1)

    def test_added_and_removed_lines(self):
        self.send()
        first = self.wire["LineItems"][0]["LineItemID"]
        self.order.order_line = [
            (0, 0, {"product_id": self.product.id, "name": "Chair", "price_unit": 10})
        ]
        self.order.order_line[1].tax_ids = self.tax
        self.push()
        self.assertEqual(len(self.wire["LineItems"]), 2)
        self.assertEqual(self.wire["LineItems"][0]["LineItemID"], first)
        self.order.order_line[0].unlink()
        self.push()
        [line] = self.wire["LineItems"]
        self.assertEqual(line["Description"], "Chair")
        self.assertEqual(float(self.wire["Total"]), self.order.amount_total)

    def test_what_is_not_quoted_sends_nothing(self):
        self.send()
        self.order.write({"tag_ids": [], "origin": "phone"})
        self.order.user_id = self.user_accountant
        self.order.order_line.product_uom_qty = 2
        self.push()
        self.assertFalse(self.xero.calls["POST Quotes"])
        self.assertFalse(self.xero.calls["GET Quotes"])
        self.assertEqual(self.quote.xero_sync_state, "synced")

    def test_edit_in_xero_of_another_field_stays(self):
        self.send()
        self.org.edit_quote(self.wire, Terms="Prepaid", Title="Fine tables")
        self.order.order_line.product_uom_qty = 3
        self.push()
        self.assertWire(Terms="Prepaid", Title="Fine tables")
        self.assertEqual(float(self.wire["Total"]), 862.5)
        self.assertTrue(self.quote.is_edited)
        self.assertTrue(self.order.xero_quote_edited)
        self.assertIn(
            ["Title", f"Quotation {self.order.name}", "Fine tables"], self.quote.sides
        )

    def edit_line(self, amount):
        [line] = self.wire["LineItems"]
        names = ("LineItemID", "Description", "Quantity", "TaxType", "AccountCode")
        line = {name: line[name] for name in names}
        self.org.edit_quote(self.wire, LineItems=[{**line, "UnitAmount": amount}])

    def test_both_change_the_lines_and_a_person_decides_for_odoo(self):
        self.send()
        self.edit_line(200)
        self.order.order_line.product_uom_qty = 3
        self.push()
        self.assertEqual(float(self.wire["Total"]), 460.0, "not overwritten")
        self.assertIn("Both sides have changed", self.order.xero_quote_error)
        self.assertTrue(self.order.xero_can_fix_quote)
        action = self.order.with_user(self.user_rep).action_fix_xero_quote()
        self.assertEqual(action["res_id"], self.quote.id)
        self.assertTrue(self.quote.needs_decision)
        label, ours, theirs = self.quote.sides[0]
        self.assertEqual(label, "Line 1")
        self.assertIn("3 × ", ours)
        self.assertIn("2 × ", theirs)
        self.quote.with_user(self.user_rep).action_keep_odoo()
        self.assertEqual(float(self.wire["Total"]), 862.5)
        self.assertFalse(self.order.xero_quote_error)
        self.assertFalse(self.quote.is_edited)
        self.assertFalse(self.quote.sides)

    def test_person_decides_for_xero(self):
        self.send()
        self.edit_line(200)
        self.order.order_line.product_uom_qty = 3
        self.push()
        self.quote.with_user(self.user_rep).action_keep_xero()
        self.push()
        self.assertEqual(float(self.wire["Total"]), 460.0)
        self.assertFalse(self.quote.is_edited)
        self.assertIn("460.00", self.order.xero_quote_error, "totals still differ")
        self.order.order_line.write({"product_uom_qty": 2, "price_unit": 200})
        self.push()
        self.assertFalse(self.order.xero_quote_error)
        self.assertEqual(float(self.wire["Total"]), 460.0)

    def test_edit_in_xero_that_changes_the_total_is_an_error(self):
        self.send()
        self.edit_line("250.01")
        self.pull("Quotes")
        self.push()
        self.assertIn("575.02", self.order.xero_quote_error)
        self.assertIn("Do not send", self.order.xero_quote_remedy)
        self.order.action_quotation_sent()
        self.push()
        self.assertWire(Status="DRAFT")
        self.edit_line(250)
        self.pull("Quotes")
        self.push()
        self.assertFalse(self.order.xero_quote_error)
        self.assertWire(Status="SENT")

    def test_accepted_quote_changes_by_a_persons_decision_only(self):
        self.order.action_quotation_sent()
        self.send()
        self.org.accept_quote(self.wire)
        self.pull("Quotes")
        self.order.order_line.product_uom_qty = 3
        self.push()
        self.assertEqual(float(self.wire["Total"]), 575.0)
        self.assertIn("Accepted in Xero", self.order.xero_quote_error)
        self.quote.action_keep_odoo()
        self.assertEqual(float(self.wire["Total"]), 862.5)
        self.assertWire(Status="SENT")
        self.assertFalse(self.order.xero_quote_error)

    def test_change_after_confirming_is_for_the_invoice(self):
        self.send()
        self.order.action_confirm()
        self.push()
        self.order.order_line.product_uom_qty = 3
        self.push()
        self.assertFalse(self.order.xero_quote_error)
        self.assertEqual(float(self.wire["Total"]), 575.0)
        self.order.action_create_xero_invoice()
        self.push()
        self.assertWire(Status="INVOICED")

    def test_changed_and_confirmed_at_once(self):
        self.send()
        self.order.order_line.product_uom_qty = 3
        self.order.action_confirm()
        self.push()
        self.assertEqual(float(self.wire["Total"]), 862.5)
        self.assertWire(Status="ACCEPTED")

    def test_tax_that_is_rounded_globally_comes_out_the_same(self):
        self.env.company.tax_calculation_rounding_method = "round_globally"
        self.order.order_line = [
            (0, 0, {"product_id": self.product.id, "price_unit": price})
            for price in (0.51, 0.51, 0.51)
        ]
        self.order.order_line.tax_ids = self.tax
        self.order.action_create_xero_quote()
        self.assertEqual(float(self.wire["Total"]), self.order.amount_total)
        self.assertEqual(float(self.wire["TotalTax"]), self.order.amount_tax)
        self.assertFalse(self.order.xero_quote_error)


@tagged("post_install", "-at_install")
class TestQuoteElsewhere(QuoteCase):
    """Quotes in the wizard, in the data map, in other currencies and languages."""

    def test_preview_names_quotes_of_both_sides(self):
        contact = self.org.add_contact(Name="Kowhai Cafe", EmailAddress="a@b.nz")
        self.org.add_quote(contact, 40)
        self.send()
        self.org.edit_quote(
            next(q for q in self.org.quotes.values() if q["Reference"]),
            Title="Fine tables",
        )
        rows = []
        with self.registry.cursor() as cr:
            preview = self.env(cr=cr)["xero.preview"]
            connection = self.connection.with_env(preview.env)
            preview._preview(connection, ["Quotes"], "pull", rows.extend)
        told = {row["name"]: row for row in rows if row["resource"] == "Quotes"}
        self.assertEqual(told["QU-0001"]["operation"], "create")
        self.assertEqual(told["QU-0002"]["operation"], "update")
        self.assertIn(
            ["Title", f"Quotation {self.order.name}", "Fine tables"],
            told["QU-0002"]["fields"],
        )

    def test_data_map_says_what_goes_where(self):
        self.env["xero.field.map"].action_open()
        rows = self.env["xero.field.map"].search(
            [("connection_id", "=", self.connection.id), ("resource", "=", "Quotes")]
        )
        directions = dict(rows.mapped(lambda row: (row.xero_field, row.direction)))
        self.assertEqual(directions["terms"], "to_xero")
        self.assertEqual(directions["lines"], "to_xero")
        self.assertEqual(directions["number"], "from_xero")
        self.assertEqual(directions["total"], "from_xero")
        self.assertTrue(all(rows.mapped("note")))

    def test_other_currencies_to_the_cent(self):
        for code, price in (("JPY", 1333), ("KWD", 10.123), ("EUR", 19.99)):
            currency = self.env["res.currency"].with_context(active_test=False)
            currency = currency.search([("name", "=", code)])
            currency.active = True
            self.org.currencies.put({"Code": code, "Description": code})
            pricelist = self.env["product.pricelist"].create(
                {"name": code, "currency_id": currency.id}
            )
            order = self._create_order(confirm=False, pricelist_id=pricelist.id)
            order.order_line.price_unit = price
            order.action_create_xero_quote()
            with self.subTest(currency=code):
                self.assertFalse(order.xero_quote_error)
                [wire] = [
                    quote
                    for quote in self.org.quotes.values()
                    if quote["Reference"] == order.name
                ]
                self.assertEqual(wire["CurrencyCode"], code)
                self.assertAlmostEqual(
                    float(wire["Total"]), order.amount_total, delta=0.005
                )

    def test_frequency_follows_what_waits_for_an_answer(self):
        cursor = self.connection._get_cursor("Quotes")
        self.assertEqual(cursor._get_interval().total_seconds(), 3600)
        self.order.action_quotation_sent()
        self.send()
        self.assertEqual(cursor._get_interval().total_seconds(), 900)
        self.org.accept_quote(self.wire)
        self.pull("Quotes")
        self.assertEqual(cursor._get_interval().total_seconds(), 3600)


@tagged("post_install", "-at_install")
class TestQuoteRights(QuoteCase):
    def test_outsider_cannot_send(self):
        with self.assertRaises(AccessError):
            self.order.with_user(self.user_outsider).action_create_xero_quote()

    def test_rep_sees_quotes_of_own_customers_only(self):
        self.send()
        quotes = self.env["xero.quote"]
        self.assertTrue(quotes.with_user(self.user_rep).search([]))
        self.env["ir.rule"].create(
            {
                "name": "Nobody's customers",
                "model_id": self.env.ref("base.model_res_partner").id,
                "domain_force": [("id", "!=", self.customer.id)],
                "groups": [self.env.ref("sales_team.group_sale_salesman").id],
            }
        )
        salesman = new_test_user(
            self.env,
            "salesman",
            "sales_team.group_sale_salesman,xero_crm.group_xero_user",
        )
        mine = quotes.with_user(salesman)
        self.assertFalse(mine.search([("id", "=", self.quote.id)]))
        self.assertFalse(
            self.env["xero.quote.line"]
            .with_user(salesman)
            .search([("quote_id", "=", self.quote.id)])
        )
