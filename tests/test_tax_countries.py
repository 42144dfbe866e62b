from decimal import Decimal

from odoo.tests import tagged

from .common_tax import TaxCase


@tagged("post_install", "-at_install")
class TestTaxCountries(TaxCase):
    """Real-life sets of taxes: what the customer's place makes of the invoice."""

    def place(self, code, state=None):
        """Return what makes a customer live somewhere."""
        found = {"country_id": self.env.ref(f"base.{code}").id}
        if state:
            found["state_id"] = self.env.ref(f"base.{state}").id
        return found

    def assertRow(self, tax, tax_type, state, sureness):
        row = self.row_of(tax)
        rate = row.tax_rate_id or row.proposed_rate_id
        self.assertEqual(
            (rate.tax_type or "", row.review_state, row.sureness),
            (tax_type, state, sureness),
            f"{tax.name}: {row.why}",
        )

    def test_new_zealand(self):
        self.use("NZ", "NZD")
        gst = self.make_tax("15%", 15, "Sale (15%)")
        export = self.make_tax("0% EX", 0, "Zero/Export (0%) Sale")
        exempt = self.make_tax("Exempt", 0)
        self.make_position("New Zealand", gst, gst, country_id=self.country.id)
        self.make_position("Overseas", export, gst)
        self.assertRow(gst, "OUTPUT2", "proposed", "sure")
        self.assertRow(export, "ZERORATED", "missing", "likely")
        self.assertRow(exempt, "", "missing", "unclear")
        self.env["xero.tax.map"].action_accept_all()
        self.assertInvoiced(
            self.sell(100, gst, **self.place("nz")), "OUTPUT2", "115.00"
        )
        self.assertInvoiced(self.sell(100, **self.place("au")), "ZERORATED", "100.00")
        self.row_of(exempt).tax_rate_id = self.rate("NONE")
        order = self.sell(100, exempt, **self.place("nz"))
        self.assertInvoiced(order, "NONE", "100.00")

    def test_australia(self):
        self.use("AU", "AUD")
        gst = self.make_tax("10% GST", 10, "GST Sales")
        export = self.make_tax("0% EX", 0, "GST Free on Export Sales")
        free = self.make_tax("0% F", 0, "GST Free Sales", invoice_label="0% Exempt")
        taxed_at_input = self.make_tax("0% INP", 0, "Input Taxed Sales")
        excluded = self.make_tax("BAS Excluded", 0)
        wine = self.make_tax("WET", 29, "Wine Equalisation Tax")
        self.make_position("Australia", gst, gst, country_id=self.country.id)
        self.make_position("Overseas", export, gst)
        for tax, tax_type in (
            (gst, "OUTPUT"),
            (export, "EXEMPTEXPORT"),
            (free, "EXEMPTOUTPUT"),
            (taxed_at_input, "INPUTTAXED"),
            (excluded, "BASEXCLUDED"),
        ):
            self.assertRow(tax, tax_type, "proposed", "sure")
        self.assertRow(wine, "", "missing", "unclear")
        self.assertIn("no sales rate of 29", self.row_of(wine).why)
        self.assertEqual(self.connection.default_tax_rate_id.tax_type, "BASEXCLUDED")
        at_home = self.place("au")
        self.assertInvoiced(self.sell(100, gst, **at_home), "OUTPUT", "110.00")
        self.assertInvoiced(
            self.sell(100, **self.place("nz")), "EXEMPTEXPORT", "100.00"
        )
        self.assertInvoiced(self.sell(100, free, **at_home), "EXEMPTOUTPUT", "100.00")
        none = self.env["account.tax"]
        self.assertInvoiced(self.sell(100, none, **at_home), "BASEXCLUDED", "100.00")

    def test_united_kingdom(self):
        self.use("GB", "GBP")
        standard = self.make_tax("20%", 20)
        reduced = self.make_tax("5%", 5)
        zero = self.make_tax("0%", 0, "Zero Rated Sales")
        exempt = self.make_tax("Exempt", 0)
        europe = self.make_tax("0% EU (NIR)", 0)
        reverse = self.make_tax("0% RC", 0, "Reverse Charge (Domestic)")
        export = self.make_tax("0% EX", 0)
        self.make_position(
            "United Kingdom", standard, standard, country_id=self.country.id
        )
        self.make_position(
            "EU business",
            europe,
            standard,
            country_group_id=self.env.ref("base.europe").id,
        )
        self.make_position("Rest of world", export, standard)
        for tax, tax_type in (
            (standard, "OUTPUT2"),
            (reduced, "RROUTPUT"),
            (zero, "ZERORATEDOUTPUT"),
            (exempt, "EXEMPTOUTPUT"),
        ):
            self.assertRow(tax, tax_type, "proposed", "sure")
        for tax, names in (
            (europe, ("EC Goods Income", "EC Services")),
            (reverse, ("Reverse Charge @ 20%", "Reverse Charge @ 5%")),
            (export, ("Zero Rated Income", "No VAT")),
        ):
            self.assertRow(tax, "", "missing", "unclear")
            for name in names:
                self.assertIn(name, self.row_of(tax).why)
        self.row_of(europe).tax_rate_id = self.rate("ECZROUTPUT")
        self.row_of(reverse).tax_rate_id = self.rate("DRCHARGESUPPLY20")
        self.row_of(export).tax_rate_id = self.rate("ZERORATEDOUTPUT")
        at_home = self.place("uk")
        self.assertInvoiced(self.sell(100, standard, **at_home), "OUTPUT2", "120.00")
        self.assertInvoiced(self.sell(100, **self.place("de")), "ECZROUTPUT", "100.00")
        order = self.sell(100, **self.place("us"))
        self.assertInvoiced(order, "ZERORATEDOUTPUT", "100.00")
        self.assertInvoiced(self.sell(100, reduced, **at_home), "RROUTPUT", "105.00")
        self.assertInvoiced(
            self.sell(100, reverse, **at_home), "DRCHARGESUPPLY20", "100.00"
        )

    def test_united_states(self):
        self.use("US", "USD")
        state = self.make_tax("California State 7.25%", 7.25)
        county = self.make_tax("Alameda County 3%", 3)
        exempt = self.make_tax("Tax Exempt", 0)
        self.org.create(
            "TaxRates",
            Name="Alameda, California",
            TaxComponents=[
                {"Name": "California", "Rate": Decimal("7.25")},
                {"Name": "Alameda County", "Rate": Decimal(3)},
            ],
        )
        self.make_position(
            "California",
            state | county,
            state,
            country_id=self.country.id,
            state_ids=[(6, 0, self.env.ref("base.state_us_5").ids)],
        )
        self.make_position("Other states", exempt, state, country_id=self.country.id)
        self.assertRow(exempt, "NONE", "proposed", "sure")
        self.pull("TaxRates")
        order = self.sell(100, state, **self.place("us", "state_us_5"))
        self.assertEqual(order.order_line.tax_ids, state | county)
        order.action_create_xero_invoice()
        self.assertIn("are together on", order.xero_error)
        row = self.row_of(state, county)
        self.assertEqual((row.review_state, row.sureness), ("missing", "sure"))
        self.assertEqual(row.proposed_rate_id.components[:12], "California 7")
        row.action_accept()
        self.push()
        self.assertInvoiced(order, row.tax_rate_id.tax_type, "110.25")
        # They are mapped together: alone, nobody has to map them.
        self.assertEqual(self.row_of(state).review_state, "part")
        self.assertNotIn(county, self.connection._get_unmapped_taxes())
        order = self.sell(100, state, **self.place("us", "state_us_27"))
        self.assertInvoiced(order, "NONE", "100.00")
