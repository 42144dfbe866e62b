from odoo import api, fields, models
from odoo.exceptions import UserError

from ..mapping.quote import CONTENT, QuoteData
from .xero_change import Problem, XeroProblem


class XeroQuote(models.Model):
    """Where quotation and quote differ: shown side by side, for a person to decide."""

    _inherit = "xero.quote"

    is_edited = fields.Boolean(
        "Edited in Xero",
        compute="_compute_is_edited",
        store=True,
        help="Somebody has changed the quote in Xero after Odoo sent it.",
    )
    sides = fields.Json(
        "Both Sides",
        compute="_compute_sides",
        help="Label, Odoo's and Xero's text of each field that differs.",
    )
    needs_decision = fields.Boolean(compute="_compute_sides")
    can_overwrite = fields.Boolean(compute="_compute_sides")

    # === COMPUTE METHODS === #

    @api.depends("xero_values", "agreed_values")
    def _compute_is_edited(self):
        for quote in self:
            quote.is_edited = bool(quote._get_edited_fields())

    def _get_edited_fields(self):
        """Return what somebody has changed in Xero since both agreed. One record.

        :rtype: list of names of fields of the dataclass
        """
        if not self.agreed_values or not self.xero_values:
            return []
        theirs = QuoteData.from_values(self.xero_values).content()
        return [name for name in CONTENT if theirs[name] != self.agreed_values[name]]

    @api.depends("xero_values", "agreed_values", "xero_link_ids.state")
    @api.depends_context("lang")
    def _compute_sides(self):
        for quote in self:
            ours = quote._get_ours() if quote.order_id and quote.xero_id else None
            quote.sides = quote._compare(ours) if ours else False
            failing = quote.sudo().xero_sync_state == "error"
            quote.needs_decision = bool(quote.sides) and (failing or quote.is_edited)
            quote.can_overwrite = quote.needs_decision and quote.status in (
                "draft",
                "sent",
                "accepted",
                "declined",
            )

    def _get_ours(self):
        """Return the quotation as a quote; None where it cannot be one. One record.

        :rtype: QuoteData | None
        """
        quote = self.sudo()
        try:
            return quote.order_id.with_company(quote.company_id)._get_xero_quote_data(
                quote.connection_id
            )
        except (XeroProblem, ValueError):
            return None

    def _compare(self, ours):
        """Return label, Odoo's and Xero's text of what differs. One record."""
        data = self.sudo()._get_theirs()
        mine, theirs = ours.content(), data.content()
        edited = self._get_edited_fields()
        before = self.odoo_values or {}
        names = [
            name
            for name in ours.differences(data)
            if name in edited or mine[name] != before.get(name)
        ]
        rows = []
        for name in names:
            if name == "lines":
                rows += self._compare_lines(mine["lines"], theirs["lines"])
            else:
                rows += self._describe_xero_fields({name: (mine[name], theirs[name])})
        if self._differs():
            rows += self._describe_xero_fields(
                {
                    "total": (
                        f"{self.order_id.amount_total:.2f}",
                        f"{self.amount_total:.2f}",
                    )
                }
            )
        return rows

    def _compare_lines(self, mine, theirs):
        rows = []
        for place in range(max(len(mine), len(theirs))):
            pair = [
                self._describe_line(lines[place]) if place < len(lines) else ""
                for lines in (mine, theirs)
            ]
            if pair[0] != pair[1]:
                label = self.env._("Line %(place)s", place=place + 1)
                rows.append([label, *pair])
        return rows

    def _describe_lines(self, content):
        return "; ".join(self._describe_line(line) for line in content["lines"])

    @api.model
    def _describe_line(self, line):
        """Return a line as a person reads it."""
        text = line["description"] or line["item_code"]
        if not (line["account_code"] or line["item_code"] or line["tax_type"]):
            return text
        parts = [f"{line['quantity']} × {line['unit_amount']}"]
        if line["discount_rate"] != "0":
            parts.append(f"-{line['discount_rate']} %")
        parts += filter(None, (line["tax_type"], line["account_code"]))
        return f"{text}\n{', '.join(parts)}"

    # === DECISIONS === #

    def action_keep_odoo(self):
        """Put the quotation over what Xero has of these quotes."""
        self._check_decision()
        for quote in self:
            if not quote.can_overwrite:
                raise UserError(
                    self.env._(
                        "%(name)s is invoiced, and stays as it is.",
                        name=quote.display_name,
                    )
                )
        quotes = self.sudo()
        quotes.connection_id._check_can_send()
        quotes.is_overwritten = True
        links = self.env["xero.link"].sudo()._of(quotes)
        links._mark_pending()
        self.env["xero.push"].sudo()._flush_after_commit(links)
        return True

    def action_keep_xero(self):
        """Leave these quotes in Xero as they are, and the quotations too."""
        self._check_decision()
        for quote in self.sudo():
            ours = quote._get_ours()
            if not ours:
                raise UserError(
                    self.env._(
                        "%(order)s cannot be compared yet: something in it is not "
                        "mapped to Xero.",
                        order=quote.order_id.name,
                    )
                )
            quote.write(
                {
                    "odoo_values": ours.content(),
                    "agreed_values": quote._get_theirs().content(),
                    "is_overwritten": False,
                }
            )
            links = self.env["xero.link"].sudo()._of(quote, quote.connection_id)
            links._mark_pending()
            links._wake_cron()
        return True

    def _check_decision(self):
        """:raise AccessError: unless the user may change the quotations"""
        self.check_access("read")
        self.order_id.check_access("write")

    # === PROBLEMS === #

    def _get_answered_problem(self, theirs):
        statuses = dict(self._fields["status"]._description_selection(self.env))
        return Problem(
            self.env._(
                "Quote %(number)s is %(status)s in Xero; %(order)s was changed since.",
                number=self.number,
                status=statuses.get(theirs.status.lower(), theirs.status),
                order=self.order_id.name,
            ),
            self.env._(
                "Press Fix and compare the two: send the new version, or leave Xero's "
                "quote as it is."
            ),
            fix="quote",
            fix_id=self.id,
        )

    def _get_clash_problem(self, names):
        labels = [self._get_xero_field_label(name) for name in names]
        return Problem(
            self.env._(
                "Both sides have changed quote %(number)s: %(fields)s.",
                number=self.number,
                fields=", ".join(labels),
            ),
            self.env._("Press Fix, compare the two, and choose which one stands."),
            fix="quote",
            fix_id=self.id,
        )

    def _get_total_problem(self):
        order = self.order_id
        return Problem(
            self.env._(
                "Quote %(number)s in Xero is over %(theirs)s, %(order)s is over "
                "%(ours)s.",
                number=self.number,
                theirs=order.currency_id.format(self.amount_total),
                ours=order.currency_id.format(order.amount_total),
                order=order.name,
            ),
            self.env._(
                "Press Fix and compare the two: send Odoo's version again, or change "
                "the quotation. Do not send it to the customer before."
            ),
            fix="quote",
            fix_id=self.id,
        )
