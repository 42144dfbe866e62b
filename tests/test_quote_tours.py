from odoo.tests import HttpCase, tagged

from .common import XeroCommonMixin


@tagged("post_install", "-at_install")
class TestQuoteTours(XeroCommonMixin, HttpCase):
    """From a quotation to its quote, its answer and its invoice, in a real browser."""

    def prepare(self):
        super().prepare()
        # The organisation of the demo data would stand in the way.
        others = self.env["xero.connection"].search([]) - self.connection
        others.active = False
        self.map_reference_data()
        self.order = self._create_order(confirm=False)

    def start(self, tour):
        self.start_tour(f"/odoo/sales/{self.order.id}", tour, login="xero_rep")

    def test_quotation_quote_accepted_confirmed_invoiced(self):
        self.start("xero_crm_quote")
        [wire] = self.org.quotes.values()
        self.order.action_quotation_sent()
        self.push()
        self.org.accept_quote(wire)
        self.pull("Quotes")
        self.start("xero_crm_quote_accepted")
        self.assertEqual(self.order.state, "sale")
        self.push()
        [wire] = self.org.quotes.values()
        self.assertEqual(wire["Status"], "INVOICED")

    def test_both_changed(self):
        self.order.action_create_xero_quote()
        [wire] = self.org.quotes.values()
        names = ("LineItemID", "Description", "Quantity", "TaxType", "AccountCode")
        line = {name: wire["LineItems"][0][name] for name in names}
        self.org.edit_quote(wire, LineItems=[{**line, "UnitAmount": 200}])
        self.order.order_line.product_uom_qty = 3
        self.push()
        self.start("xero_crm_quote_compare")
        [wire] = self.org.quotes.values()
        self.assertEqual(float(wire["Total"]), 862.5)
