from . import xero_history_mixin
from . import xero_partner_history
from . import xero_partner_history_actions
from . import xero_product_history
