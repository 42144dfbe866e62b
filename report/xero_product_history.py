from odoo import fields, models
from odoo.tools import SQL


class XeroProductHistory(models.Model):
    """What customers bought over the years: lines of Xero's invoices and credit notes.

    Of approved documents only, without tax; what was credited is below zero, so that
    sums are what was kept.
    """

    _name = "xero.product.history"
    _inherit = "xero.history.mixin"
    _description = "Products Bought, by Xero"
    _auto = False
    _rec_name = "description"
    _depends = {
        "xero.invoice": [
            "partner_id",
            "commercial_partner_id",
            "company_id",
            "currency_id",
            "currency_rate",
            "date",
            "number",
            "status",
            "amount_total",
            "amount_total_company",
            "is_tax_included",
        ],
        "xero.invoice.line": [
            "invoice_id",
            "product_id",
            "item_code",
            "description",
            "quantity",
            "line_amount",
            "tax_amount",
        ],
        "xero.credit.note": [
            "partner_id",
            "commercial_partner_id",
            "company_id",
            "currency_id",
            "currency_rate",
            "date",
            "number",
            "kind",
            "status",
            "amount_total",
            "amount_total_company",
            "is_tax_included",
        ],
        "xero.credit.note.line": [
            "credit_note_id",
            "product_id",
            "item_code",
            "description",
            "quantity",
            "line_amount",
            "tax_amount",
        ],
        "product.product": ["product_tmpl_id"],
        "product.template": ["categ_id"],
    }

    kind = fields.Selection(
        [("invoice", "Invoice"), ("credit_note", "Credit Note")], "Type", readonly=True
    )
    product_id = fields.Many2one("product.product", readonly=True)
    product_tmpl_id = fields.Many2one(
        "product.template", "Product With Variants", readonly=True
    )
    categ_id = fields.Many2one("product.category", "Product Category", readonly=True)
    item_code = fields.Char("Item in Xero", readonly=True)
    description = fields.Text(readonly=True)
    quantity = fields.Float(readonly=True)
    amount = fields.Monetary("Untaxed", readonly=True, aggregator=None)
    amount_company = fields.Monetary(
        "Amount",
        readonly=True,
        currency_field="company_currency_id",
        help="Without tax, in the company's currency.",
    )

    @property
    def _table_query(self):
        """Ids are made of those of the lines, so that they stay the same."""
        return SQL(
            "%s UNION ALL %s",
            self._select_lines("xero.invoice", "xero.invoice.line", "invoice_id", 1),
            self._select_lines(
                "xero.credit.note", "xero.credit.note.line", "credit_note_id", -1
            ),
        )

    def _select_lines(self, model, line_model, inverse, sign):
        """Return the lines of one sort of document.

        :param int sign: -1 for what takes off
        """
        document = self.env[model]
        kinds = SQL("document.kind = 'credit_note'") if sign < 0 else SQL("TRUE")
        # Without tax; at the document's rate, which its total was converted by.
        untaxed = SQL(
            "(line.line_amount - CASE WHEN document.is_tax_included"
            " THEN COALESCE(line.tax_amount, 0) ELSE 0 END) * %s",
            sign,
        )
        rate = SQL(
            "COALESCE(document.amount_total_company / NULLIF(document.amount_total, 0),"
            " 1 / NULLIF(document.currency_rate, 0)::numeric, 1)"
        )
        return SQL(
            """
        SELECT line.id * 2 + %(odd)s AS id, %(kind)s AS kind,
               document.partner_id, document.commercial_partner_id, document.company_id,
               document.currency_id, document.date, document.number,
               line.product_id, product.product_tmpl_id, template.categ_id,
               line.item_code, line.description, line.quantity * %(sign)s AS quantity,
               %(untaxed)s AS amount, %(untaxed)s * %(rate)s AS amount_company,
               %(model)s AS res_model, document.id AS res_id
          FROM %(lines)s line
          JOIN %(documents)s document ON document.id = line.%(inverse)s
          LEFT JOIN product_product product ON product.id = line.product_id
          LEFT JOIN product_template template ON template.id = product.product_tmpl_id
         WHERE document.status IN ('authorised', 'paid') AND %(kinds)s
           AND (line.line_amount != 0 OR line.quantity != 0)""",
            odd=int(sign < 0),
            kind="invoice" if sign > 0 else "credit_note",
            sign=sign,
            untaxed=untaxed,
            rate=rate,
            model=model,
            lines=SQL.identifier(self.env[line_model]._table),
            documents=SQL.identifier(document._table),
            inverse=SQL.identifier(inverse),
            kinds=kinds,
        )
