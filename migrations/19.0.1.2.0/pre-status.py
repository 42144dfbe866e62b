from odoo.tools.sql import column_exists, create_column

COLUMNS = (
    ("xero_invoice", "aging", "varchar"),
    ("xero_invoice", "days_to_pay", "int4"),
    ("sale_order", "xero_aging", "varchar"),
    ("crm_lead", "xero_payment_status", "varchar"),
    ("xero_invoice", "is_tax_included", "bool"),
    ("xero_credit_note", "is_tax_included", "bool"),
)


def migrate(cr, version):
    """Fill new columns of existing rows in one statement each, before the update would
    compute them record by record."""
    new = [column for column in COLUMNS if not column_exists(cr, *column[:2])]
    for table, name, column_type in new:
        create_column(cr, table, name, column_type)
        cr.execute(FILL[table, name])


def _fill_tax_included(document, lines, inverse):
    """Lines that add up to the total, and not to the subtotal, include tax."""
    return f"""
        UPDATE {document}
           SET is_tax_included = ABS(lines.amount - amount_total)
                               < ABS(lines.amount - amount_untaxed)
          FROM (SELECT {inverse} AS id, SUM(line_amount) AS amount
                  FROM {lines} GROUP BY {inverse}) lines
         WHERE lines.id = {document}.id AND amount_tax != 0"""


FILL = {
    ("xero_invoice", "aging"): """
        UPDATE xero_invoice
           SET aging = CASE
               WHEN due_date IS NULL OR amount_due <= 0 THEN 'current'
               WHEN due_date >= CURRENT_DATE THEN 'current'
               WHEN due_date >= CURRENT_DATE - 30 THEN '1_30'
               WHEN due_date >= CURRENT_DATE - 60 THEN '31_60'
               WHEN due_date >= CURRENT_DATE - 90 THEN '61_90'
               ELSE '90_plus' END
         WHERE is_open IS TRUE""",
    ("xero_invoice", "days_to_pay"): """
        UPDATE xero_invoice
           SET days_to_pay = CASE WHEN payment_status = 'paid'
               THEN COALESCE(paid_on - date, 0) ELSE 0 END""",
    # The oldest of its invoices; after `aging` of invoices.
    ("sale_order", "xero_aging"): """
        UPDATE sale_order
           SET xero_aging = oldest.aging
          FROM (SELECT DISTINCT ON (order_id) order_id, aging
                  FROM xero_invoice
                 WHERE order_id IS NOT NULL AND aging IS NOT NULL
                 ORDER BY order_id, ARRAY_POSITION(ARRAY[
                       '90_plus', '61_90', '31_60', '1_30', 'current'], aging::text)
               ) oldest
         WHERE oldest.order_id = sale_order.id""",
    # What `_get_xero_payment_status` says of the invoices of confirmed orders.
    ("crm_lead", "xero_payment_status"): """
        WITH found AS (
             SELECT sale.opportunity_id AS lead_id,
                    ARRAY_AGG(DISTINCT invoice.payment_status::text) AS statuses
               FROM sale_order sale
               JOIN xero_invoice invoice ON invoice.order_id = sale.id
              WHERE sale.state = 'sale' AND sale.opportunity_id IS NOT NULL
              GROUP BY sale.opportunity_id)
        UPDATE crm_lead
           SET xero_payment_status = COALESCE((
               SELECT CASE
                      WHEN statuses = ARRAY['voided'] THEN 'voided'
                      WHEN 'credited' = ANY(statuses)
                       AND statuses <@ ARRAY['credited', 'voided', 'none']
                      THEN 'credited'
                      WHEN 'overdue' = ANY(statuses) THEN 'overdue'
                      WHEN 'paid' = ANY(statuses) AND statuses && ARRAY[
                           'partial', 'viewed', 'sent', 'waiting_approval', 'draft']
                      THEN 'partial'
                      WHEN 'partial' = ANY(statuses) THEN 'partial'
                      WHEN 'viewed' = ANY(statuses) THEN 'viewed'
                      WHEN 'sent' = ANY(statuses) THEN 'sent'
                      WHEN 'waiting_approval' = ANY(statuses) THEN 'waiting_approval'
                      WHEN 'draft' = ANY(statuses) THEN 'draft'
                      WHEN 'paid' = ANY(statuses) THEN 'paid'
                      ELSE 'none' END
                 FROM found WHERE found.lead_id = crm_lead.id), 'none')""",
    ("xero_invoice", "is_tax_included"): _fill_tax_included(
        "xero_invoice", "xero_invoice_line", "invoice_id"
    ),
    ("xero_credit_note", "is_tax_included"): _fill_tax_included(
        "xero_credit_note", "xero_credit_note_line", "credit_note_id"
    ),
}
