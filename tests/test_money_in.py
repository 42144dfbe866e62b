from odoo.fields import Command
from odoo.tests import tagged

from .common import XeroCommon


@tagged("post_install", "-at_install")
class TestMoneyIn(XeroCommon):
    """What customers pay online in Odoo is paid in Xero as well."""

    def test_a_transaction_is_named_after_the_invoices_that_it_pays(self):
        invoices = self.env["xero.invoice"].create(
            [
                {"connection_id": self.connection.id, "number": number}
                for number in ("INV-0007", "INV-0008")
            ]
        )
        transactions = self.env["payment.transaction"]
        name = transactions._compute_reference(
            "none", xero_invoice_ids=[Command.set(invoices.ids)]
        )
        self.assertEqual(name, "INV-0007-INV-0008")
        invoices[0].number = False
        name = transactions._compute_reference(
            "none", xero_invoice_ids=[Command.set(invoices.ids)], prefix=None
        )
        self.assertTrue(name.startswith("tx-"), "a number that is not there names none")
