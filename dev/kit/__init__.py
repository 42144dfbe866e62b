"""What dev/test, dev/demo and dev/odoo share: one place knows how Odoo is set up.

Only the standard library is used here: the tools run before anything is installed.
"""
