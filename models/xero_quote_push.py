import dataclasses

from odoo import models

from ..mapping.quote import CONTENT, QuoteData
from ..mapping.quote_status import (
    ACCEPTED,
    DECLINED,
    DELETED,
    DRAFT,
    INVOICED,
    OPEN,
    SENT,
    first_status,
    next_status,
    step_towards,
)
from .xero_change import Change, XeroProblem

WANTED = {"draft": DRAFT, "sent": SENT, "sale": ACCEPTED, "cancel": DECLINED}


class XeroQuote(models.Model):
    """Odoo to Xero: a quote is made exactly once, and follows its quotation.

    A POST replaces the quote: what is sent is what Xero has, with the fields that the
    quotation has changed since both last agreed. So what people edit in Xero stays, and
    a change of status alone touches nothing else.
    """

    _inherit = "xero.quote"

    # === PLAN === #

    def _plan_xero_push(self, connection, change):
        """Plan what Xero is sent. See `xero.push`. One record.

        :raise XeroProblem: if it cannot be sent as it is, or a person has to decide
        """
        order = self._get_quoted_order()
        if not self.xero_id:
            self._plan_create(connection, change, order)
            return
        theirs = self._get_theirs()
        change.operation = "unchanged"
        if theirs.status == DELETED:
            return
        step = self._get_next_status(order, theirs)
        ours, changed = self._get_news(connection, order, theirs)
        if changed:
            self._check_may_change(theirs, ours, changed, step)
        elif ours:
            self._check_same_total()
        if changed or step:
            self._plan_update(change, theirs, ours, changed, step)

    def _plan_create(self, connection, change, order):
        data = order._get_xero_quote_data(connection)
        data = dataclasses.replace(data, status=first_status(self._get_wanted(order)))
        change.operation = "create"
        change.payload = data.to_xero()
        change.base = {
            "odoo": data.content(),
            "changed": CONTENT,
            "status": data.status,
        }
        change.fields = {
            "reference": ("", data.reference),
            "status": ("", data.status.lower()),
            "total": ("", f"{data.computed_totals().total:.2f}"),
        }

    def _plan_update(self, change, theirs, ours, changed, step):
        data = theirs.with_changes(ours, changed) if changed else theirs
        data = dataclasses.replace(data, status=step or theirs.status)
        change.operation = "update"
        change.payload = data.to_xero()
        change.fields = self._describe_update(theirs, data, changed)
        change.base = {
            "odoo": ours and ours.content(),
            "changed": changed,
            "status": step,
        }

    def _describe_update(self, theirs, data, changed):
        """Return what a person wants to see of an update: field -> (old, new)."""
        old, new = theirs.content(), data.content()
        shown = {name: (old[name], new[name]) for name in changed if name != "lines"}
        shown = {name: pair for name, pair in shown.items() if pair[0] != pair[1]}
        if "lines" in changed:
            totals = theirs.total, data.computed_totals().total
            shown["lines"] = self._describe_lines(old), self._describe_lines(new)
            shown["total"] = tuple(f"{total:.2f}" for total in totals)
        if data.status != theirs.status:
            shown["status"] = theirs.status.lower(), data.status.lower()
        return shown

    # === WHAT IS NEW === #

    def _get_quoted_order(self):
        """Return the quotation, in the company of this quote. One record.

        :raise XeroProblem: if there is none to send
        """
        self.ensure_one()
        order = self.order_id.with_company(self.company_id)
        self._check_order_goes_to_xero(order)
        return order

    def _get_wanted(self, order):
        """Return the status that the quotation stands for."""
        if order.state == "sale" and order._get_xero_active_invoices().filtered(
            "xero_id"
        ):
            return INVOICED
        return WANTED[order.state]

    def _get_next_status(self, order, theirs):
        wanted = self._get_wanted(order)
        if self.is_overwritten and order.state in ("draft", "sent"):
            # Revised after an answer: it is to be answered anew.
            wanted = SENT if theirs.status == ACCEPTED else wanted
            return step_towards(theirs.status, wanted)
        return next_status(theirs.status, self.odoo_status or DRAFT, wanted)

    def _get_news(self, connection, order, theirs):
        """Return the quotation as a quote, and what of it is new since both agreed.

        What changes after both sides have accepted is for the invoice, and cancelled
        quotations stay as they were.

        :return: `QuoteData` or None, list of names of fields
        """
        is_settled = order.state == "cancel" or (
            order.state == "sale"
            and (theirs.status == INVOICED or self.odoo_status in (ACCEPTED, INVOICED))
        )
        if is_settled and not self.is_overwritten:
            return None, []
        ours = order._get_xero_quote_data(connection)
        if self.is_overwritten:
            return ours, list(CONTENT)
        before = self.odoo_values or {}
        if order.state == "sale" and before.get("date"):
            # Confirming dates the order anew, not the quote.
            ours = dataclasses.replace(ours, date=before["date"])
        content = ours.content()
        return ours, [name for name in CONTENT if content[name] != before.get(name)]

    # === CHECKS === #

    def _check_may_change(self, theirs, ours, changed, step):
        """:raise XeroProblem: unless the quote is open, and nobody has edited the same
        in Xero
        """
        if self.is_overwritten:
            return
        is_reopened = theirs.status == DECLINED and step
        if theirs.status not in OPEN and not is_reopened:
            raise XeroProblem(self._get_answered_problem(theirs))
        edited = set(self._get_edited_fields()).intersection(changed)
        clash = [name for name in ours.differences(theirs) if name in edited]
        if clash:
            raise XeroProblem(self._get_clash_problem(clash))

    def _check_same_total(self):
        """:raise XeroProblem: if Xero's total is not the quotation's, by a cent"""
        if self._differs():
            raise XeroProblem(self._get_total_problem())

    def _differs(self):
        """Whether Xero's total is another than the quotation's. One record."""
        order = self.order_id
        return (
            order.state in ("draft", "sent")
            and self.status not in ("declined", "deleted")
            and order._differs_in_xero(self.amount_total, self.amount_tax)
        )

    # === AFTER THE CALL === #

    def _after_xero_push(self, connection, change, element):
        """Take over Xero's answer. What is left to be said, another step of the status
        or a difference of the totals, comes when it is planned anew: at once."""
        data = QuoteData.from_xero(element.payload)
        self._become(connection, data)
        self._settle(connection, change.link, data, change)
        if change.operation == "create":
            self.order_id._post_xero_quote(self)

    def _become(self, connection, data):
        """Be what Xero has. One record."""
        change = Change("update", record=self, data=data, xero_id=data.xero_id)
        self._write_from_xero(connection, [change])

    def _settle(self, connection, link, data, change=None):
        """Remember what both agree on now, and look whether that is all.

        :param change: the `Change` that was sent; None where that is not known
        """
        sent = change.base if change else self._guess_sent(data)
        theirs = data.content()
        agreed = self.agreed_values or theirs
        vals = {
            "agreed_values": {
                **agreed,
                **{name: theirs[name] for name in sent["changed"]},
            },
            "is_overwritten": False,
        }
        if sent["odoo"]:
            vals["odoo_values"] = sent["odoo"]
        if sent["status"] or not self.odoo_status:
            vals["odoo_status"] = sent["status"] or data.status
        self.write(vals)
        link._mark_synced(data.xero_id)
        if self._is_behind(connection):
            link._mark_pending()
            link._wake_cron()

    def _guess_sent(self, data):
        """Return what a lost call has sent: as far as the quotation is still the same.
        What is not counts as changed since."""
        ours = self._get_ours()
        content = ours.content() if ours else {}
        other = ours.differences(data) if ours else ()
        same = {name: content[name] for name in content if name not in other}
        return {"odoo": same, "changed": CONTENT, "status": data.status}

    def _is_behind(self, connection):
        """Whether there is something to send, or to tell. One record."""
        probe = Change("skip", record=self)
        try:
            self._plan_xero_push(connection, probe)
        except (XeroProblem, ValueError):
            return True
        return probe.operation != "unchanged"

    def _after_xero_agreed(self, change):
        """Both have come to the same status, each by itself."""
        if self.order_id and self.status:
            wanted = self._get_wanted(self.order_id)
            if wanted == self.status.upper() != self.odoo_status:
                self.odoo_status = wanted
