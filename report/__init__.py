from . import xero_partner_history
