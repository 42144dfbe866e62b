from datetime import timedelta

from odoo import models

from ..mapping.quote import QuoteData
from ..mapping.totals import AMOUNT_DIGITS
from ..mapping.values import round_half_up, to_decimal

# So far Xero's clock and ours may lie apart.
CLOCKS = timedelta(minutes=5)


class XeroQuote(models.Model):
    """Xero to Odoo: quotes with their lines."""

    _inherit = "xero.quote"

    def _get_diff_pairs(self, record, data):
        return {
            "status": (record.status or "", data.status.lower()),
            "expiry_date": (
                str(record.expiry_date or ""),
                str(data.expiry_date or ""),
            ),
            "total": (f"{record.amount_total:.2f}", f"{data.total:.2f}"),
            **{
                name: (record[name] or "", getattr(data, name))
                for name in ("title", "summary", "terms")
            },
        }

    def _find_known(self, connection, datas):
        """Return our records by Xero id: mirrored ones, and ones on their way whose
        answer has not arrived yet."""
        known = super()._find_known(connection, datas)
        unknown = [data for data in datas if data.xero_id not in known]
        for record in self._find_on_their_way(connection, unknown):
            for data in unknown:
                if data.xero_id not in known and record._is_mine(connection, data):
                    known[data.xero_id] = record
                    break
        return known

    def _find_on_their_way(self, connection, datas):
        """Return the records that were sent, and wait for what became of it."""
        waiting = self.search(
            [
                ("connection_id", "=", connection.id),
                ("reference", "in", [data.reference for data in datas]),
                ("xero_id", "=", False),
                ("order_id", "!=", False),
            ]
        )
        links = self.env["xero.link"]._of(waiting, connection) if waiting else ()
        return waiting.browse(link.res_id for link in links if link.state == "sending")

    def _is_mine(self, connection, data):
        """Whether a quote of Xero's is what a call without an answer made of this
        record: nothing in it names us but the reference. One record."""
        if data.reference != self.reference or data.status == "DELETED":
            return False
        link = self.env["xero.link"]._of(self, connection)
        if link.sent_at and data.updated and data.updated < link.sent_at - CLOCKS:
            return False  # it was there before
        contact = self.env["xero.link"]._of(self.partner_id, connection)
        expected = to_decimal(f"{self.amount_expected:.6f}")
        same_total = data.total == round_half_up(expected, AMOUNT_DIGITS)
        return data.contact_id == contact.xero_id and same_total

    # === WRITE === #

    def _apply_xero_page(self, connection, changes):
        """Carry out the plan. See `xero.pull`."""
        result = super()._apply_xero_page(connection, changes)
        moved = [c for c in changes if c.operation in ("create", "update")]
        if moved:
            self._bind_arrived(connection, moved)
            self._compare_arrived(connection, moved)
        return result

    def _write_from_xero(self, connection, changes):
        before = {c.record.id: c.record.status for c in changes if c.record}
        result = super()._write_from_xero(connection, changes)
        for change in changes:
            if change.record.order_id:
                change.record.xero_values = change.data.values()
        self._tell_answers([c.record for c in changes], before)
        return result

    def _write_payments(self, connection, pairs):
        """Nobody pays a quote."""

    def _bind_arrived(self, connection, changes):
        """Settle the outbox of quotes whose pull was quicker than their answer."""
        records = self.union(*(change.record for change in changes))
        links = self.env["xero.link"]._of(records.filtered("order_id"), connection)
        links = links.filtered(lambda link: not link.xero_id)
        datas = {change.record.id: change.data for change in changes}
        logs = self.env["xero.log"]
        logs._resolve_for(links)
        for link in links:
            self.browse(link.res_id)._settle(connection, link, datas[link.res_id])

    def _compare_arrived(self, connection, changes):
        """Have those looked at that are not over what their quotations are over any
        more, and those that failed: see `_plan_xero_push`."""
        records = self.union(*(change.record for change in changes))
        links = self.env["xero.link"]._of(records.filtered("order_id"), connection)
        links = links.filtered(
            lambda link: (
                link.state == "error"
                or (link.state == "synced" and self.browse(link.res_id)._differs())
            )
        )
        links._mark_pending()
        if links:
            links._wake_cron()

    def _prepare_vals_from_xero(self, payload):
        """See `xero.sync.mixin`. Amounts in the quote's currency."""
        return {
            **super()._prepare_vals_from_xero(payload),
            "expiry_date": payload.expiry_date,
            "title": payload.title or False,
            "summary": payload.summary or False,
            "terms": payload.terms or False,
        }

    def _prepare_settled_vals(self, data):
        return {"is_sent": data.status != "DRAFT"}

    def _get_write_context(self, connection, datas):
        """Look up at once what the quotes of a page refer to."""
        themes = self.env["xero.branding.theme"].with_context(active_test=False)
        themes = themes.search(
            [
                ("connection_id", "=", connection.id),
                ("xero_key", "in", list({data.branding_theme_id for data in datas})),
            ]
        )
        return {
            **super()._get_write_context(connection, datas),
            "themes": {theme.xero_key: theme.id for theme in themes},
        }

    def _prepare_relations(self, connection, record, data, context):
        return {
            **super()._prepare_relations(connection, record, data, context),
            "branding_theme_id": context["themes"].get(data.branding_theme_id, False),
        }

    def _get_theirs(self):
        """Return what Xero has now. One record.

        :rtype: QuoteData
        """
        self.ensure_one()
        values = {**(self.xero_values or {}), "xero_id": self.xero_id}
        return QuoteData.from_values(values)
