from datetime import timedelta

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import XeroCommon


class LogCase(XeroCommon):
    def get_logs(self, **wanted):
        domain = [("connection_id", "=", self.connection.id)]
        domain += [(name, "=", value) for name, value in wanted.items()]
        return self.env["xero.log"].search(domain, order="id")

    def make_failing(self, count=1):
        """Return customers that Xero cannot take, and the rows that say so."""
        customers = self.env["res.partner"].create(
            [{"name": f"{n}{'x' * 300}", "is_company": True} for n in range(count)]
        )
        customers.action_xero_push()
        return customers, self.get_logs(state="error")


@tagged("post_install", "-at_install")
class TestLog(LogCase):
    """Every movement, every failure: what, why, what to do."""

    def test_success_rows_of_both_directions(self):
        self.customer.action_xero_push()
        self.assertRecordValues(
            self.get_logs(),
            [
                {
                    "state": "success",
                    "direction": "push",
                    "operation": "create",
                    "resource": "Contacts",
                    "res_model": "res.partner",
                    "res_id": self.customer.id,
                    "record_name": "Kauri Builders",
                    "xero_id": self.customer.xero_contact_id,
                }
            ],
        )
        contact = self.org.add_contact(Name="Tui Tours")
        self.pull("Contacts")
        row = self.get_logs(xero_id=contact["ContactID"])
        self.assertRecordValues(
            row, [{"state": "success", "direction": "pull", "operation": "create"}]
        )
        self.assertEqual(row.changes["name"], ["", "Tui Tours", ""])

    def test_update_shows_old_and_new_values(self):
        self.customer.action_xero_push()
        self.customer.phone = "+64 9 555 0909"
        self.push()
        row = self.get_logs(operation="update")
        self.assertEqual(
            row.changes, {"phone": ["+64 9 555 0101", "+64 9 555 0909", "only_odoo"]}
        )
        self.assertIn("Phone: +64 9 555 0101 → +64 9 555 0909", row.changes_text)

    def test_nothing_changed_logs_nothing(self):
        self.customer.action_xero_push()
        self.pull("Contacts")
        count = len(self.get_logs())
        self.pull("Contacts")
        self.customer.comment = "not Xero's business"
        self.push()
        self.assertEqual(len(self.get_logs()), count)

    def test_error_row_names_cause_remedy_and_record(self):
        customer, log = self.make_failing()
        self.assertRecordValues(
            log,
            [
                {
                    "direction": "push",
                    "operation": "refuse",
                    "res_model": "res.partner",
                    "res_id": customer.id,
                    "fix": "partner",
                    "fix_id": customer.id,
                }
            ],
        )
        self.assertTrue(log.remedy.endswith("."))
        self.assertEqual(self.connection.error_count, 1)
        self.assertEqual(self.connection.failing_count, 1)

    def test_failing_again_keeps_one_open_row(self):
        customer, log = self.make_failing()
        log.action_resync()
        rows = self.get_logs(state="error")
        self.assertEqual(len(rows), 1)
        self.assertNotEqual(rows, log)
        self.assertEqual(customer.xero_sync_state, "error")

    def test_resync_after_the_correction(self):
        customer, log = self.make_failing()
        customer.name = "Kea Ltd"
        log.with_user(self.user_accountant).action_resync()
        self.assertEqual(log.state, "resolved")
        self.assertEqual(customer.xero_sync_state, "synced")
        self.assertEqual(self.connection.error_count, 0)

    def test_row_closes_by_itself_when_it_works_later(self):
        customer, log = self.make_failing()
        customer.name = "Kea Ltd"
        self.push()
        self.assertEqual(log.state, "resolved")
        self.assertFalse(log.resolved_by_id, "no person did it")

    def test_mark_as_resolved(self):
        _customer, log = self.make_failing()
        log.with_user(self.user_accountant).action_resolve()
        self.assertRecordValues(
            log, [{"state": "resolved", "resolved_by_id": self.user_accountant.id}]
        )

    def test_resolving_leaves_success_rows_alone(self):
        self.customer.action_xero_push()
        rows = self.get_logs()
        rows.action_resolve()
        self.assertEqual(rows.state, "success")

    def test_do_not_sync_in_bulk(self):
        customers, logs = self.make_failing(3)
        self.assertEqual(len(logs), 3)
        logs.with_user(self.user_accountant).action_do_not_sync()
        self.assertEqual(set(logs.mapped("state")), {"resolved"})
        self.assertEqual(set(customers.mapped("xero_sync_state")), {"excluded"})
        self.push()
        self.assertFalse(self.org.contacts)
        self.assertFalse(self.get_logs(state="error"))

    def test_resync_in_bulk(self):
        customers, logs = self.make_failing(3)
        for number, customer in enumerate(customers):
            customer.name = f"Kea {number}"
        logs.with_user(self.user_accountant).action_resync()
        self.assertEqual(set(logs.mapped("state")), {"resolved"})
        self.assertEqual(len(self.org.contacts), 3)
        self.assertEqual(self.xero.calls["PUT Contacts"], 1)

    def test_resync_needs_a_connected_organisation(self):
        _customer, log = self.make_failing()
        self.connection._set_reconnect("test")
        with self.assertRaisesRegex(UserError, "not connected"):
            log.action_resync()

    def test_resync_of_what_was_deleted_meanwhile(self):
        customer, log = self.make_failing()
        customer.unlink()
        log.action_resync()
        self.assertFalse(self.get_logs(state="error") - log)

    def test_old_movements_are_cleaned_open_problems_stay(self):
        self.customer.action_xero_push()
        _customer, log = self.make_failing()
        done = self.get_logs(state="success")
        old = fields.Datetime.now() - timedelta(days=91)
        self.env.flush_all()
        self.env.cr.execute("UPDATE xero_log SET create_date = %s", [old])
        self.env.invalidate_all()
        fresh = self.get_logs()
        self.env["xero.log"]._gc_success()
        self.assertTrue(fresh)
        self.assertFalse(done.exists())
        self.assertTrue(log.exists())
        log.action_resolve()
        self.env["xero.log"]._gc_success()
        self.assertFalse(log.exists())


@tagged("post_install", "-at_install")
class TestFetchLog(LogCase):
    """What could not be taken over from Xero."""

    def test_failed_fetch_has_one_open_row_and_closes_when_it_works(self):
        for _time in range(2):
            self.xero.fail("GET Contacts", "503", times=2)
            try:
                self.pull("Contacts")
            except Exception as error:
                self.assertIn("not available", str(error))
            self.xero.clear_faults()
            self.env.invalidate_all()
        log = self.get_logs(state="error")
        self.assertEqual(len(log), 1)
        self.assertIn("could not be reached", log.message)
        self.pull("Contacts")
        self.assertEqual(log.state, "resolved")

    def test_unreadable_contact_is_logged_and_fetched_again_by_resync(self):
        contact = self.org.add_contact(Name="Tui Tours")
        self.org.touch(contact, Name=None)
        self.pull("Contacts")
        log = self.get_logs(state="error")
        self.assertEqual(log.xero_id, contact["ContactID"])
        self.assertTrue(log.remedy)
        self.org.touch(contact, Name="Tui Tours")
        log.with_user(self.user_accountant).action_resync()
        self.assertEqual(log.state, "resolved")
        self.assertTrue(self.env["res.partner"].search([("name", "=", "Tui Tours")]))

    def test_conflict_waits_for_a_person(self):
        self.connection.conflict_policy = "ask"
        self.customer.action_xero_push()
        for verb, ours, theirs, city in (
            ("action_keep_odoo", "Napier", "Oamaru", "Napier"),
            ("action_keep_xero", "Picton", "Rotorua", "Rotorua"),
        ):
            with self.subTest(verb):
                self.change_both_sides(ours, theirs)
                self.pull("Contacts")
                log = self.get_logs(state="conflict")
                self.assertEqual(len(log), 1)
                self.assertIn("Both sides changed", log.message)
                self.assertEqual(self.customer.xero_sync_state, "conflict")
                self.assertEqual(self.customer.city, ours)
                getattr(log.with_user(self.user_accountant), verb)()
                self.push()
                self.assertEqual(log.state, "resolved")
                self.assertEqual(self.customer.city, city)
                self.assertEqual(self.customer.xero_sync_state, "synced")
                self.assertIn(city, str(self.get_contact()["Addresses"]))

    def get_contact(self):
        return self.org.contacts[self.customer.xero_contact_id]

    def change_both_sides(self, ours, theirs):
        self.customer.city = ours
        addresses = [
            {**address, "City": theirs}
            if address["AddressType"] == "POBOX"
            else address
            for address in self.get_contact()["Addresses"]
        ]
        self.org.update(
            "Contacts", ContactID=self.customer.xero_contact_id, Addresses=addresses
        )
