from odoo import api, models
from odoo.fields import Command

from ..mapping.credit_note import CreditNoteData
from ..mapping.line import LineData
from ..mapping.values import to_decimal
from ..xero_api import where_equals
from .xero_change import Change, Problem, XeroProblem
from .xero_invoice import GONE_STATUSES


class XeroCreditNote(models.Model):
    """Odoo to Xero: the credit note that a person asked for, made exactly once."""

    _inherit = "xero.credit.note"

    @api.model
    def _get_xero_tracked_fields(self):
        """Nobody edits a credit here: no change of one is for Xero."""
        return frozenset()

    def _get_xero_data(self):
        """Return what is to be sent. One record."""
        base = self.connection_id.base_currency_id
        foreign = self.currency_rate and self.currency_id != base
        return CreditNoteData(
            type="ACCRECCREDIT",
            contact_id=self.xero_contact_id,
            reference=self.reference,
            status="AUTHORISED",
            date=self.date,
            currency=self.currency_id.name,
            # The invoice's: no gain or loss between the two.
            currency_rate=f"{self.currency_rate:.6f}" if foreign else None,
            line_amount_types=self.line_amount_types,
            lines=tuple(map(LineData.from_values, self.wanted_lines or [])),
        )

    def _prepare_xero_payload(self, connection=None, changed=None, data=None):
        """See `xero.sync.mixin`."""
        return (data or self._get_xero_data()).to_xero()

    def _before_xero_push(self, connection, links):
        """There is nothing to look for beforehand: each is asked for once."""

    def _plan_xero_push(self, connection, change):
        """Plan what Xero is sent. See `xero.push`. One record.

        :raise XeroProblem: if it cannot be sent as it is
        """
        if self.xero_id:
            change.operation = "unchanged"
            return
        data = self._get_xero_data()
        if problems := data.problems():
            raise XeroProblem(
                Problem(
                    self.env._(
                        "The credit note for %(invoice)s cannot go to Xero: %(why)s",
                        invoice=self.origin_id.display_name,
                        why=" ".join(sentence for _field, sentence in problems),
                    ),
                    self.env._("Discard it, and credit the invoice anew."),
                    fix="record",
                )
            )
        if self._differs(data.computed_totals().total):
            raise XeroProblem(self._get_total_problem(data.computed_totals().total))
        change.operation = "create"
        change.payload = data.to_xero()
        change.fields = {
            "reference": ("", self.reference),
            "total": ("", f"{self.amount_expected:.2f}"),
        }

    def _differs(self, total):
        return to_decimal(f"{self.amount_expected:.2f}") != total

    def _get_total_problem(self, total):
        return Problem(
            self.env._(
                "Credit note %(credit)s is over %(theirs)s in Xero, %(ours)s was asked "
                "for.",
                credit=self.display_name,
                theirs=self.currency_id.format(float(total)),
                ours=self.currency_id.format(self.amount_expected),
            ),
            self.env._(
                "Look at the tax rates of its lines in Xero. Nothing is given to the "
                "invoice and nothing is paid back before that is put right."
            ),
            fix="record",
        )

    def _after_xero_push(self, connection, change, element):
        """Take over Xero's answer; return a `Problem` if its total differs."""
        return self._take_over(connection, change.link, element.payload)

    def _take_over(self, connection, link, payload):
        """Become what Xero has. One record.

        :return: a `Problem`, or None
        """
        data = CreditNoteData.from_xero(payload)
        change = Change("update", record=self, data=data, xero_id=data.xero_id)
        self._write_from_xero(connection, [change])
        link._mark_synced(data.xero_id)
        self.order_id._post_xero_credit(self)
        return (
            self._get_total_problem(data.total) if self._differs(data.total) else None
        )

    # === RECOVERY === #

    def _find_in_xero(self, connection, link):
        """Look for the credit note that a lost call may have made, by its reference,
        which no other one that Odoo asked for has."""
        reference = where_equals("Reference", self.reference)
        page = self.env["xero.gateway"]._call(
            connection,
            "get_page",
            "CreditNotes",
            where=f'Type=="ACCRECCREDIT" AND {reference}',
        )
        found = [row for row in page.items if self._is_mine(row)]
        taken = self.search(
            [
                ("connection_id", "=", connection.id),
                ("xero_id", "in", [row["CreditNoteID"] for row in found]),
            ]
        )
        taken = set((taken - self).mapped("xero_id"))
        return next((row for row in found if row["CreditNoteID"] not in taken), None)

    def _is_mine(self, payload):
        """Same customer and total, under our reference."""
        theirs = CreditNoteData.from_xero(payload)
        return (
            theirs.status.lower() not in GONE_STATUSES
            and theirs.contact_id == self.xero_contact_id
            and not self._differs(theirs.total)
        )

    def _adopt_from_xero(self, connection, link, payload):
        """Bind this record to the credit note that was found. One record."""
        problem = self._take_over(connection, link, payload)
        logs = self.env["xero.log"]
        logs._resolve_for(link)
        logs._add_success(link, "pull", "link")
        if problem:
            link._mark_error(problem.message)
            logs._add_problem(link, problem, "compare")

    # === A FETCH THAT WAS QUICKER THAN THE ANSWER === #

    def _find_known(self, connection, datas):
        """Return our records by Xero id: mirrored ones, and ones on their way whose
        answer has not arrived yet, known by their reference."""
        known = super()._find_known(connection, datas)
        rest = [data for data in datas if data.xero_id not in known and data.reference]
        if not rest:
            return known
        waiting = self.search(
            [
                ("connection_id", "=", connection.id),
                ("reference", "in", [data.reference for data in rest]),
                ("xero_id", "=", False),
            ]
        )
        by_reference = {credit.reference: credit for credit in waiting}
        for data in rest:
            credit = by_reference.get(data.reference)
            if credit and (
                data.contact_id == credit.xero_contact_id
                and not credit._differs(data.total)
            ):
                known[data.xero_id] = by_reference.pop(data.reference)
        return known

    def _apply_xero_page(self, connection, changes):
        """Carry out the plan. See `xero.pull`."""
        result = super()._apply_xero_page(connection, changes)
        moved = [c for c in changes if c.operation == "update" and c.record.origin_id]
        if moved:
            records = self.union(*(change.record for change in moved))
            links = self.env["xero.link"]._of(records, connection)
            for link in links.filtered(lambda link: link.state != "synced"):
                if not link.xero_id:
                    link._mark_synced(self.browse(link.res_id).xero_id)
        return result

    # === ASKING === #

    @api.model
    def _request(self, invoice, lines, parts, **vals):
        """Make the record of a credit note, and put it into the outbox.

        :param invoice: `xero.invoice` that is credited
        :param lines: `LineData` of each line of the credit note
        :param dict parts: `Part` by LineItemID of the invoice's lines
        :param vals: ``date``, ``reason``, ``is_again``, ``line_amount_types``
        :return: the credit note
        """
        context = {"products": {}}
        totals = CreditNoteData(
            lines=lines, line_amount_types=vals["line_amount_types"]
        ).computed_totals()
        credit = self.create(
            {
                **vals,
                "connection_id": invoice.connection_id.id,
                "kind": "credit_note",
                "origin_id": invoice.id,
                "partner_id": invoice.partner_id.id,
                "xero_contact_id": invoice.xero_contact_id,
                "contact_name": invoice.contact_name,
                "currency_id": invoice.currency_id.id,
                "currency_rate": invoice.currency_rate,
                "reference": invoice._get_credit_reference(),
                "amount_expected": float(totals.total),
                "credited": {
                    line_id: [str(part.quantity), str(part.amount), str(part.tax)]
                    for line_id, part in parts.items()
                },
                "wanted_lines": [line.values() for line in lines],
                "line_ids": [
                    Command.create(self._prepare_line_vals(line, index, context))
                    for index, line in enumerate(lines)
                ],
                "billed_line_ids": [
                    Command.create(row) for row in invoice._prepare_credited_rows(parts)
                ],
            }
        )
        links = self.env["xero.link"]._ensure(invoice.connection_id, credit)
        links._mark_pending()
        return credit
