from . import test_contacts
from . import test_invoices
from . import test_scheduled
from . import test_oauth
from . import test_triggers
from . import test_push_failures
from . import test_tokens
