"""Credit notes, overpayments and prepayments of customers, mirrored from Xero."""

from datetime import date

from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import XeroCommon

CREDITS = ("CreditNotes", "Overpayments", "Prepayments")


class CreditCase(XeroCommon):
    def prepare(self):
        super().prepare()
        self.contact = self.org.add_contact(
            Name="Kauri Builders", EmailAddress="accounts@kauri.example.com"
        )
        self.pull("Contacts")

        self.currency = self.env.company.currency_id.name

    def add_invoice(self, contact, amount, **fields):
        fields = {"CurrencyCode": self.currency, **fields}
        return self.org.add_invoice(contact, amount, **fields)

    def add_credit_note(self, contact, amount=50, **fields):
        fields = {"CurrencyCode": self.currency, **fields}
        return self.org.add_credit_note(contact, amount, **fields)

    def receive(self, kind, amount, **extra):
        """Book money of the customer's that no invoice asks for."""
        extra["currency"] = self.currency
        return self.org.receive(kind, self.contact, amount, **extra)

    def pull_all(self):
        self.pull("Invoices", *CREDITS)

    def credit_of(self, wire):
        """Return our record of a credit in Xero."""
        xero_id = next(value for key, value in wire.items() if key.endswith("ID"))
        for key in ("CreditNoteID", "OverpaymentID", "PrepaymentID"):
            xero_id = wire.get(key, xero_id)
        return self.env["xero.credit.note"].search([("xero_id", "=", xero_id)])


@tagged("post_install", "-at_install")
class TestFetchOfACustomer(CreditCase):
    def test_fetch_of_a_customer_brings_credits_of_each_kind(self):
        other = self.org.add_contact(Name="Somebody Else")
        wires = [
            self.add_credit_note(self.contact, 50),
            self.receive("Overpayments", 20),
            self.receive("Prepayments", 30),
        ]
        strange = self.add_credit_note(other, 70)
        self.xero.reset_calls()
        self.customer.action_xero_pull()
        kinds = [self.credit_of(wire).kind for wire in wires]
        self.assertEqual(kinds, ["credit_note", "overpayment", "prepayment"])
        self.assertFalse(self.credit_of(strange))
        self.assertEqual(self.customer.xero_credit_balance, 107.5)
        self.assertEqual(sum(self.xero.calls.values()), 5)

    def test_what_fails_is_told_to_who_waits(self):
        self.xero.fail("GET Prepayments", "503", times=None)
        with self.assertRaisesRegex(UserError, "out of order"):
            self.customer.action_xero_pull()


@tagged("post_install", "-at_install")
class TestChangesInWords(CreditCase):
    def preview(self):
        wizards = self.env["xero.sync.wizard"].with_user(self.user_accountant)
        wizard = wizards.create({"connection_id": self.connection.id})
        wizard.action_run()
        return wizard.line_ids.filtered(lambda line: line.resource == "Invoices")

    def test_update_of_an_invoice_names_what_changes(self):
        wire = self.add_invoice(self.contact, 100)
        self.pull_all()
        self.org.touch(wire, Reference="PO 7")
        wire["LineItems"][0]["Description"] = "Better Goods"
        line = self.preview()
        self.assertEqual(line.operation, "update")
        told = {label: (old, new) for label, old, new in line.field_changes}
        self.assertEqual(told["Reference"], ("", "PO 7"))
        self.assertIn("1 × Goods 100.00", told["Lines"][0])
        self.assertIn("1 × Better Goods 100.00", told["Lines"][1])
        self.assertEqual(len(told), 2)

    def test_what_nobody_sees_is_no_update(self):
        wire = self.add_invoice(self.contact, 100)
        self.pull_all()
        invoice = self.env["xero.invoice"].search([("xero_id", "=", wire["InvoiceID"])])
        logs = [("resource", "=", "Invoices"), ("xero_id", "=", wire["InvoiceID"])]
        before = self.env["xero.log"].search_count(logs)
        self.org.touch(wire, Url="https://crm.example.com/order/7")
        self.assertEqual(self.preview().operation, "unchanged")
        self.pull_all()
        self.assertEqual(invoice.back_url, "https://crm.example.com/order/7")
        self.assertEqual(self.env["xero.log"].search_count(logs), before)


@tagged("post_install", "-at_install")
class TestForeignCurrency(CreditCase):
    def test_currency_that_is_not_active_here_has_its_symbol(self):
        currencies = self.env["res.currency"].with_context(active_test=False)
        yen = currencies.search([("name", "=", "JPY")])
        yen.active = False
        self.assertNotIn(yen.id, currencies.get_all_currencies())
        self.env["xero.currency"].create(
            {
                "connection_id": self.connection.id,
                "xero_key": "JPY",
                "name": "Yen",
                "currency_id": yen.id,
            }
        )
        self.assertEqual(currencies.get_all_currencies()[yen.id]["symbol"], yen.symbol)


@tagged("post_install", "-at_install")
class TestCreditNotes(CreditCase):
    def test_credit_note_with_its_line_and_amounts(self):
        wire = self.add_credit_note(self.contact, 50, Reference="Broken leg")
        self.pull_all()
        credit = self.credit_of(wire)
        self.assertRecordValues(
            credit,
            [
                {
                    "kind": "credit_note",
                    "number": "CN-0001",
                    "reference": "Broken leg",
                    "partner_id": self.customer.id,
                    "status": "authorised",
                    "credit_status": "open",
                    "amount_untaxed": 50,
                    "amount_tax": 7.5,
                    "amount_total": 57.5,
                    "amount_remaining": 57.5,
                    "amount_remaining_company": 57.5,
                }
            ],
        )
        self.assertEqual(credit.line_ids.description, "Returned goods")
        self.assertEqual(credit.line_ids.line_amount, 50)
        self.assertEqual(credit.line_ids.company_id, self.env.company)

    def test_allocation_names_the_invoice(self):
        wire = self.add_credit_note(self.contact, 50)
        invoice = self.add_invoice(self.contact, 100)
        self.org.allocate(wire, invoice, "20.00")
        self.pull_all()
        credit = self.credit_of(wire)
        self.assertEqual(credit.credit_status, "partial")
        self.assertEqual((credit.amount_remaining, credit.amount_used), (37.5, 20))
        self.assertEqual(credit.allocation_ids.invoice_id.xero_id, invoice["InvoiceID"])
        self.assertEqual(credit.allocation_ids.amount, 20)
        self.assertEqual(self.customer.xero_balance, 95)

    def test_allocation_finds_its_invoice_when_that_comes_later(self):
        wire = self.add_credit_note(self.contact, 50)
        invoice = self.add_invoice(self.contact, 100)
        self.org.allocate(wire, invoice, "20.00")
        self.pull("CreditNotes")
        allocation = self.credit_of(wire).allocation_ids
        self.assertFalse(allocation.invoice_id)
        self.assertEqual(allocation.invoice_number, invoice["InvoiceNumber"])
        self.pull("Invoices")
        self.assertEqual(allocation.invoice_id.number, invoice["InvoiceNumber"])

    def test_allocation_that_is_taken_back(self):
        wire = self.add_credit_note(self.contact, 50)
        invoice = self.add_invoice(self.contact, 100)
        allocation = self.org.allocate(wire, invoice, "57.50")
        self.pull_all()
        credit = self.credit_of(wire)
        self.assertEqual((credit.status, credit.credit_status), ("paid", "used"))
        self.assertEqual(self.customer.xero_credit_balance, 0)
        self.org.deallocate(wire, allocation)
        self.pull_all()
        self.assertEqual((credit.status, credit.credit_status), ("authorised", "open"))
        self.assertFalse(credit.allocation_ids)
        self.assertEqual(self.customer.xero_credit_balance, 57.5)
        self.assertEqual(self.customer.xero_balance, 115)

    def test_refund_is_a_payment(self):
        wire = self.add_credit_note(self.contact, 50)
        self.org.refund(wire, "30.00", date(2026, 3, 5))
        self.pull_all()
        [refund] = self.credit_of(wire).payment_ids
        self.assertRecordValues(
            refund,
            [
                {
                    "kind": "refund",
                    "amount": 30,
                    "date": date(2026, 3, 5),
                    "partner_id": self.customer.id,
                    "credit_note_id": self.credit_of(wire).id,
                    "invoice_id": False,
                }
            ],
        )
        self.org.unpay(self.org.credit_notes[wire["CreditNoteID"]]["Payments"][0])
        self.pull_all()
        self.assertFalse(refund.exists())
        self.assertEqual(self.credit_of(wire).amount_remaining, 57.5)

    def test_suppliers_credit_stays_in_xero(self):
        self.add_credit_note(self.contact, Type="ACCPAYCREDIT")
        self.pull_all()
        self.assertFalse(
            self.connection.env["xero.credit.note"].search(
                [("connection_id", "=", self.connection.id)]
            )
        )

    def test_draft_and_voided_credit_are_no_money(self):
        draft = self.add_credit_note(self.contact, Status="DRAFT")
        voided = self.add_credit_note(self.contact, 70)
        self.org.update(
            "CreditNotes", CreditNoteID=voided["CreditNoteID"], Status="VOIDED"
        )
        self.pull_all()
        self.assertEqual(self.credit_of(draft).credit_status, "draft")
        self.assertEqual(self.credit_of(voided).credit_status, "voided")
        self.assertEqual(self.customer.xero_credit_balance, 0)
        self.assertEqual(self.customer.xero_credit_note_count, 2)

    def test_money_received_too_much_and_too_early(self):
        over = self.receive("Overpayments", "20.00", reference="R1")
        early = self.receive("Prepayments", "80.00")
        invoice = self.add_invoice(self.contact, 100)
        self.org.allocate(early, invoice, "50.00")
        self.org.refund(over, "5.00")
        self.pull_all()
        over, early = self.credit_of(over), self.credit_of(early)
        self.assertEqual((over.kind, early.kind), ("overpayment", "prepayment"))
        self.assertEqual((over.amount_remaining, early.amount_remaining), (15, 30))
        self.assertEqual(early.allocation_ids.invoice_id.xero_id, invoice["InvoiceID"])
        self.assertEqual(over.payment_ids.kind, "refund")
        self.assertEqual(over.display_name, "Overpayment R1")
        self.assertEqual(self.customer.xero_balance, 65)
        self.assertEqual(self.customer.xero_credit_balance, 45)
        self.assertEqual(self.customer.xero_net_balance, 20)

    def test_balance_is_what_invoices_ask_for_and_credit_stands_beside_it(self):
        self.add_invoice(self.contact, 100)
        self.add_credit_note(self.contact, 50)
        self.pull_all()
        self.assertEqual(self.customer.xero_balance, 115)
        self.assertEqual(self.customer.xero_credit_balance, 57.5)
        self.assertEqual(self.customer.xero_net_balance, 57.5)
        partners = self.env["res.partner"]
        found = partners.search([("xero_credit_balance", ">", 0)])
        self.assertIn(self.customer, found)
        self.assertNotIn(self.env.company.partner_id, found)

    def test_foreign_credit_counts_at_its_own_rate(self):
        self.connection.base_currency_id = self.env.company.currency_id
        fields = {"CurrencyCode": "EUR", "CurrencyRate": "0.50"}
        self.add_credit_note(self.contact, 50, **fields)
        self.pull_all()
        self.assertEqual(self.customer.xero_credit_balance, 115)

    def test_nothing_changed_costs_a_call_each_and_writes_nothing(self):
        wire = self.add_credit_note(self.contact, 50)
        self.pull_all()
        self.pull_all()
        stamp = self.credit_of(wire).write_date
        logs = self.env["xero.log"].search_count([])
        self.xero.reset_calls()
        self.pull(*CREDITS)
        self.assertEqual(dict(self.xero.calls), {f"GET {name}": 1 for name in CREDITS})
        self.assertEqual(self.credit_of(wire).write_date, stamp)
        self.assertEqual(self.env["xero.log"].search_count([]), logs)

    def test_documents_of_a_contact_that_is_linked_later(self):
        stranger = self.org.add_contact(Name="Nikau Homes")
        note = self.add_credit_note(stranger, 50)
        self.add_invoice(stranger, 100)
        self.pull_all()
        credit = self.credit_of(note)
        self.assertFalse(credit.partner_id)
        self.assertEqual(credit.contact_name, "Nikau Homes")
        self.pull("Contacts")
        partner = self.env["res.partner"].search([("name", "=", "Nikau Homes")])
        self.assertEqual(credit.partner_id, partner)
        self.assertEqual(partner.xero_balance, 115)
        self.assertEqual(partner.xero_credit_balance, 57.5)

    def test_unreadable_credit_fails_alone(self):
        notes = [self.add_credit_note(self.contact, 10 + n) for n in range(5)]
        self.org.touch(notes[2], Allocations="what?")
        self.pull_all()
        self.assertEqual(
            len(
                self.connection.env["xero.credit.note"].search(
                    [("connection_id", "=", self.connection.id)]
                )
            ),
            4,
        )
        row = self.env["xero.log"].search(
            [("state", "=", "error"), ("connection_id", "=", self.connection.id)]
        )
        self.assertEqual(row.xero_id, notes[2]["CreditNoteID"])
        self.assertIn(notes[2]["CreditNoteNumber"], row.message)

    def test_refresh_and_way_into_xero(self):
        wire = self.add_credit_note(self.contact, 50)
        self.pull_all()
        credit = self.credit_of(wire).with_user(self.user_rep)
        self.org.refund(wire)
        credit.action_refresh()
        self.assertEqual(credit.credit_status, "used")
        url = credit.action_open_in_xero()["url"]
        self.assertIn("ViewCreditNote.aspx", url)
        self.assertIn(wire["CreditNoteID"], url)


@tagged("post_install", "-at_install")
class TestCreditRights(CreditCase):
    def test_rep_sees_credits_of_own_customers_only(self):
        self.add_credit_note(self.contact, 50)
        self.receive("Overpayments", "20.00")
        self.org.refund(self.add_credit_note(self.contact, 10))
        self.pull_all()
        names = ("xero.credit.note", "xero.credit.note.line", "xero.payment")
        for name in names:
            self.assertTrue(self.env[name].with_user(self.user_rep).search([]), name)
        self.env["ir.rule"].create(
            {
                "name": "Hidden customer",
                "model_id": self.env["ir.model"]._get_id("res.partner"),
                "domain_force": f"[('id', '!=', {self.customer.id})]",
            }
        )
        for name in names:
            hidden = self.env[name].with_user(self.user_rep)
            mine_only = [("connection_id", "=", self.connection.id)]
            if name.endswith(".line"):
                mine_only = [("credit_note_id.connection_id", "=", self.connection.id)]
            self.assertFalse(hidden.search(mine_only), name)
            mine = self.env[name].with_user(self.user_accountant)
            self.assertTrue(mine.search([]), name)
