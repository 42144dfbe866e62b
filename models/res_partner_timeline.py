from collections import defaultdict
from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from ..const import APPROVED_STATUSES

# So many events a customer.
LIMIT = 12
# Of the events of a day, the later in the life of an invoice comes first.
ORDER = ["invoiced", "sent", "viewed", "overdue", "credited", "paid", "refunded"]


class ResPartner(models.Model):
    """What happened last with a customer's money, for the payment timeline."""

    _inherit = "res.partner"

    xero_timeline = fields.Json(
        "Payment Timeline in Xero",
        compute="_compute_xero_timeline",
        groups="xero_crm.group_xero_user",
    )

    @api.depends("xero_balance", "xero_credit_balance")
    @api.depends_context("allowed_company_ids", "uid", "tz")
    def _compute_xero_timeline(self):
        """A few queries for the whole list, each of the newest only, by the rights of
        the user."""
        events = defaultdict(list)
        for event in (
            *self._get_xero_invoice_events(),
            *self._get_xero_viewed_events(),
            *self._get_xero_sent_events(),
            *self._get_xero_payment_events(),
            *self._get_xero_credit_events(),
        ):
            events[event.pop("family")].append(event)
        for partner in self:
            mine = events[partner.sudo().commercial_partner_id.id]
            mine.sort(
                key=lambda e: (e["date"], ORDER.index(e["kind"]), e["id"]), reverse=True
            )
            partner.xero_timeline = mine[:LIMIT]

    # === EVENTS === #

    def _get_xero_invoice_events(self):
        """Return when invoices were made, and fell due without being paid."""
        invoices = self.env["xero.invoice"]
        approved = [("status", "in", APPROVED_STATUSES)]
        for invoice in self._find_xero_newest(invoices, "date", approved):
            yield {
                **self._prepare_xero_event("invoiced", invoice, invoice.date),
                "amount": invoice.amount_total,
                "sent": invoice.is_sent,
            }
        overdue = [("is_overdue", "=", True)]
        for invoice in self._find_xero_newest(invoices, "due_date", overdue):
            day = invoice.due_date + timedelta(days=1)
            yield {
                **self._prepare_xero_event("overdue", invoice, day),
                "amount": invoice.amount_due,
                "days": (fields.Date.context_today(self) - invoice.due_date).days,
            }

    def _get_xero_viewed_events(self):
        """Return when customers looked at their invoices first."""
        invoices = self.env["xero.invoice"]
        for invoice in self._find_xero_newest(invoices, "viewed_on"):
            day = self._get_xero_day(invoice.viewed_on)
            yield self._prepare_xero_event("viewed", invoice, day)

    def _get_xero_sent_events(self):
        """Return when Odoo had invoices mailed: Xero does not tell when it did."""
        visible = self.env["xero.invoice"]._search(self._get_xero_family_domain())
        tasks = self.env["xero.invoice.task"].sudo()  # whose invoices the user sees
        mailed = [
            *(("kind", "=", "email"), ("state", "=", "done")),
            ("invoice_id", "in", visible),
        ]
        for task in self._find_xero_newest(tasks, "done_at", mailed, "invoice_id"):
            yield {
                **self._prepare_xero_event(
                    "sent", task.invoice_id, self._get_xero_day(task.done_at)
                ),
                "to": task.name or "",
            }

    def _get_xero_payment_events(self):
        """Return when money came, and how late, or was paid back."""
        payments = self.env["xero.payment"]
        for payment in self._find_xero_newest(payments, "date"):
            invoice = payment.invoice_id
            document = invoice or payment.credit_note_id
            kind = "paid" if invoice else "refunded"
            event = self._prepare_xero_event(kind, document, payment.date)
            if invoice.due_date:
                event["days"] = (payment.date - invoice.due_date).days
            yield {
                **event,
                "amount": payment.amount,
                "part": bool(invoice) and invoice.paid_on != payment.date,
            }

    def _get_xero_credit_events(self):
        """Return when the customer got a credit, or paid too much or in advance."""
        credits = self.env["xero.credit.note"]
        approved = [("status", "in", APPROVED_STATUSES)]
        for credit in self._find_xero_newest(credits, "date", approved):
            yield {
                **self._prepare_xero_event("credited", credit, credit.date),
                "amount": credit.amount_total,
                "credit": credit.kind,
            }

    def _prepare_xero_event(self, kind, document, day):
        """Return what every event tells.

        :param str kind: see `ORDER`
        :param document: `xero.invoice` or `xero.credit.note`, one record
        :param date day: when it was
        """
        return {
            "family": document.commercial_partner_id.id,
            "kind": kind,
            "date": fields.Date.to_string(day),
            "model": document._name,
            "id": document.id,
            "name": document.display_name,
            "currency": document.currency_id.id,
            "code": document.currency_id.name,
        }

    def _get_xero_day(self, moment):
        """Return the day of a moment, where the user is."""
        return fields.Datetime.context_timestamp(self, moment).date()

    # === SEARCHING === #

    def _get_xero_family_domain(self):
        return [
            ("commercial_partner_id", "in", self.sudo().commercial_partner_id.ids),
            ("company_id", "in", self.env.companies.ids),
        ]

    def _find_xero_newest(self, model, day, domain=(), through=None):
        """Return the newest records of each of these customers, in one query.

        The form asks for one customer, who may have very many: no rows are ranked then.

        :param model: empty recordset of what is searched, in the user's environment
        :param str day: field that says when it was
        :param domain: on the model
        :param str through: the model's Many2one to what has the customer, if the model
            itself has none; the domain says then whose records are searched
        """
        domain = [*domain, (day, "!=", False)]
        if not through:
            domain += self._get_xero_family_domain()
        if len(self.sudo().commercial_partner_id) == 1:
            order = f"{day} desc, id desc"
            return model.search(domain, order=order, limit=LIMIT)
        query = model._search(domain)
        owner, alias = model, model._table
        if through:
            owner, alias = model._fields[through].join(model, alias, query)
        ranked = query.select(
            SQL("%s AS id", model._field_to_sql(model._table, "id", query)),
            SQL(
                "ROW_NUMBER() OVER (PARTITION BY %s ORDER BY %s DESC, %s DESC) AS rank",
                owner._field_to_sql(alias, "commercial_partner_id", query),
                model._field_to_sql(model._table, day, query),
                model._field_to_sql(model._table, "id", query),
            ),
        )
        rows = self.env.execute_query(
            SQL("SELECT id FROM (%s) newest WHERE rank <= %s", ranked, LIMIT)
        )
        return model.browse(record_id for [record_id] in rows)
