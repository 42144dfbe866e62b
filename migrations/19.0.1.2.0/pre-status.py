from odoo.tools.sql import column_exists, create_column


def migrate(cr, version):
    """Fill new columns of existing rows in one statement each, before the update would
    compute them record by record."""
    if not column_exists(cr, "xero_invoice", "aging"):
        _fill_aging(cr)
    if not column_exists(cr, "xero_invoice", "days_to_pay"):
        _fill_days_to_pay(cr)


def _fill_aging(cr):
    create_column(cr, "xero_invoice", "aging", "varchar")
    cr.execute(
        """
        UPDATE xero_invoice
           SET aging = CASE
               WHEN due_date IS NULL OR amount_due <= 0 THEN 'current'
               WHEN due_date >= CURRENT_DATE THEN 'current'
               WHEN due_date >= CURRENT_DATE - 30 THEN '1_30'
               WHEN due_date >= CURRENT_DATE - 60 THEN '31_60'
               WHEN due_date >= CURRENT_DATE - 90 THEN '61_90'
               ELSE '90_plus' END
         WHERE is_open IS TRUE"""
    )


def _fill_days_to_pay(cr):
    create_column(cr, "xero_invoice", "days_to_pay", "int4")
    cr.execute(
        """
        UPDATE xero_invoice
           SET days_to_pay = CASE WHEN payment_status = 'paid'
               THEN COALESCE(paid_on - date, 0) ELSE 0 END"""
    )
