from importlib.util import find_spec

from . import test_conflicts
from . import test_contact_children
from . import test_empty_values
from . import test_contact_groups
from . import test_contact_merges
from . import test_contact_messy
from . import test_contact_performance
from . import test_contacts
from . import test_credit_notes
from . import test_field_map
from . import test_matching
from . import test_matching_decide
from . import test_matching_mess
from . import test_document_performance
from . import test_history
from . import test_partner_history
from . import test_invoices
from . import test_items
from . import test_audit
from . import test_required
from . import test_item_check
from . import test_scheduled
from . import test_oauth
from . import test_triggers
from . import test_push_batches
from . import test_push_failures
from . import test_stock_figures
from . import test_tokens
from . import test_js
from . import test_screens
from . import test_tours
from . import test_security
from . import test_security_money
from . import test_security_methods
from . import test_bad_input
from . import test_wizard
from . import test_preview_full
from . import test_log
from . import test_parallel
from . import test_first_sync_killed
from . import test_performance
from . import test_pull_failures

# Not everybody who runs these tests has what only this one needs.
if find_spec("hypothesis"):
    from . import test_merge_properties
