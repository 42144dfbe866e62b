from odoo import models
from odoo.fields import Command

from .xero_alert_overdue import ACTIVITY_CHANNELS, NOTICE_CHANNELS

ACTIVITY_LARGE = "xero_crm.mail_activity_type_large"
WANTS = "xero_large_alerts"
# Customers named in a summary.
NAMED = 10


class XeroAlert(models.Model):
    """Customers who owe much for too long: told to the manager once, and again only
    after they owed less for a while."""

    _inherit = "xero.alert"

    def _tell_large(self, connection):
        """Tell managers of customers whose overdue amount has passed the limit, and end
        what has fallen below it.

        :param connection: `xero.connection`, one record
        """
        above = self._find_large(connection)
        told = self.search(
            [
                ("connection_id", "=", connection.id),
                ("kind", "=", "large"),
                ("state", "=", "open"),
            ]
        )
        told.filtered(lambda alert: alert.partner_id not in above)._close_large()
        new = {p: due for p, due in above.items() if p not in told.partner_id}
        if not connection._has_large_limit() or connection._is_quiet_day():
            return
        if new:
            self._open_large(connection, new, summarise=connection.large_is_new)
        connection.large_is_new = False

    def _find_large(self, connection):
        """Return what customers above a limit owe overdue, in the company's currency.

        :rtype: dict
        """
        if not connection._has_large_limit():
            return {}
        rows = (
            self.env["xero.invoice"]
            .sudo()
            ._read_group(
                [
                    ("connection_id", "=", connection.id),
                    ("is_open", "=", True),
                    ("is_overdue", "=", True),
                    ("commercial_partner_id", "!=", False),
                ],
                ["commercial_partner_id"],
                ["amount_due_company:sum", "amount_due_company:max"],
            )
        )
        currency = connection.company_id.currency_id
        limits = (connection.large_customer_amount, connection.large_invoice_amount)
        return {
            partner: total
            for partner, *amounts in rows
            for total in amounts[:1]
            if any(
                limit > 0 and currency.compare_amounts(amount, limit) >= 0
                for amount, limit in zip(amounts, limits, strict=True)
            )
        }

    def _open_large(self, connection, owed, summarise):
        """Note customers as told, and tell their managers.

        :param dict owed: overdue amount in company currency by customer
        :param bool summarise: one notification for all, and no activities: what was
            there before somebody set the limit is no news
        """
        managers = self._get_managers(connection, owed)
        channel = connection.large_channel
        activities = self.env["mail.activity"]
        if channel in ACTIVITY_CHANNELS and not summarise:
            pairs = [(p, user) for p, users in managers.items() for user in users]
            kind = self.env.ref(ACTIVITY_LARGE)
            activities = self._create_activities(kind, pairs)
        by_partner = activities.grouped("res_id")
        self.create(
            [
                {
                    "connection_id": connection.id,
                    "kind": "large",
                    "partner_id": partner.id,
                    "user_id": users[:1].id,
                    "reason": not users and "nobody",
                    "activity_ids": [
                        Command.set(by_partner.get(partner.id, activities[:0]).ids)
                    ],
                }
                for partner, users in managers.items()
            ]
        )
        if channel in NOTICE_CHANNELS or summarise:
            self._notify_large(connection, owed, managers)

    def _notify_large(self, connection, owed, managers):
        """Send each manager one notification, the largest amount first."""
        partners = sorted(owed, key=owed.get, reverse=True)
        for user in self.env["res.users"].sudo().union(*managers.values()):
            this = self._in_language_of(user)
            mine = [partner for partner in partners if user in managers[partner]]
            currency = connection.company_id.currency_id
            sentences = [
                this.env._(
                    "%(customer)s has %(amount)s overdue in Xero",
                    customer=partner.name,
                    amount=this._format(currency, owed[partner]),
                )
                for partner in mine[:NAMED]
            ]
            if len(mine) == 1:
                this._notify(user, sentences[0], sentences, mine[0])
                continue
            if len(mine) > NAMED:
                left = len(mine) - NAMED
                sentences.append(this.env._("and %(count)s more", count=left))
            subject = this.env._(
                "%(count)s customers have large overdue amounts", count=len(mine)
            )
            this._notify(user, subject, sentences)

    def _get_managers(self, connection, owed):
        """Return who is told of customers: the managers that the settings name, else
        the leader of the sales team, else the fallback; as far as they may see the
        customer.

        :rtype: dict
        """
        partners = self.env["res.partner"].sudo().union(*owed)
        leaders = self._get_leaders(connection, partners)
        found, readers = {}, {}
        for partner in partners:
            users = (
                connection.large_user_ids
                or leaders[partner]
                or connection.alert_user_id
            ).sudo()
            for user in users:
                if user not in readers:
                    may = self._may_be_told(user, connection.company_id)
                    seen = partners if may else partners.browse()
                    readers[user] = self._filter_seen(user, seen)
            found[partner] = users.filtered(
                lambda u, p=partner: u[WANTS] and p in readers[u]
            )
        return found

    def _get_leaders(self, connection, partners):
        """Return the leader of the sales team of each customer: of the team of the
        latest overdue order, else that of the customer's salesperson.

        :rtype: dict
        """
        invoices = (
            self.env["xero.invoice"]
            .sudo()
            .search(
                [
                    ("connection_id", "=", connection.id),
                    ("is_overdue", "=", True),
                    ("commercial_partner_id", "in", partners.ids),
                    ("order_id.team_id.user_id", "!=", False),
                ],
                order="due_date",
            )
        )
        by_order = {i.commercial_partner_id: i.order_id.team_id for i in invoices}
        return {
            partner: by_order.get(partner, partner.user_id.sale_team_id).user_id
            for partner in partners
        }

    def _close_large(self):
        """End alerts of customers who owe less now, and their activities."""
        if not self:
            return
        self.write({"state": "done", "outcome": "settled"})
        text = self.env._("The overdue amount is below the limit again.")
        self._finish_activities(dict.fromkeys(self.activity_ids.sudo(), text))
