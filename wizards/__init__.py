from . import xero_sync_wizard
from . import xero_sync_wizard_preview
from . import xero_sync_wizard_batch
from . import xero_sync_wizard_full
from . import xero_sync_wizard_line
from . import xero_sync_wizard_line_export
from . import xero_tenant_wizard
from . import xero_tenant_wizard_option
