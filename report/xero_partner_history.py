from odoo import fields, models
from odoo.tools import SQL

KINDS = [
    ("invoice", "Invoice"),
    ("credit_note", "Credit Note"),
    ("payment", "Payment"),
    ("overpayment", "Overpayment"),
    ("prepayment", "Prepayment"),
    ("refund", "Refund"),
]


class XeroPartnerHistory(models.Model):
    """What a customer was billed, credited and paid, over the years.

    Approved documents only. In the company's currency, what was invoiced less what was
    credited and received is what is owed, credit taken off.
    """

    _name = "xero.partner.history"
    _inherit = "xero.history.mixin"
    _description = "Financial History in Xero"
    _auto = False
    _rec_name = "number"
    _depends = {
        "xero.invoice": [
            "partner_id",
            "commercial_partner_id",
            "company_id",
            "currency_id",
            "date",
            "number",
            "reference",
            "status",
            "amount_total",
            "amount_total_company",
        ],
        "xero.credit.note": [
            "partner_id",
            "commercial_partner_id",
            "company_id",
            "currency_id",
            "date",
            "kind",
            "number",
            "reference",
            "status",
            "amount_total",
            "amount_total_company",
        ],
        "xero.payment": [
            "partner_id",
            "commercial_partner_id",
            "company_id",
            "invoice_id",
            "credit_note_id",
            "date",
            "amount",
            "reference",
        ],
    }

    kind = fields.Selection(KINDS, "Type", readonly=True)
    reference = fields.Char(readonly=True)
    amount = fields.Monetary(readonly=True, aggregator=None)
    amount_invoiced = fields.Monetary(
        "Invoiced", readonly=True, currency_field="company_currency_id"
    )
    amount_credited = fields.Monetary(
        "Credited", readonly=True, currency_field="company_currency_id"
    )
    amount_received = fields.Monetary(
        "Received",
        readonly=True,
        currency_field="company_currency_id",
        help="Payments, overpayments and prepayments, less what was paid back.",
    )

    @property
    def _table_query(self):
        """Ids are made of those of the documents, so that they stay the same."""
        return SQL(
            "%s UNION ALL %s UNION ALL %s",
            self._select_invoices(),
            self._select_credits(),
            self._select_payments(),
        )

    def _select_invoices(self):
        return SQL(
            """
        SELECT id * 4 AS id, 'invoice' AS kind, partner_id, commercial_partner_id,
               company_id, currency_id, date, number, reference,
               amount_total AS amount,
               amount_total_company AS amount_invoiced,
               0.0 AS amount_credited, 0.0 AS amount_received,
               'xero.invoice' AS res_model, id AS res_id
          FROM xero_invoice
         WHERE status IN ('authorised', 'paid')"""
        )

    def _select_credits(self):
        return SQL(
            """
        SELECT id * 4 + 1, kind, partner_id, commercial_partner_id,
               company_id, currency_id, date, number, reference,
               amount_total, 0.0,
               CASE WHEN kind = 'credit_note' THEN amount_total_company ELSE 0.0 END,
               CASE WHEN kind = 'credit_note' THEN 0.0 ELSE amount_total_company END,
               'xero.credit.note', id
          FROM xero_credit_note
         WHERE status IN ('authorised', 'paid')"""
        )

    def _select_payments(self):
        """At the rate of the document that they settle."""
        return SQL(
            """
        SELECT payment.id * 4 + 2,
               CASE WHEN payment.credit_note_id IS NULL THEN 'payment'
                    ELSE 'refund' END,
               payment.partner_id, payment.commercial_partner_id, payment.company_id,
               document.currency_id, payment.date, document.number, payment.reference,
               payment.amount, 0.0, 0.0,
               payment.amount
               * CASE WHEN payment.credit_note_id IS NULL THEN 1 ELSE -1 END
               * COALESCE(document.amount_total_company
                          / NULLIF(document.amount_total, 0), 1),
               'xero.payment', payment.id
          FROM xero_payment payment
          JOIN LATERAL (
               SELECT currency_id, number, amount_total, amount_total_company
                 FROM xero_invoice WHERE id = payment.invoice_id
                UNION ALL
               SELECT currency_id, number, amount_total, amount_total_company
                 FROM xero_credit_note WHERE id = payment.credit_note_id
               ) document ON TRUE"""
        )
