def migrate(cr, version):
    """Keys of customers are one row each now; the next fetch makes them anew."""
    cr.execute("SELECT to_regclass('xero_match_key')")
    if cr.fetchone()[0]:
        cr.execute("DELETE FROM xero_match_key")
