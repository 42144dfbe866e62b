from . import test_contacts
from . import test_invoices
