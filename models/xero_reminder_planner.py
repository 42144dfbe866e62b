from datetime import date

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import email_normalize

from .xero_reminder_planned import BLOCKED, HELD, READY, PlannedReminder


class XeroReminderPlanner(models.AbstractModel):
    """What goes out on a day, and what does not, and why. The preview shows what this
    says, and the sending sends it: there is no other place that decides."""

    _name = "xero.reminder.planner"
    _description = "Plan of Reminders"

    @api.model
    def _plan(self, connection, day, among=None, assumed=None):
        """Plan the reminders of a day. As superuser; nothing is written.

        :param connection: `xero.connection`, one record
        :param date day: in the organisation's time zone
        :param among: `xero.invoice` to choose from; all when None
        :param dict assumed: days of the stage by id of the invoice: what goes out
            before that day, if nothing changes
        :return: list of `PlannedReminder`
        """
        self = self.sudo().with_company(connection.company_id)
        connection = connection.with_env(self.env)
        if not connection._is_reminder_day(day):
            return []
        stages = self._find_due(connection, day, among)
        known = assumed or {}
        due = self.env["xero.invoice"].browse(
            invoice_id
            for invoice_id, stage in stages.items()
            if invoice_id not in known or known[invoice_id] < stage.days
        )
        holds = due._get_reminder_holds(connection, day)
        recipients = due._get_reminder_recipients()
        planned = {}
        for invoice in due.sorted(lambda i: (i.due_date or date.max, i.id)):
            recipient = recipients[invoice.id]
            state, reason = READY, ""
            if invoice.id in holds:
                state, reason = HELD, holds[invoice.id]
            elif problem := self._get_recipient_problem(invoice, recipient):
                state, reason = BLOCKED, problem
            customer = invoice.commercial_partner_id
            # A contact that no customer is linked to stands for itself.
            owner = customer.id or invoice.xero_contact_id
            key = owner, recipient.id, state, reason
            if key not in planned:
                planned[key] = PlannedReminder(day, customer, recipient, state, reason)
            planned[key].entries.append((invoice, stages[invoice.id]))
        return list(planned.values())

    def _plan_days(self, connection, days):
        """Plan some days in a row, as if everything went out as planned.

        :return: list of `PlannedReminder`
        """
        result, assumed, shown = [], {}, set()
        for day in days:
            for mail in self._plan(connection, day, assumed=assumed):
                if mail.state == READY:
                    assumed |= {i.id: stage.days for i, stage in mail.entries}
                else:  # it will be so tomorrow as well: it is told once
                    mail.entries = [pair for pair in mail.entries if pair not in shown]
                    shown.update(mail.entries)
                if mail.entries:
                    result.append(mail)
        return result

    def _find_due(self, connection, day, among):
        """Return the stage by id of each invoice that is at one, in a query a stage."""
        stages = self.env["xero.reminder.stage"].search(
            [("connection_id", "=", connection.id)], order="days"
        )
        found = {}
        for stage, following in zip(stages, [*stages[1:], None], strict=True):
            domain = stage._get_due_domain(day, following)
            if among is not None:
                domain &= Domain("id", "in", among.ids)
            for invoice in self.env["xero.invoice"].search(domain):
                found[invoice.id] = stage
        return found

    def _get_recipient_problem(self, invoice, recipient):
        """Return why a mail could not be sent, or None."""
        if not invoice.partner_id:
            return self.env._(
                "The contact %(name)s is not linked to a customer in Odoo.",
                name=invoice.contact_name or "",
            )
        if not recipient.email:
            return self.env._("%(name)s has no e-mail address.", name=recipient.name)
        if not email_normalize(recipient.email, strict=False):
            return self.env._(
                "%(email)s of %(name)s is no e-mail address.",
                email=recipient.email,
                name=recipient.name,
            )
        if recipient.is_blacklisted:
            return self.env._(
                "%(email)s wants no mails, or does not exist: it is on the blacklist.",
                email=recipient.email,
            )
        return None
