from odoo import api, fields, models
from odoo.exceptions import UserError

from ..mapping.base import MappingError
from .xero_change import Problem, XeroProblem

# Which model a kind of fix changes; all others are settings of the connection.
FIX_MODELS = {
    "partner": "res.partner",
    "email": "res.partner",
    "product_account": "product.product",
    "category": "product.category",
    "team": "crm.team",
    "product": "product.product",
    "order": "sale.order",
}
FOR_ADMINISTRATORS = ("reconnect",)
# What Odoo only knows from the last time that it asked Xero.
ASKS_XERO = ("lock_date", "currency", "plan", "xero_contact")


class SaleOrder(models.Model):
    """What would keep an order's invoice from Xero, told before anything is sent.

    From what Odoo knows: no call is made while a form opens. Nothing of it forbids the
    click, since Xero has the last word.
    """

    _inherit = "sale.order"

    xero_preflight = fields.Json(
        "Before It Goes to Xero",
        compute="_compute_xero_preflight",
        groups="xero_crm.group_xero_user",
        help="A list of what has to be put right.",
    )

    @api.depends_context("uid", "lang")
    def _compute_xero_preflight(self):
        for order in self:
            # For the form of one order; a list of many has no room for it.
            if len(self) > 1 or not order.id or not order.xero_can_invoice:
                order.xero_preflight = False
                continue
            problems = order.sudo()._get_xero_preflight()
            order.xero_preflight = [
                order._prepare_xero_point(problem) for problem in problems
            ]

    def _compute_xero_remedy(self):
        """See above: whoever may not put it right is told whom to ask."""
        result = super()._compute_xero_remedy()
        for order in self.filtered("xero_can_fix"):
            log = order._get_xero_open_log()
            order.xero_remedy, order.xero_can_fix = order._get_xero_way_out(log)
        return result

    def _get_xero_way_out(self, log):
        """Return what the user can do about a row of the log: its remedy, or whom to
        ask; and whether there is something that the user may fix.

        :param log: `xero.log`, one record or none
        :rtype: tuple
        """
        problem = Problem(log.message, log.remedy, log.fix or "", log.fix_id)
        if not problem.fix:
            return problem.remedy, False
        if self._may_fix_xero(problem):
            return problem.remedy, True
        return self._get_xero_fixers(problem), False

    # === ACTION METHODS === #

    def action_fix_xero_point(self, fix, fix_id):
        """Open where a point of the preflight is put right.

        :param str fix: its kind, as in `Problem`
        :param int fix_id: of the record to open
        :raise UserError: if it is settled meanwhile, or the user may not
        """
        self.ensure_one()
        self._check_xero_user("read")
        for problem in self.sudo()._get_xero_preflight():
            if (problem.fix, problem.fix_id) == (fix, fix_id):
                if not self._may_fix_xero(problem):
                    raise UserError(self._get_xero_fixers(problem))
                return self._get_xero_fix_log(problem).action_fix()
        raise UserError(self.env._("This is settled already. Reload the page."))

    def action_check_xero_again(self):
        """Ask Xero anew what the preflight relies on: currencies, lock dates, rights.

        :raise UserError: if Xero cannot be asked
        """
        self.ensure_one()
        self._check_xero_user("read")
        connection = self.env["xero.connection"]._get_for_company(self.company_id)
        connection._check_exists()
        connection._check_connected()
        with self.env["xero.log"]._explained():
            connection._fetch_organisation()
            self.env["xero.pull"].sudo()._pull_in_transaction(
                connection, ["Currencies"]
            )
        return True

    # === WHO MAY FIX IT === #

    def _prepare_xero_point(self, problem):
        """Return a point as the form shows it.

        :param Problem problem: what is wrong
        :rtype: dict
        """
        may_fix = self._may_fix_xero(problem)
        # What is wrong with the order is put right where the user is already.
        is_here = problem.fix == "order" and problem.fix_id == self.id
        return {
            "message": problem.message,
            "remedy": problem.remedy,
            "fix": problem.fix if may_fix and not is_here else "",
            "fix_id": problem.fix_id,
            "who": "" if may_fix else self._get_xero_fixers(problem),
            "asks_xero": problem.fix in ASKS_XERO,
        }

    def _may_fix_xero(self, problem):
        """Whether the user may change what a problem is about."""
        if problem.fix in FOR_ADMINISTRATORS:
            return self.env.user.has_group("xero_crm.group_xero_admin")
        if problem.fix not in FIX_MODELS:
            return self.env["xero.connection"].has_access("write")
        record = self.env[FIX_MODELS[problem.fix]].browse(problem.fix_id or ())
        return record.has_access("write")

    def _get_xero_fixers(self, problem):
        """Return whom to ask, as a sentence."""
        if problem.fix in ("product", "product_account", "category"):
            return self.env._("Ask somebody who may change products.")
        if problem.fix in ("partner", "email", "order"):
            return self.env._("Ask somebody who may change it.")
        group = "xero_crm.group_xero_accountant"
        sentence = self.env._("Ask your accountant.")
        named = self.env._("Ask your accountant: %(names)s.")
        if problem.fix in FOR_ADMINISTRATORS:
            group = "xero_crm.group_xero_admin"
            sentence = self.env._("Ask your Xero administrator.")
            named = self.env._("Ask your Xero administrator: %(names)s.")
        users = (
            self.env.ref(group)
            .sudo()
            .all_user_ids.filtered(
                lambda user: not user.share and self.company_id in user.company_ids
            )
        )
        # Who is meant is who does nothing else: administrators have all rights.
        names = users.sorted(lambda user: (user._is_system(), user.id))[:2]
        if not names:
            return sentence
        return named % {"names": ", ".join(names.mapped("name"))}

    def _get_xero_fix_log(self, problem):
        """Return a row of the log that is not kept: it knows the way to every fix."""
        connection = self.env["xero.connection"]._get_for_company(self.company_id)
        return self.env["xero.log"].new(
            {
                "connection_id": connection.id,
                "fix": problem.fix,
                "fix_id": problem.fix_id,
                "res_model": self._name,
                "res_id": self.id,
            }
        )

    # === THE POINTS === #

    def _get_xero_preflight(self):
        """Return what would keep the invoice of this order from Xero.

        :rtype: list of Problem
        """
        self.ensure_one()
        connection = self.env["xero.connection"]._get_for_company(self.company_id)
        order = self.with_company(connection.company_id)
        problems = [
            *order._get_xero_connection_problems(connection),
            *order._get_xero_order_problems(connection),
            *order._get_xero_organisation_problems(connection),
        ]
        # Two lines with the same product have the same problem once.
        return list({problem.message: problem for problem in problems}.values())

    def _get_xero_connection_problems(self, connection):
        """Whether anything can go to Xero at all."""
        if connection.state != "connected":
            yield Problem(
                self.env._("Xero no longer accepts the connection."),
                self.env._("It has to be connected again."),
                fix="reconnect",
                fix_id=connection.id,
            )
        elif connection.sync_mode != "live":
            yield Problem(
                self.env._(
                    "%(name)s is in read-only mode: nothing is sent to Xero yet.",
                    name=connection.name,
                ),
                self.env._("Press Go Live on the connection."),
                fix="connection",
                fix_id=connection.id,
            )
        if connection.missing_scopes:
            yield Problem(
                self.env._(
                    "The consent in Xero lacks permissions: %(scopes)s.",
                    scopes=", ".join(connection.missing_scopes.split()),
                ),
                self.env._("Connect again to allow them."),
                fix="reconnect",
                fix_id=connection.id,
            )
        if connection.number_source == "odoo" and not connection.number_sequence_id:
            yield Problem(
                self.env._("Odoo is to number the invoices, but by no sequence."),
                self.env._("Choose one on the connection."),
                fix="connection",
                fix_id=connection.id,
            )

    def _get_xero_order_problems(self, connection):
        """What Odoo's own records lack, in the order in which a person meets it."""
        partner = self.partner_invoice_id.commercial_partner_id
        if self._is_xero_excluded():
            yield Problem(
                self.env._(
                    "%(name)s is excluded from Xero.", name=partner.display_name
                ),
                self.env._("Untick Do Not Sync With Xero to include it."),
                fix="partner",
                fix_id=partner.id,
            )
        if connection._is_before_day_zero(self.date_order):
            yield Problem(
                self.env._(
                    "The order is older than day zero (%(date)s): it was billed before "
                    "Xero was connected.",
                    date=connection.date_start,
                ),
                self.env._("Change day zero on the connection."),
                fix="connection",
                fix_id=connection.id,
            )
        billed = self._get_xero_billable() or self._get_xero_quoted()
        found = []
        for check in self._get_xero_checks(connection, partner, billed):
            try:
                check()
            except XeroProblem as error:
                found.append(error.problem)
            except MappingError as error:
                found.append(self._get_xero_unreadable_problem(error))
        yield from found
        yield from self._get_xero_record_problems(connection, partner, billed)
        if not found:
            yield from self._get_xero_amount_problems(connection, billed)

    def _get_xero_checks(self, connection, partner, billed):
        """Return the checks that are also made before sending, one thing each.

        :rtype: list of callables that raise `XeroProblem`
        """
        lines = [line for line, _q, _t in billed if not line._is_xero_note()]
        return [
            lambda: self._check_xero_email(connection, partner),
            lambda: self._check_xero_archived(connection, partner),
            lambda: self._get_xero_branding_theme_id(connection),
            *(
                lambda line=line: line._check_xero_tax_rate(connection)
                for line in lines
            ),
            *(lambda line=line: line._get_xero_account(connection) for line in lines),
        ]

    def _get_xero_record_problems(self, connection, partner, billed):
        """What Xero would refuse of the customer and the products that go first."""
        for records in (partner, self._get_xero_billed_items(billed)):
            links = self.env["xero.link"]._of(records, connection)
            linked = records.browse(links.filtered("xero_id").mapped("res_id"))
            for record in records - linked:
                try:
                    problem = record._get_xero_problem(connection)
                except MappingError as error:
                    problem = self._get_xero_unreadable_problem(error)
                if problem:
                    yield problem

    def _get_xero_amount_problems(self, connection, billed):
        """What the amounts themselves would be refused for."""
        amounts = self._get_xero_amounts(billed)
        total = sum(untaxed + tax for untaxed, tax in amounts.values())
        try:
            self._check_xero_whole(billed, total)
            self._get_xero_line_datas(connection, billed, amounts)
        except XeroProblem as error:
            yield error.problem
        except MappingError as error:
            yield self._get_xero_unreadable_problem(error)

    def _get_xero_unreadable_problem(self, error):
        return Problem(str(error), "", fix="order", fix_id=self.id)

    def _get_xero_organisation_problems(self, connection):
        """What the organisation in Xero does not let happen, as far as is known."""
        date = fields.Date.context_today(self)
        locked = connection._get_lock_date()
        if locked and date <= locked:
            yield Problem(
                self.env._(
                    "The books are closed up to %(date)s; the invoice is of %(day)s.",
                    date=fields.Date.to_string(locked),
                    day=fields.Date.to_string(date),
                ),
                self.env._("Move the lock date in Xero."),
                fix="lock_date",
                fix_id=connection.id,
            )
        if self._is_xero_currency_missing(connection):
            yield Problem(
                self.env._(
                    "%(organisation)s does not use %(currency)s.",
                    organisation=connection.name,
                    currency=self.currency_id.name,
                ),
                self.env._("Add the currency in Xero, or use another pricelist."),
                fix="currency",
                fix_id=connection.id,
            )
        if connection.invoice_status != "authorised":
            return
        if connection._is_plan_limited():
            yield Problem(
                self.env._(
                    "The Xero plan allows no more approved invoices until %(date)s.",
                    date=fields.Date.to_string(connection.plan_limited_until),
                ),
                self.env._("Upgrade the plan in Xero, or create drafts meanwhile."),
                fix="plan",
                fix_id=connection.id,
            )
        if not connection.may_approve:
            yield Problem(
                self.env._(
                    "The person who connected Xero may not approve invoices there."
                ),
                self.env._("Connect as somebody who may, or create drafts."),
                fix="plan",
                fix_id=connection.id,
            )

    def _is_xero_currency_missing(self, connection):
        """Whether Xero is known not to use the order's currency."""
        if self.currency_id == connection.base_currency_id:
            return False
        known = self.env["xero.currency"].search(
            [("connection_id", "=", connection.id)]
        )
        return bool(known) and self.currency_id.name not in known.mapped("xero_key")
