from odoo import api, fields, models
from odoo.exceptions import UserError

# What Odoo only knows from the last time that it asked Xero.
ASKS_XERO = ("lock_date", "currency", "plan", "xero_contact")


class SaleOrder(models.Model):
    """What would keep a quotation or an order from Xero, told before anything is sent.

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
            if len(self) > 1 or not order.id or not order._is_xero_preflighted():
                order.xero_preflight = False
                continue
            problems = order.sudo()._get_xero_preflight()
            order.xero_preflight = [
                order._prepare_xero_point(problem) for problem in problems
            ]

    def _is_xero_preflighted(self):
        """Whether a button that sends this order to Xero is offered: as an invoice, or,
        once there is something on it, as a quote."""
        return self.xero_can_invoice or (
            self.xero_can_quote
            and any(not line.display_type for line in self.order_line)
        )

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

    # === THE POINTS === #

    def _get_xero_preflight(self):
        """Return what would keep the document that this order becomes next from Xero:
        a quotation's quote, an order's invoice. One record.

        :rtype: list of Problem
        """
        self.ensure_one()
        connection = self.env["xero.connection"]._get_for_company(self.company_id)
        order = self.with_company(connection.company_id)
        problems = (
            order._get_xero_invoice_problems(connection)
            if self.state == "sale"
            else order._get_xero_quote_problems(connection)
        )
        # Two lines with the same product have the same problem once.
        return list({problem.message: problem for problem in problems}.values())

    def _get_xero_invoice_problems(self, connection):
        """What would keep the invoice of this order from Xero. One record.

        :param connection: `xero.connection`, one record
        :rtype: iterator of Problem
        """
        billed = self._get_xero_billable() or self._get_xero_quoted()
        yield from connection._get_sending_problems()
        yield from connection._get_numbering_problems()
        yield from self._get_xero_inclusion_problems(connection)
        found = [
            *self._get_xero_email_problems(connection),
            *self._get_xero_archived_problems(connection),
            *self._get_xero_line_problems(connection, billed),
        ]
        yield from found
        yield from self._get_xero_record_problems(connection, billed)
        if not found:
            yield from self._get_xero_amount_problems(connection, billed)
        yield from connection._get_lock_problems(fields.Date.context_today(self))
        yield from connection._get_currency_problems(self.currency_id)
        yield from connection._get_approval_problems()

    def _get_xero_quote_problems(self, connection):
        """What would keep the quote of this quotation from Xero: quotes are no part of
        the books, so that neither lock dates nor approval stop them. One record.

        :param connection: `xero.connection`, one record
        :rtype: iterator of Problem
        """
        quoted = self._get_xero_quoted()
        yield from connection._get_sending_problems()
        yield from self._get_xero_inclusion_problems(connection)
        found = [
            *self._get_xero_archived_problems(connection),
            *self._get_xero_line_problems(connection, quoted),
            *self._get_xero_record_problems(connection, quoted),
        ]
        yield from found
        if not found:
            yield from self._get_xero_failures(
                [lambda: self._draft_xero_quote(connection)]
            )
        yield from connection._get_currency_problems(self.currency_id)
