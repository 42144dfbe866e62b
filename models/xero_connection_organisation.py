from dateutil.relativedelta import relativedelta

from odoo import fields, models

APPROVE = "CreateApprovedInvoice"


class XeroConnection(models.Model):
    """What the organisation lets happen: told by Xero, known before anything is sent.

    Read once a day, and when somebody wants to know. It warns, and forbids nothing:
    Xero may have changed since, and has the last word.
    """

    _inherit = "xero.connection"

    plan = fields.Char("Xero Plan", readonly=True, copy=False)
    period_lock_date = fields.Date(
        "Books Locked Up To",
        readonly=True,
        copy=False,
        help="For everybody but advisers.",
    )
    year_lock_date = fields.Date(
        "Year Locked Up To", readonly=True, copy=False, help="For everybody."
    )
    may_approve = fields.Boolean(
        "May Approve Invoices", default=True, readonly=True, copy=False
    )
    plan_limited_until = fields.Date(
        "No More Invoices Until",
        readonly=True,
        copy=False,
        help="The plan allows so many approved invoices a month, and Xero has refused "
        "one more.",
    )

    def _prepare_organisation_vals(self, organisation):
        vals = super()._prepare_organisation_vals(organisation)
        vals |= {
            "plan": organisation.class_,
            "period_lock_date": organisation.period_lock_date,
            "year_lock_date": organisation.end_of_year_lock_date,
        }
        if self.plan and self.plan != organisation.class_:
            vals["plan_limited_until"] = False  # it was upgraded, most likely
        return vals

    def _fetch_organisation(self):
        """See above: also what the person who connected may do."""
        result = super()._fetch_organisation()
        actions = self.env["xero.gateway"]._call(self, "organisation_actions")
        self.sudo().may_approve = actions.get(APPROVE, True)
        return result

    def _get_lock_date(self):
        """Return the last day of the closed books; None where none are."""
        self.ensure_one()
        days = [day for day in (self.period_lock_date, self.year_lock_date) if day]
        return max(days, default=None)

    def _is_plan_limited(self):
        """Whether Xero approves no more invoices this month, as far as is known."""
        self.ensure_one()
        until = self.plan_limited_until
        return bool(until) and fields.Date.context_today(self) <= until

    def _note_plan_limit(self):
        """Xero has refused to approve one more invoice: remember it until the month is
        over."""
        last_day = fields.Date.context_today(self) + relativedelta(day=31)
        if self.plan_limited_until != last_day:
            self.sudo().plan_limited_until = last_day

    def _end_plan_limit(self):
        """Xero has approved an invoice: there is no limit, or not any more."""
        self.filtered("plan_limited_until").sudo().plan_limited_until = False

    def _note_lock_date(self, day):
        """Xero has refused a document dated in closed books.

        :param date day: as its refusal says
        """
        if not self.period_lock_date or day > self.period_lock_date:
            self.sudo().period_lock_date = day
