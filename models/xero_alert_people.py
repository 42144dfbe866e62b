from collections import defaultdict

from markupsafe import Markup

from odoo import models

from .xero_alert import GROUP


class XeroAlert(models.Model):
    """Whom to tell: who sells to the customer, if they may see it and want to know."""

    _inherit = "xero.alert"

    def _get_readers(self, users, invoices):
        """Return which invoices each user may see, by the rights of the user.

        :return: `xero.invoice` by user; users who see none are missing
        :rtype: dict
        """
        readers = {}
        for user in users:
            mine = invoices.filtered(
                lambda i, u=user: self._may_be_told(u, i.company_id)
            )
            seen = self._filter_seen(user, mine)
            if seen:
                readers[user] = seen
        return readers

    def _may_be_told(self, user, company):
        """Whether a user sees Xero's money of a company."""
        internal = user.active and not user.share
        return internal and company in user.company_ids and user.has_group(GROUP)

    def _filter_seen(self, user, records):
        """Return the records that a user may see, as the caller sees them."""
        if not records:
            return records
        context = {"allowed_company_ids": user.company_ids.ids}
        theirs = records.with_user(user).with_context(**context).sudo(False)
        return theirs._filtered_access("read").with_env(records.env)

    def _get_salespeople(self, connection, invoices, wants):
        """Return whom to tell of invoices: of the order's salesperson, the deal's, the
        customer's and the fallback, the first who may see the invoice.

        :param str wants: field of the user that says whether they want to know
        :return: (user, reason why nobody is told or False) by invoice
        :rtype: dict
        """
        invoices = invoices.sudo()
        candidates = {
            invoice: [
                user
                for user in (
                    invoice.order_id.user_id,
                    invoice.order_id.opportunity_id.user_id,
                    invoice.partner_id.user_id,
                    invoice.commercial_partner_id.user_id,
                    connection.alert_user_id,
                )
                if user
            ]
            for invoice in invoices
        }
        users = self.env["res.users"].union(
            *(u for c in candidates.values() for u in c)
        )
        readers = self._get_readers(users.sudo(), invoices)
        found, nobody = {}, self.env["res.users"]
        for invoice, people in candidates.items():
            # Without customer and order there is no place where to say it.
            place = invoice.order_id or invoice.partner_id
            fit = (u for u in people if place and invoice in readers.get(u, ()))
            user = next(fit, nobody).sudo()
            if not user:
                found[invoice] = (nobody, "nobody")
            elif not user[wants]:
                found[invoice] = (nobody, "off")
            else:
                found[invoice] = (user, False)
        return found

    def _get_followers(self, orders):
        """Return the users who follow orders, in one query.

        :return: `res.users` by order id
        :rtype: dict
        """
        found = defaultdict(self.env["res.users"].sudo().browse)
        followers = (
            self.env["mail.followers"]
            .sudo()
            .search([("res_model", "=", "sale.order"), ("res_id", "in", orders.ids)])
        )
        for follower in followers:
            users = follower.partner_id.user_ids
            found[follower.res_id] |= users.filtered(lambda u: u.active and not u.share)
        return found

    def _notify(self, user, subject, sentences, record=None):
        """Send one notification, to the inbox or by e-mail as the user prefers. Nobody
        but the user can read it.

        :param list sentences: what happened
        :param record: a record of one thing that it is about; None for several
        """
        thread = self.env["mail.thread"] if record is None else record.sudo()
        body = Markup("").join(Markup("<p>%s</p>") % text for text in sentences)
        thread.message_notify(
            partner_ids=user.partner_id.ids,
            subject=subject,
            body=body,
            email_layout_xmlid="mail.mail_notification_layout",
        )

    def _in_language_of(self, user):
        """Return this model, to speak to a user."""
        return self.with_context(lang=user.lang or self.env.lang)
