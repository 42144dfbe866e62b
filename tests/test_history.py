"""The past: N years of documents, newest first, behind what changes today."""

from contextlib import contextmanager
from datetime import timedelta
from unittest.mock import patch

from dateutil.relativedelta import relativedelta

from odoo import fields
from odoo.tests import tagged

from ..xero_api import XeroError
from .common import XeroCommon

PULL = "odoo.addons.xero_crm.models.xero_pull"
HISTORY = "odoo.addons.xero_crm.models.xero_pull_history"
CREDITS = ("CreditNotes", "Overpayments", "Prepayments")
FAULTS = {
    "timeout_before": {"times": 2},  # a read is tried once more
    "timeout_after": {"times": 2},
    "500": {},
    "503": {},
    "429": {},
    "truncated": {},
}


class HistoryCase(XeroCommon):
    """Ten documents a page."""

    def setUp(self):
        super().setUp()
        for module in (PULL, HISTORY):
            patcher = patch(f"{module}.PAGE_SIZE", 10)
            patcher.start()
            self.addCleanup(patcher.stop)
        self.contact = self.org.add_contact(
            Name="Kauri Builders", EmailAddress="accounts@kauri.example.com"
        )
        self.pull("Contacts")
        self.today = fields.Date.today()

    def add(self, months, paid=True, **values):
        """Add an invoice of so many months ago; paid, unless said otherwise."""
        day = self.today - relativedelta(months=months)
        invoice = self.org.add_invoice(self.contact, 100, Date=day, **values)
        if paid:
            self.org.pay(invoice, day=day)
        return invoice

    def add_years(self, years=7, each=4):
        """Add paid invoices, `each` a quarter, so many years back."""
        for quarter in range(years * 4):
            for _number in range(each):
                self.add(3 * quarter + 1)

    def history(self, resource="Invoices"):
        return self.connection._get_history(resource)

    def mirrored(self):
        return self.env["xero.invoice"].search(
            [("connection_id", "=", self.connection.id)]
        )

    def read_pages(self, number=1, fail=False):
        """Read pages of the past, as the scheduled action does."""
        self.env.flush_all()
        with self.registry.cursor() as cr:
            history = self.history().with_env(self.env(cr=cr))
            pull = history.env["xero.pull"]
            try:
                while number and pull._pull_history_page(history):
                    number -= 1
            except XeroError:
                self.assertTrue(fail, "reading failed")
            else:
                self.assertFalse(fail, "reading did not fail")
        self.env.invalidate_all()

    def run_scheduled(self):
        """Fetch what is due, and the past, as the scheduled action does."""
        self.env.flush_all()
        with self.registry.cursor() as cr:
            self.connection.with_env(self.env(cr=cr))._pull_due()
        self.env.invalidate_all()

    def assert_all_here(self, years=5):
        """Each invoice that is wanted once, as it is in Xero; no older one."""
        start = self.today - relativedelta(years=years)
        wanted = {}
        for xero_id, wire in self.org.invoices.items():
            day = fields.Date.to_date(wire["DateString"][:10])
            is_open = wire["Status"] in ("DRAFT", "SUBMITTED", "AUTHORISED")
            if is_open or day >= start:
                wanted[xero_id] = (day, wire["Status"].lower())
        found = {r.xero_id: (r.date, r.status) for r in self.mirrored()}
        self.assertEqual(len(self.mirrored()), len(found))
        different = {
            xero_id: (found.get(xero_id), wanted.get(xero_id))
            for xero_id in found.keys() | wanted.keys()
            if found.get(xero_id) != wanted.get(xero_id)
        }
        self.assertFalse(different, "here, in Xero")


@tagged("post_install", "-at_install")
class TestHistory(HistoryCase):
    def test_today_first_then_the_past(self):
        self.add_years(7)
        old = self.add(100, paid=False)
        self.pull("Invoices")
        cursor = self.connection._get_cursor("Invoices")
        self.assertTrue(cursor.modified_since)
        recent = self.today - relativedelta(months=12)
        found = self.mirrored()
        self.assertIn(old["InvoiceID"], found.mapped("xero_id"))
        self.assertEqual(len(found.filtered(lambda r: r.date >= recent)), 16)
        self.assertLess(len(found), 30, "the past did not hold up the first fetch")
        self.assertFalse(self.connection.is_history_complete)
        dates = []
        while not self.history()._is_complete():
            self.read_pages()
            dates.append(min(self.mirrored().filtered("paid_on").mapped("date")))
        self.assertEqual(dates, sorted(dates, reverse=True), "newest first")
        self.assert_all_here()
        self.assertTrue(self.mirrored().payment_ids)

    def test_small_organisation_needs_two_calls(self):
        self.add(1)
        self.add(40)
        self.xero.reset_calls()
        self.pull("Invoices", *CREDITS)
        names = ("Invoices", *CREDITS)
        self.assertEqual(dict(self.xero.calls), {f"GET {name}": 2 for name in names})
        self.assertTrue(self.connection.is_history_complete)
        self.xero.reset_calls()
        self.run_scheduled()
        self.pull("Invoices", *CREDITS)
        self.assertEqual(self.xero.calls["GET Invoices"], 1)

    def test_number_of_calls(self):
        """No more than one page needs, and one for each bound."""
        self.add_years(5)
        self.xero.reset_calls()
        self.pull("Invoices")
        self.read_pages(100)
        # 80 invoices; a page that ends within a day is read again from that day.
        self.assertLessEqual(self.xero.calls["GET Invoices"], 2 + 80 / (10 - 4) + 1)
        self.assert_all_here()

    def test_more_invoices_on_a_day_than_a_page_holds(self):
        for _number in range(23):
            self.add(20)
        self.add(19)
        self.add(21)
        self.pull("Invoices")
        self.read_pages(100)
        self.assert_all_here()

    def test_more_years_fetch_only_the_years_that_are_missing(self):
        self.add_years(9)
        self.pull("Invoices")
        self.read_pages(100)
        self.assert_all_here(5)
        self.connection.history_years = 7
        self.assertFalse(self.connection.is_history_complete)
        self.xero.reset_calls()
        self.read_pages(100)
        self.assert_all_here(7)
        self.assertLessEqual(self.xero.calls["GET Invoices"], 7)
        asked = [r.query for r in self.xero.requests if r.route == "GET Invoices"][-7:]
        self.assertNotIn(f"DateTime({self.today.year}", str(asked))

    def test_fewer_years_keep_what_is_here(self):
        self.add_years(5)
        self.pull("Invoices")
        self.read_pages(100)
        count = len(self.mirrored())
        self.connection.history_years = 2
        self.read_pages(100)
        self.assertEqual(len(self.mirrored()), count)

    def test_all_is_read_again_after_a_week(self):
        self.add_years(5)
        self.pull("Invoices")
        self.read_pages(100)
        self.assertFalse(self.history()._is_due())
        # A blind spot of Xero: what changed without a new date of change.
        wire = self.org.invoices[self.mirrored()[40].xero_id]
        wire["SentToContact"] = True
        self.run_scheduled()
        invoice = self.mirrored().filtered(lambda r: r.xero_id == wire["InvoiceID"])
        self.assertFalse(invoice.is_sent)
        self.history().finished_at -= timedelta(days=8)
        reached = self.history().reached
        self.assertTrue(self.connection.is_history_complete)
        self.xero.reset_calls()
        self.read_pages(3)
        self.assertTrue(self.connection.is_history_complete, "it was complete before")
        self.read_pages(100)
        self.assertTrue(invoice.is_sent)
        self.assertEqual(self.history().reached, reached)
        self.assertLessEqual(self.xero.calls["GET Invoices"], 18)

    def test_old_invoice_that_is_paid_today_is_followed(self):
        old = self.add(100, paid=False)
        self.add_years(5)
        self.pull("Invoices")
        self.org.pay(old)
        self.pull("Invoices")
        invoice = self.mirrored().filtered(lambda r: r.xero_id == old["InvoiceID"])
        self.assertEqual(invoice.status, "paid")

    def test_settled_invoice_of_long_ago_stays_in_xero_though_it_is_touched(self):
        old = self.add(100)
        self.pull("Invoices")
        self.org.update("Invoices", InvoiceID=old["InvoiceID"], Reference="Archive")
        self.pull("Invoices")
        self.assertFalse(self.mirrored())

    def test_fetching_all_again_starts_at_the_newest(self):
        self.add_years(5)
        self.pull("Invoices")
        self.read_pages(100)
        self.connection._get_cursor("Invoices").action_fetch_all()
        self.assertFalse(self.history().reached)
        self.pull("Invoices")
        self.read_pages(100)
        self.assert_all_here()

    def test_progress_is_told(self):
        self.add_years(7)
        accountant = self.connection.with_user(self.user_accountant)
        self.pull("Invoices", *CREDITS)
        self.assertIn("older ones follow", accountant.history_text)
        first = accountant.history_progress
        self.assertTrue(0 < first < 100)
        self.read_pages(3)
        self.assertTrue(first < accountant.history_progress < 100)
        self.read_pages(100)
        self.assertEqual(accountant.history_progress, 100)
        start = self.today - relativedelta(years=5)
        self.assertIn(f"{start:%B %Y}", accountant.history_text)
        self.assertIn("80 invoices", accountant.history_text)

    def test_run_counts_what_the_first_fetch_brings(self):
        self.add_years(5)
        runs = self.env["xero.sync.run"].sudo()
        action = runs._start(self.connection, ["Invoices"], from_scratch=True)
        run = runs.browse(action["res_id"])
        run.invalidate_recordset()
        self.assertEqual(run.state, "done")
        self.assertEqual(run.created_count, len(self.mirrored()))
        self.assertLess(run.created_count, 80)
        self.assertFalse(run.is_history_complete)

    def test_preview_says_what_the_fetches_bring(self):
        self.add_years(7)
        self.add(100, paid=False)
        planned = []
        self.env.flush_all()
        with self.registry.cursor() as cr:
            preview = self.env(cr=cr)["xero.preview"].sudo()
            connection = self.connection.with_env(preview.env)
            preview._preview(connection, ["Invoices"], "pull", planned.extend)
        self.env.invalidate_all()
        self.assertFalse(self.mirrored())
        self.pull("Invoices")
        self.read_pages(100)
        ids = [row["xero_id"] for row in planned]
        self.assertEqual(sorted(ids), sorted(self.mirrored().mapped("xero_id")))


@tagged("post_install", "-at_install")
class TestScheduledHistory(HistoryCase):
    def test_what_changes_today_comes_before_the_past(self):
        self.add_years(5)
        self.pull("Invoices", *CREDITS)
        self.connection._get_cursor("Invoices").last_run = False
        new = self.add(0, paid=False)
        self.xero.requests.clear()
        self.run_scheduled()
        asked = [r for r in self.xero.requests if r.route == "GET Invoices"]
        self.assertTrue(asked[0].headers.get("If-Modified-Since"))
        self.assertIn(new["InvoiceID"], self.mirrored().mapped("xero_id"))
        self.assert_all_here()

    def test_past_leaves_half_of_the_days_calls(self):
        self.add_years(5)
        self.pull("Invoices", *CREDITS)
        usage = self.connection.usage_ids
        usage.write({"day_remaining": 400, "updated_at": fields.Datetime.now()})
        self.assertFalse(self.connection._may_read_history())
        count = len(self.mirrored())
        self.xero.limits.enforce = False
        for resource in ("Invoices", *CREDITS):
            self.connection._get_cursor(resource).last_run = fields.Datetime.now()
        self.connection._continue_history()
        self.assertEqual(len(self.mirrored()), count)
        usage.day_remaining = 900
        self.assertTrue(self.connection._may_read_history())

    def test_time_is_up(self):
        """The next run goes on, after it has looked at today again."""
        self.add_years(5)
        self.pull("Invoices", *CREDITS)
        module = "odoo.addons.xero_crm.models.xero_connection_history"
        with patch(f"{module}.SECONDS_FOR_HISTORY", -1):
            self.xero.reset_calls()
            self.run_scheduled()
            self.assertEqual(self.xero.calls["GET Invoices"], 1)
        self.run_scheduled()
        self.assert_all_here()

    def test_newest_first_whatever_the_resource(self):
        self.add_years(5)
        for months in range(1, 40):
            day = self.today - relativedelta(months=months)
            self.org.add_credit_note(self.contact, 10, Date=day)
        self.pull("Invoices", *CREDITS)
        uppers = []
        for _page in range(6):
            if history := self.connection._get_next_history():
                uppers.append(history.upper or self.today)
                self.env["xero.pull"].sudo()._work_history_page(history)
        self.assertEqual(uppers, sorted(uppers, reverse=True))


@tagged("post_install", "-at_install")
class TestInterruptedHistory(HistoryCase):
    """Interrupted anywhere it goes on, and nothing is lost or doubled."""

    def test_each_fault_and_each_page(self):
        self.add_years(5)
        every_kind = [(kind, 3) for kind in FAULTS]
        every_page = [("503", page) for page in (0, 1, 6)]
        for kind, page in every_kind + every_page:
            with self.subTest(kind=kind, page=page):
                self.mirrored().unlink()
                cursors = self.env["xero.sync.cursor"].sudo()
                cursors._reset(self.connection, ["Invoices"])
                self.check_fault(kind, page, FAULTS[kind])

    def check_fault(self, kind, page, options):
        self.pull("Invoices")
        self.read_pages(page)
        before = self.history().read(["stage", "upper", "page", "reached"])
        count = len(self.mirrored())
        self.xero.fail("GET Invoices", kind, **options)
        self.read_pages(1, fail=True)
        self.assertEqual(
            self.history().read(["stage", "upper", "page", "reached"]), before
        )
        self.assertEqual(len(self.mirrored()), count)
        self.assertTrue(self.history().error)
        row = self.env["xero.log"].search(
            [
                ("connection_id", "=", self.connection.id),
                ("operation", "=", "fetch"),
                ("state", "=", "error"),
            ]
        )
        self.assertEqual(len(row), 1)
        self.connection.usage_ids.paused_until = False
        self.read_pages(100)
        self.assert_all_here()
        self.assertFalse(self.history().error)
        self.assertEqual(row.state, "resolved")

    def test_fault_in_the_first_fetch(self):
        self.add_years(5, each=8)
        for skip in range(4):
            with self.subTest(skip=skip):
                self.mirrored().unlink()
                cursors = self.env["xero.sync.cursor"].sudo()
                cursors._reset(self.connection, ["Invoices"])
                self.xero.fail("GET Invoices", "503", skip=skip)
                with self.assertRaises(XeroError):
                    self.pull("Invoices")
                cursor = self.connection._get_cursor("Invoices")
                self.assertFalse(cursor.modified_since)
                self.assertTrue(not skip or cursor._is_due())
                self.pull("Invoices")
                self.read_pages(100)
                self.assert_all_here()

    def test_killed_between_work_and_commit(self):
        self.add_years(5)
        self.pull("Invoices")
        histories = type(self.env["xero.history.cursor"])
        advance = histories._advance

        def die(history, page):
            advance(history, page)
            raise KeyboardInterrupt

        for _page in range(4):
            upper = self.history().upper
            count = len(self.mirrored())
            with patch.object(histories, "_advance", die):
                with self.assertRaises(KeyboardInterrupt), self.env.cr.savepoint():
                    history = self.history()
                    history.env["xero.pull"].sudo()._work_history_page(history)
            self.env.invalidate_all()
            self.assertEqual(self.history().upper, upper)
            self.assertEqual(len(self.mirrored()), count)
            self.read_pages(1)
        self.read_pages(100)
        self.assert_all_here()

    @contextmanager
    def meanwhile(self, change):
        """Change something in Xero after each page of the past."""
        pull = type(self.env["xero.pull"])
        work = pull._work_page

        def work_page(model, *args, **kwargs):
            changes = work(model, *args, **kwargs)
            change()
            return changes

        with patch.object(pull, "_work_page", work_page):
            yield

    def test_invoices_that_are_added_edited_and_voided_between_pages(self):
        """The busy day too, which is read by offset."""
        for _number in range(23):
            self.add(20)
        self.add_years(5)
        unpaid = [self.add(30 + number, paid=False) for number in range(20)]
        drafts = [self.add(20, paid=False, Status="DRAFT") for _number in range(8)]
        turn = iter(range(10**6))

        def disturb():
            number = next(turn)
            if number >= 8:
                return
            self.add(20 if number % 2 else 14, paid=number % 3 == 0)
            self.org.void(unpaid[2 * number])
            self.org.pay(unpaid[2 * number + 1])
            day = self.today - relativedelta(months=(1, 20, 45, 70)[number % 4])
            self.org.update(
                "Invoices",
                InvoiceID=drafts[number]["InvoiceID"],
                Date=day.isoformat(),
            )

        with self.meanwhile(disturb):
            self.pull("Invoices")
            self.read_pages(100)
        self.assertGreater(next(turn), 8)
        self.pull("Invoices")
        self.assert_all_here()

    def test_page_that_was_on_its_way_does_not_undo_what_came_since(self):
        wire = self.add(30, paid=False)
        self.pull("Invoices")
        page = self.env["xero.pull"]._fetch(self.connection, "Invoices")
        self.xero.advance(timedelta(seconds=5))
        self.org.pay(wire)
        self.pull("Invoices")
        self.assertEqual(self.mirrored().status, "paid")
        self.env["xero.pull"]._work_page(self.connection, "Invoices", page.items)
        self.assertEqual(self.mirrored().status, "paid")
