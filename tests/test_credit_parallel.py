"""Credit notes by two people at once, and by workers that die, in real transactions."""

import time

from odoo.service.model import retrying
from odoo.tests import tagged

from .common_parallel import LIMIT, RealTransactions


@tagged("post_install", "-at_install")
class TestCreditParallel(RealTransactions):
    def _fill(self):
        """The order is invoiced, and a dialog of a credit note is open."""
        with self.transaction() as env:
            connection = env["xero.connection"].browse(self.connection_id)
            connection.invoice_status = "authorised"
            env["sale.order"].browse(self.order_id).action_create_xero_invoice()
            env.cr.commit()  # pylint: disable=invalid-commit
        self.push_until_done()
        with self.transaction() as env:
            invoice = env["sale.order"].browse(self.order_id).xero_invoice_ids
            self.dialog_ids = [self.open_dialog(invoice) for _number in range(2)]

    def open_dialog(self, invoice):
        wizard = invoice.env["xero.credit.wizard"]
        dialog = wizard.browse(invoice.action_credit()["res_id"])
        dialog.reason = "Came back"
        return dialog.id

    def confirm(self, env):
        """Both people, each in their own dialog; the second one is told."""
        dialog = env["xero.credit.wizard"].browse(self.dialog_ids.pop())
        retrying(dialog.action_credit, env)

    def assert_one_credit_note(self):
        self.push_until_done()
        [credit] = self.org.credit_notes.values()
        self.assertEqual((credit["Total"], credit["Status"]), (575, "PAID"))
        self.assertEqual(len(credit["Allocations"]), 1)
        with self.transaction() as env:
            invoice = env["sale.order"].browse(self.order_id).xero_invoice_ids
            self.assertEqual(invoice.payment_status, "credited")
            self.assertEqual(len(invoice.credit_note_ids), 1)

    def _delete(self):
        with self.transaction() as env:
            links = env["xero.link"].search(
                [("connection_id", "=", self.connection_id)]
            )
            asked = ("CreditNotes", "Allocations", "Payments")
            links.filtered(lambda link: link.resource in asked).unlink()
            credits = [("connection_id", "=", self.connection_id)]
            env["xero.credit.note"].search(credits).unlink()
        return super()._delete()

    def test_two_dialogs_at_once_make_one_credit_note(self):
        self.xero.fail("PUT CreditNotes", "slow", times=None, seconds=0.3)
        worker = self.start_worker(self.side_by_side(2, self.confirm))
        worker.join(LIMIT)
        self.assertEqual(worker.exitcode, 1, "one of the two is refused")
        self.assert_one_credit_note()

    def kill_worker_in(self, route, kind, seconds):
        """Let the worker die by SIGKILL while Xero has its call."""
        self.xero.fail(route, kind, seconds=seconds)
        worker = self.start_worker(self.side_by_side(1, self.confirm))
        self.wait_for_call(route)
        worker.kill()
        worker.join(LIMIT)

    def test_killed_between_the_call_and_the_commit(self):
        for route in ("PUT CreditNotes", "PUT CreditNotes/Allocations"):
            for kind in ("timeout_before", "timeout_after"):
                with self.subTest(route=route, kind=kind):
                    self.kill_worker_in(route, kind, 30)
                    self.assert_one_credit_note()
                    self._delete()
                    self._start_anew()

    def test_killed_while_xero_is_at_work(self):
        self.kill_worker_in("PUT CreditNotes", "slow", 2)
        self.push_until_done()
        time.sleep(2)
        self.assert_one_credit_note()
