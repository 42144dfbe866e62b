from collections import defaultdict

from markupsafe import Markup

from odoo import fields, models
from odoo.tools import format_date

ACTIVITY_OVERDUE = "xero_crm.mail_activity_type_overdue"
# Invoices named in the one line of an activity.
NAMED = 3


class XeroAlert(models.Model):
    """Activities about overdue invoices: one for each order, or each customer where
    there is no order, and salesperson, however many invoices it is about.

    They tell numbers and days, never an amount: whoever sees an order sees the
    activities on it. The amounts stand on the order, for those who may see them.
    """

    _inherit = "xero.alert"

    def _get_places(self, invoices, user):
        """Return where a user works on each invoice: its order if they see that, else
        the customer.

        :rtype: dict
        """
        orders = self._filter_seen(user, invoices.order_id)
        return {
            invoice: invoice.order_id
            if invoice.order_id in orders
            else invoice.partner_id
            for invoice in invoices
        }

    def _plan_activities(self, people):
        """Give salespeople something to do: what is there already goes on, all that is
        new is made in one create.

        :param dict people: (user, reason) by invoice, see `_get_salespeople`
        :return: ids of activities by invoice
        :rtype: dict
        """
        by_user = defaultdict(self.env["xero.invoice"].sudo().browse)
        for invoice, (user, _reason) in people.items():
            by_user[user] |= invoice
        pairs = {
            invoice: (place, user)
            for user, invoices in by_user.items()
            if user
            for invoice, place in self._get_places(invoices, user).items()
        }
        known = self._get_open_activities(pairs.values())
        new = list(dict.fromkeys(pair for pair in pairs.values() if pair not in known))
        kind = self.env.ref(ACTIVITY_OVERDUE)
        known.update(zip(new, self._create_activities(kind, new), strict=True))
        return {invoice: known[pair].ids for invoice, pair in pairs.items()}

    def _get_open_activities(self, wanted):
        """Return the activities that are there already, in one query a model.

        :param wanted: pairs of record and user
        :return: `mail.activity` by pair of record and user
        :rtype: dict
        """
        kind = self.env.ref(ACTIVITY_OVERDUE)
        found = {}
        for model in {place._name for place, _user in wanted}:
            ids = [place.id for place, _user in wanted if place._name == model]
            activities = self.env["mail.activity"].sudo()
            for activity in activities.search(
                [
                    ("res_model", "=", model),
                    ("res_id", "in", ids),
                    ("activity_type_id", "=", kind.id),
                ]
            ):
                place = self.env[model].sudo().browse(activity.res_id)
                found[place, activity.user_id] = activity
        return found

    def _create_activities(self, kind, pairs, summary=""):
        """Create activities in one go. Nobody is mailed about each: notifications are a
        channel of their own.

        :param kind: `mail.activity.type`
        :param pairs: of record and user
        """
        models = {place._name for place, _user in pairs}
        model_ids = {name: self.env["ir.model"]._get_id(name) for name in models}
        activities = self.env["mail.activity"].sudo()
        return activities.with_context(mail_activity_quick_update=True).create(
            [
                {
                    "activity_type_id": kind.id,
                    "summary": summary or kind.summary,
                    "automated": True,
                    "date_deadline": fields.Date.context_today(self),
                    "res_model_id": model_ids[place._name],
                    "res_id": place.id,
                    "user_id": user.id,
                }
                for place, user in pairs
            ]
        )

    # === TEXTS === #

    def _get_alerts_of(self, activities):
        """Return the open alerts of each activity.

        :rtype: dict
        """
        found = defaultdict(self.browse)
        alerts = self.search(
            [("state", "=", "open"), ("activity_ids", "in", activities.ids)]
        )
        # Read at once, not for each activity.
        alerts.invoice_id.mapped("display_name")
        alerts.invoice_id.commercial_partner_id.mapped("name")
        for alert in alerts:
            for activity in alert.activity_ids & activities:
                found[activity] |= alert
        return found

    def _get_activities_in_use(self):
        """Return the activities of these alerts that others still need."""
        activities = self.activity_ids.sudo()
        return activities.browse().union(*self._get_alerts_of(activities))

    def _write_activity_texts(self, activities):
        """Have activities tell the invoices that they are about."""
        today = fields.Date.context_today(self)
        for activity, alerts in self._get_alerts_of(activities).items():
            vals = self._in_language_of(activity.user_id)._prepare_text(alerts)
            activity.write({**vals, "date_deadline": today})

    def _prepare_text(self, alerts):
        """Return summary and note of an activity."""
        invoices = alerts.invoice_id.sorted("due_date")
        numbers = [invoice.display_name for invoice in invoices]
        if len(invoices) == 1:
            summary = self.env._(
                "%(number)s overdue since %(date)s",
                number=numbers[0],
                date=self._format_date(invoices.due_date),
            )
        else:
            shown = ", ".join(numbers[:NAMED])
            summary = self.env._(
                "%(count)s invoices overdue: %(numbers)s",
                count=len(numbers),
                numbers=shown + ("…" if len(numbers) > NAMED else ""),
            )
        rows = [
            self.env._(
                "%(number)s, due on %(date)s",
                number=invoice.display_name,
                date=self._format_date(invoice.due_date),
            )
            for invoice in invoices
        ]
        hint = self.env._(
            "Ask %(customer)s when the payment can be expected. This activity closes "
            "by itself once Xero has the payment.",
            customer=invoices[:1].commercial_partner_id.name or "",
        )
        note = Markup("<p>%s</p>") % hint
        if len(rows) > 1:
            items = Markup("").join(Markup("<li>%s</li>") % row for row in rows)
            note += Markup("<ul>%s</ul>") % items
        return {"summary": summary, "note": note}

    def _format_date(self, day):
        return format_date(self.env, day) if day else ""

    def _format(self, currency, amount):
        """Return an amount of money as the user at hand reads it."""
        return currency.with_env(self.env).format(amount)

    # === CLOSING === #

    def _finish_overdue_activities(self):
        """Mark the activities of these alerts, which are over, as done; those that
        others still need tell what is left."""
        in_use = self._get_activities_in_use()
        self._write_activity_texts(in_use)
        texts = defaultdict(list)
        for alert in self:
            this = alert._in_language_of(alert.user_id)
            for activity in alert.activity_ids - in_use:
                texts[activity].append(this._get_outcome_text())
        self._finish_activities(
            {activity: "\n".join(lines) for activity, lines in texts.items()}
        )

    def _get_outcome_text(self):
        """Return why there is nothing to do any more. One record."""
        invoice, name = self.invoice_id, self.invoice_id.display_name
        if self.outcome == "paid":
            paid_on = invoice.paid_on or fields.Date.context_today(self)
            day = self._format_date(paid_on)
            return self.env._("%(number)s was paid on %(date)s.", number=name, date=day)
        if self.outcome == "credited":
            return self.env._("%(number)s was credited.", number=name)
        if self.outcome == "voided":
            return self.env._("%(number)s was voided.", number=name)
        if self.outcome == "moved" and invoice.due_date:
            day = self._format_date(invoice.due_date)
            return self.env._(
                "%(number)s is due on %(date)s now.", number=name, date=day
            )
        return self.env._("%(number)s is not overdue any more.", number=name)

    def _finish_activities(self, feedbacks):
        """Mark activities as done, as `action_feedback` does one by one: a note in the
        chatter of each record, then they are archived.

        :param dict feedbacks: text by `mail.activity`
        """
        rows = []
        for activity, feedback in feedbacks.items():
            record = self.env[activity.res_model].browse(activity.res_id)
            body = Markup("<p>%s</p><p>%s</p>") % (
                self.env._(
                    "%(kind)s done: %(summary)s",
                    kind=activity.activity_type_id.name,
                    summary=activity.summary or "",
                ),
                feedback,
            )
            rows.append((record, body, None))
        self._log(rows)
        activities = self.env["mail.activity"].sudo().union(*feedbacks)
        for feedback, same in activities.grouped(feedbacks.get).items():
            same.write({"feedback": feedback})
        activities.write({"active": False})
