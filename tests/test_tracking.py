from psycopg2.errors import UniqueViolation

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .test_bad_input import BadInputCase


class TrackingCase(BadInputCase):
    """Xero's two categories, Region and Team, mirrored."""

    def prepare(self):
        super().prepare()
        self.pull("TrackingCategories", "BrandingThemes")
        categories = self.connection.tracking_category_ids.sorted("name")
        self.region, self.team_category = categories
        self.team = self.env["crm.team"].create({"name": "Northern Sales"})

    def option(self, name):
        options = self.env["xero.tracking.option"].with_context(active_test=False)
        return options.search(
            [("connection_id", "=", self.connection.id), ("name", "=", name)]
        )

    def make_row(self, option, **vals):
        option = self.option(option)
        return self.env["xero.tracking.map"].create(
            {
                "category_id": option.category_id.id,
                "option_id": option.id,
                **vals,
            }
        )

    def analytic(self, name):
        plan = self.env["account.analytic.plan"].create({"name": f"Plan {name}"})
        return self.env["account.analytic.account"].create(
            {"name": name, "plan_id": plan.id}
        )

    def get_tracking(self, order=None):
        """Return category and option of the order's line, as Xero has them."""
        order = order or self._create_order(team_id=self.team.id)
        order.action_create_xero_invoice()
        self.assertFalse(order.xero_error)
        [line] = self.org.invoices[order.xero_invoice_ids.xero_id]["LineItems"]
        return {(row["Name"], row["Option"]) for row in line["Tracking"]}

    def archive_option(self, name):
        """Archive an option in Xero, and fetch that."""
        for category in list(self.org.tracking_categories.values()):
            options = [
                {**option, "Status": "ARCHIVED" if option["Name"] == name else "ACTIVE"}
                for option in category["Options"]
            ]
            self.org.tracking_categories.put({**category, "Options": options})
        self.pull("TrackingCategories")


@tagged("post_install", "-at_install")
class TestTracking(TrackingCase):
    def test_categories_and_options_are_mirrored(self):
        self.assertEqual(self.region.name, "Region")
        names = set(self.region.option_ids.mapped("name"))
        self.assertEqual(names, {"North", "South", "East", "West"})
        self.assertEqual(self.option("North").connection_id, self.connection)

    def test_changes_of_the_list(self):
        self.org.update(
            "TrackingCategories",
            TrackingCategoryID=self.region.xero_key,
            Name="Territory",
        )
        self.org.update(
            "TrackingCategories",
            TrackingCategoryID=self.team_category.xero_key,
            Status="ARCHIVED",
        )
        self.pull("TrackingCategories")
        self.assertFalse(self.team_category.active)
        self.assertEqual(self.region.name, "Territory")
        self.archive_option("West")
        self.assertFalse(self.option("West").active)
        for category in list(self.org.tracking_categories.values()):
            self.org.tracking_categories.put({**category, "Status": "ARCHIVED"})
        self.pull("TrackingCategories")
        self.assertFalse(self.connection.tracking_category_ids)

    def test_renamed_option_keeps_its_rows(self):
        row = self.make_row("North", team_id=self.team.id)
        category = self.org.tracking_categories[self.region.xero_key]
        options = [
            {**o, "Name": "Far North"} if o["Name"] == "North" else o
            for o in category["Options"]
        ]
        self.org.tracking_categories.put({**category, "Options": options})
        self.pull("TrackingCategories")
        self.assertEqual(row.option_id.name, "Far North")
        self.assertEqual(self.get_tracking(), {("Region", "Far North")})

    def test_nothing_is_tracked_where_nobody_said_so(self):
        self.assertEqual(self.get_tracking(), set())

    def test_team_salesperson_and_analytic_account(self):
        self.make_row("North", team_id=self.team.id)
        self.assertEqual(self.get_tracking(), {("Region", "North")})
        self.make_row("South", kind="user", user_id=self.user_rep.id)
        order = self._create_order(team_id=self.team.id, user_id=self.user_rep.id)
        self.assertEqual(self.get_tracking(order), {("Region", "South")})
        account = self.analytic("Eastern project")
        self.make_row("East", kind="analytic", analytic_account_id=account.id)
        order = self._create_order(team_id=self.team.id, user_id=self.user_rep.id)
        order.order_line.analytic_distribution = {str(account.id): 100}
        self.assertEqual(self.get_tracking(order), {("Region", "East")})

    def test_both_categories_and_the_default(self):
        self.make_row("North", team_id=self.team.id)
        self.team_category.default_option_id = self.option("Service")
        both = {("Region", "North"), ("Team", "Service")}
        self.assertEqual(self.get_tracking(), both)

    def test_accounts_of_several_plans_in_one_key(self):
        first, second = self.analytic("A"), self.analytic("B")
        self.make_row("East", kind="analytic", analytic_account_id=second.id)
        order = self._create_order()
        order.order_line.analytic_distribution = {f"{first.id},{second.id}": 100}
        self.assertEqual(self.get_tracking(order), {("Region", "East")})

    def test_line_that_is_split_between_options(self):
        first, second = self.analytic("A"), self.analytic("B")
        self.make_row("East", kind="analytic", analytic_account_id=first.id)
        self.make_row("West", kind="analytic", analytic_account_id=second.id)
        line = self.order.order_line
        line.analytic_distribution = {str(first.id): 50, str(second.id): 50}
        log = self.assertHeld("is split between East, West")
        self.assertNothingSent()
        self.assertFixOpens(log, "sale.order", self.order.id)
        line.analytic_distribution = {str(first.id): 100}
        self.assertGoesOn(log)

    def test_archived_option_is_refused_and_never_dropped(self):
        row = self.make_row("North", team_id=self.team.id)
        self.order.team_id = self.team
        self.archive_option("North")
        self.assertTrue(row.is_archived)
        [message] = self.connection.message_ids.filtered(
            lambda m: "archived in Xero: North" in (m.body or "")
        )
        log = self.assertHeld("is to be filed under North (Region)")
        self.assertNothingSent()
        action = log.action_fix()
        self.assertIn(row, self.env["xero.tracking.map"].search(action["domain"]))
        banner = self.env["xero.tracking.map"].get_banner()
        self.assertEqual(banner["level"], "warning")
        row.option_id = self.option("South")
        self.assertEqual(log._get_link().state, "pending")
        self.assertGoesOn(log)
        self.assertEqual(self.get_tracking(self.order), {("Region", "South")})

    def test_option_that_xero_archived_since_the_last_fetch(self):
        self.make_row("North", team_id=self.team.id)
        self.order.team_id = self.team
        category = self.org.tracking_categories[self.region.xero_key]
        self.org.tracking_categories.put({**category, "Options": []})
        self.order.action_create_xero_invoice()
        self.assertIn("does not accept the tracking", self.order.xero_error)
        action = self.order.action_fix_xero()
        self.assertEqual(action["res_model"], "xero.tracking.map")

    def test_rows_by_name(self):
        self.env["crm.team"].create({"name": "east"})
        maps = self.env["xero.tracking.map"]
        maps.with_user(self.user_accountant).action_match_names()
        rows = maps.search([("category_id", "=", self.region.id)])
        self.assertEqual(rows.option_id.name, "East")
        self.assertEqual(rows.team_id.name, "east")
        count = maps.search_count([])
        maps.action_match_names()
        self.assertEqual(maps.search_count([]), count)

    def test_rows_that_cannot_be(self):
        self.make_row("North", team_id=self.team.id)
        with mute_logger("odoo.sql_db"), self.assertRaises(UniqueViolation):
            self.make_row("South", team_id=self.team.id)
        with self.assertRaises(ValidationError):
            team = self.env["crm.team"].create({"name": "Other"})
            self.make_row("South", kind="user", team_id=team.id)
        with self.assertRaises(ValidationError):
            self.make_row("South", kind="user", user_id=self.env.uid).write(
                {"option_id": self.option("Service").id}
            )

    def test_only_the_default_of_a_category_is_odoos(self):
        region = self.region.with_user(self.user_accountant)
        region.default_option_id = self.option("North")
        with self.assertRaises(AccessError):
            region.name = "Other"
        with self.assertRaises(AccessError):
            self.region.with_user(self.user_rep).default_option_id = False

    def test_lines_of_many_orders_cost_no_query_each(self):
        self.make_row("North", team_id=self.team.id)
        orders = self.env["sale.order"]
        for _number in range(4):
            orders |= self._create_order(team_id=self.team.id)
        lines = orders.order_line
        lines[:1]._get_xero_tracking(self.connection)
        lines.mapped("analytic_distribution")
        with self.assertQueryCount(0):
            for line in lines:
                line._get_xero_tracking(self.connection)


@tagged("post_install", "-at_install")
class TestBrandingTheme(TrackingCase):
    def get_theme(self, order=None):
        order = order or self._create_order(team_id=self.team.id)
        order.action_create_xero_invoice()
        self.assertFalse(order.xero_error)
        return self.org.invoices[order.xero_invoice_ids.xero_id].get("BrandingThemeID")

    def theme(self, name):
        themes = self.env["xero.branding.theme"]
        return themes.search(
            [("connection_id", "=", self.connection.id), ("name", "=", name)]
        )

    def test_team_then_connection_then_xeros_default(self):
        standard = self.theme("Standard").xero_key
        self.assertIn(self.get_theme(), (None, standard))
        self.connection.branding_theme_id = self.theme("Wholesale")
        self.assertEqual(self.get_theme(), self.theme("Wholesale").xero_key)
        self.team.xero_branding_theme_id = self.theme("Special Projects")
        self.assertEqual(self.get_theme(), self.theme("Special Projects").xero_key)
        order = self._create_order(team_id=False)
        self.assertEqual(self.get_theme(order), self.theme("Wholesale").xero_key)

    def test_theme_that_was_deleted_in_xero(self):
        wholesale = self.theme("Wholesale")
        self.team.xero_branding_theme_id = wholesale
        self.order.team_id = self.team
        self.org.branding_themes.drop(wholesale.xero_key)
        self.pull("BrandingThemes")
        log = self.assertHeld("The branding theme Wholesale of Northern Sales")
        self.assertNothingSent()
        self.assertFixOpens(log, "crm.team", self.team.id)
        self.team.xero_branding_theme_id = False
        self.assertEqual(log._get_link().state, "pending")
        self.assertGoesOn(log)

    def test_accountant_chooses_the_teams_of_a_theme(self):
        wholesale = self.theme("Wholesale").with_user(self.user_accountant)
        wholesale.team_ids = self.team
        self.assertEqual(self.team.xero_branding_theme_id, wholesale)
        self.assertEqual(self.get_theme(), wholesale.xero_key)
        wholesale.team_ids = False
        self.assertFalse(self.team.xero_branding_theme_id)
        with self.assertRaises(AccessError):
            wholesale.name = "Other"
        with self.assertRaises(AccessError):
            wholesale.with_user(self.user_rep).team_ids = self.team
