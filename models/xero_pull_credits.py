from odoo import models
from odoo.tools import split_every

from ..const import PAGE_SIZE
from ..xero_api import where_one_of

CREDITS = ("CreditNotes", "Overpayments", "Prepayments")
# So many customers a filter names; the lists of credits know no other way to ask.
AT_ONCE = 10


class XeroPull(models.AbstractModel):
    """What is to the credit of some customers, beside their invoices."""

    _inherit = "xero.pull"

    def _pull_credits_of(self, connection, contact_ids):
        """Fetch credit notes, overpayments and prepayments of some contacts, in the
        transaction at hand: three calls for ten contacts.

        :param connection: `xero.connection`, one record
        :param list contact_ids: ids in Xero
        """
        for chunk in split_every(AT_ONCE, contact_ids, list):
            where = where_one_of("Contact.ContactID", chunk)
            for resource in CREDITS:
                number, pages = 1, 1
                while number <= pages:
                    page = self.env["xero.gateway"]._call(
                        connection,
                        "get_page",
                        resource,
                        page=number,
                        page_size=PAGE_SIZE,
                        where=where,
                    )
                    self._work_page(connection, resource, page.items)
                    number, pages = number + 1, page.page_count
