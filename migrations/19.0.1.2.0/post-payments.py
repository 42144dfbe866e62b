def migrate(cr, version):
    """The currency of bank accounts is mirrored now: the next fetch brings all."""
    cr.execute(
        "UPDATE xero_sync_cursor SET modified_since = NULL, last_run = NULL"
        " WHERE resource = 'Accounts'"
    )
