"""Xero's stock figures move by themselves: taken over, and no update to be told."""

from odoo.tests import tagged

from .common import XeroCommon


@tagged("post_install", "-at_install")
class TestStockFigures(XeroCommon):
    def prepare(self):
        super().prepare()
        self.item = self.org.add_item(Code="RIMU-1", price="250.00", Name="Rimu Table")
        self.move_stock("12")
        self.pull("Items")

    def move_stock(self, quantity, **fields):
        self.org.touch(
            self.item, IsTrackedAsInventory=True, QuantityOnHand=quantity, **fields
        )

    def get_rows(self):
        return self.env["xero.log"].search(
            [("resource", "=", "Items"), ("operation", "=", "update")]
        )

    def preview(self):
        wizard = self.env["xero.sync.wizard"].create(
            {
                "connection_id": self.connection.id,
                "mode": "preview",
                "direction": "pull",
                "sync_contacts": False,
                "sync_invoices": False,
            }
        )
        wizard.action_run()
        return wizard.line_ids

    def test_figure_arrives_without_an_update(self):
        self.assertEqual(self.product.xero_quantity_on_hand, 12.0)
        self.move_stock("9.5")
        self.assertEqual(self.preview().operation, "unchanged")
        self.assertEqual(self.product.xero_quantity_on_hand, 12.0)
        self.pull("Items")
        self.assertEqual(self.product.xero_quantity_on_hand, 9.5)
        self.assertFalse(self.get_rows())

    def test_figure_beside_a_change_of_a_person(self):
        """The update is told by what the person changed."""
        self.move_stock("9.5", Name="Rimu Dining Table")
        line = self.preview()
        self.assertEqual(line.operation, "update")
        self.assertIn("Rimu Dining Table", line.changes)
        self.assertNotIn("quantity", line.changes)
        self.pull("Items")
        self.assertEqual(self.product.name, "Rimu Dining Table")
        self.assertEqual(self.product.xero_quantity_on_hand, 9.5)
        self.assertEqual(len(self.get_rows()), 1)

    def test_figure_is_not_sent_back(self):
        self.move_stock("3")
        self.pull("Items")
        self.xero.reset_calls()
        self.push()
        self.assertFalse(self.xero.calls)
