def migrate(cr, version):
    """Take the payment terms that orders have now for those of their invoices: what
    anybody changes from here on shows."""
    cr.execute(
        "UPDATE xero_invoice SET order_term_id = sale_order.payment_term_id"
        " FROM sale_order WHERE sale_order.id = xero_invoice.order_id"
        " AND xero_invoice.order_digest IS NOT NULL"
    )
