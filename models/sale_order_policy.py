from collections import defaultdict

from odoo import api, fields, models

from .xero_alert import GROUP

NOT_APPROVED = ("draft", "submitted")


class SaleOrder(models.Model):
    """What of a new order's customer speaks against it: what is overdue in Xero, and
    what they would owe with it."""

    _inherit = "sale.order"

    xero_policy_state = fields.Selection(
        [
            ("inform", "Above the credit limit"),
            ("ask", "Needs an approval"),
            ("block", "Blocked"),
            ("waiting", "Waiting for approval"),
            ("approved", "Approved"),
            ("refused", "Refused"),
        ],
        "Account Check",
        compute="_compute_xero_policy",
    )
    xero_policy_text = fields.Char("Why", compute="_compute_xero_policy")

    # === COMPUTE METHODS === #

    @api.depends(
        "state",
        "amount_total",
        "currency_id",
        "company_id",
        "partner_invoice_id",
        "xero_approval",
        "xero_approval_amount",
    )
    @api.depends_context("uid", "allowed_company_ids")
    def _compute_xero_policy(self):
        self.xero_policy_state = self.xero_policy_text = False
        new = self.filtered(lambda order: order.state in ("draft", "sent"))
        risks = new._get_xero_risks()
        for order in new:
            risk = risks.get(order)
            if not risk:
                continue
            policy = risk["policy"]
            if policy == "inform":
                # What is overdue stands in the banner that is always there.
                risk = {**risk, "found": risk["found"] & {"limit"}}
            if risk["found"]:
                order.xero_policy_state = order._get_xero_policy_state(policy)
                order.xero_policy_text = order._get_xero_policy_text(risk)

    def _get_xero_policy_state(self, policy):
        """Return how far an order is with the people who decide. One record."""
        if policy == "inform":
            return policy
        if self.xero_approval == "waiting":
            return "waiting"
        if self.xero_approval and self._is_xero_decided():
            return self.xero_approval
        return policy

    def _get_xero_policy_text(self, risk):
        """Return what speaks against an order; no amounts for who may not see the
        customer's money. One record."""
        customer = self.sudo().partner_invoice_id.commercial_partner_id
        if not self._may_see_xero_money(customer):
            return self.env._(
                "The account of this customer has to be looked at before more is sold."
            )
        sentences, currency = [], risk["currency"].with_env(self.env)
        if risk["found"] & {"days", "amount"}:
            sentences.append(
                self.env._(
                    "%(customer)s has %(amount)s overdue in Xero, the oldest for "
                    "%(days)s days.",
                    customer=customer.name,
                    amount=currency.format(risk["overdue"]),
                    days=risk["days"],
                )
            )
        if "limit" in risk["found"]:
            sentences.append(
                self.env._(
                    "With this order %(customer)s would owe %(amount)s, more than the "
                    "credit limit of %(limit)s.",
                    customer=customer.name,
                    amount=currency.format(risk["exposure"]),
                    limit=currency.format(risk["limit"]),
                )
            )
        return " ".join(sentences)

    def _may_see_xero_money(self, customer):
        """Whether the user at hand may see what a customer owes."""
        user = self.env.user
        if self.env.su or not user.has_group(GROUP):
            return False
        return customer.with_env(self.env).has_access("read")

    # === RISK === #

    def _get_xero_risks(self, policies=(), together=False):
        """Return what speaks against these orders, whoever asks.

        :param policies: only where the connection says one of these
        :param bool together: they are confirmed at once: each adds to the next
        :return: by order with anything against it, a dict: `policy`, `found` (set of
            'days', 'amount', 'limit'), and in company `currency`: `overdue`,
            `exposure`, `limit`; `days` of the oldest overdue invoice
        :rtype: dict
        """
        risks = {}
        for company, orders in self.sudo().grouped("company_id").items():
            connection = self.env["xero.connection"]._get_for_company(company)
            wanted = not policies or connection.order_policy in policies
            if connection and wanted:
                orders = orders.with_company(company)
                found = orders._assess_xero_risks(connection, together)
                risks.update(
                    (order.with_env(self.env), risk) for order, risk in found.items()
                )
        return risks

    def _assess_xero_risks(self, connection, together):
        payable = self.filtered("partner_invoice_id")
        new = {order: order._get_xero_own_amount() for order in payable}
        new = {order: own for order, own in new.items() if own > 0}
        families = self.browse().union(*new).partner_invoice_id.commercial_partner_id
        limits = self._get_xero_limits(connection, families)
        owed = self._get_xero_owed(connection, families)
        pending = self._get_xero_pending(
            connection, families.filtered(lambda family: limits[family])
        )
        currency, risks = connection.company_id.currency_id, {}
        for order, own in new.items():
            family = order.partner_invoice_id.commercial_partner_id
            balance, overdue, days = owed[family]
            exposure = balance + pending[family] + own
            if together:
                pending[family] += own
            found = set()
            if connection.policy_by_days and overdue > 0:
                found |= {"days"} if days > connection.policy_days else set()
            if connection.policy_by_amount:
                above = currency.compare_amounts(overdue, connection.policy_amount) > 0
                found |= {"amount"} if above else set()
            if limits[family]:
                above = currency.compare_amounts(exposure, limits[family]) > 0
                found |= {"limit"} if above else set()
            if found:
                risks[order] = {
                    "policy": connection.order_policy,
                    "found": found,
                    "currency": currency,
                    "overdue": overdue,
                    "days": days,
                    "exposure": exposure,
                    "limit": limits[family],
                }
        return risks

    def _get_xero_own_amount(self):
        """Return what this order adds to the customer's debt, in company currency: its
        total, less what was paid online. One record."""
        return self._to_xero_company_currency(self.amount_total - self.amount_paid)

    def _to_xero_company_currency(self, amount):
        return self.currency_id._convert(
            amount,
            self.company_id.currency_id,
            self.company_id,
            fields.Date.context_today(self),
        )

    def _get_xero_limits(self, connection, families):
        """Return the credit limit by customer, 0 for none: Odoo's own, by company."""
        if not connection.policy_by_limit:
            return dict.fromkeys(families, 0.0)
        families = families.with_company(connection.company_id)
        return {family: family.credit_limit for family in families}

    def _get_xero_owed(self, connection, families):
        """Return what customers owe by Xero, in company currency, in two queries.

        :return: (balance less open credit and with what waits for approval, overdue,
            days of the oldest) by customer
        :rtype: dict
        """
        mine = [
            ("company_id", "=", connection.company_id.id),
            ("commercial_partner_id", "in", families.ids),
        ]
        owed = {family: [0.0, 0.0, 0] for family in families}
        today = fields.Date.context_today(self)
        for family, status, is_overdue, due, total, since in self.env[
            "xero.invoice"
        ]._read_group(
            [*mine, ("status", "in", ("authorised", *NOT_APPROVED))],
            ["commercial_partner_id", "status", "is_overdue"],
            ["amount_due_company:sum", "amount_total_company:sum", "due_date:min"],
        ):
            row = owed[family]
            row[0] += total if status in NOT_APPROVED else due
            if is_overdue:
                row[1] += due
                row[2] = max(row[2], (today - since).days)
        for family, left in self.env["xero.credit.note"]._read_group(
            mine, ["commercial_partner_id"], ["amount_remaining_company:sum"]
        ):
            owed[family][0] -= left
        return owed

    def _get_xero_pending(self, connection, families):
        """Return what confirmed orders are still to be invoiced, by customer, in
        company currency; what was paid online for them is no debt."""
        pending = defaultdict(float)
        if not families:
            return pending
        orders = self.search(
            [
                ("state", "=", "sale"),
                ("company_id", "=", connection.company_id.id),
                ("invoice_status", "in", ("no", "to invoice")),
                ("partner_invoice_id.commercial_partner_id", "in", families.ids),
            ]
        )
        for order in orders:
            amount = sum(order.order_line.mapped(lambda ln: ln._get_xero_not_billed()))
            if not order.xero_invoice_ids:
                amount -= order.amount_paid
            family = order.partner_invoice_id.commercial_partner_id
            pending[family] += order._to_xero_company_currency(max(0.0, amount))
        return pending
