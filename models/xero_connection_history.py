from dateutil.relativedelta import relativedelta

from odoo import fields, models


class XeroConnection(models.Model):
    """How much of the past is fetched."""

    _inherit = "xero.connection"

    history_years = fields.Integer(
        "Years of History",
        default=5,
        required=True,
        tracking=True,
        help="Invoices, credit notes and payments of so many years are fetched, the "
        "newest first. Unpaid ones come whatever their age. More years can be added "
        "later; what is here already stays.",
    )
    credit_minutes = fields.Integer("Credits Every (min)", default=60)

    _history_years_range = models.Constraint(
        "CHECK(history_years BETWEEN 1 AND 50)",
        "Between 1 and 50 years of history can be fetched.",
    )

    def _get_history_start(self):
        """Return the first day whose settled documents are wanted.

        :rtype: date
        """
        self.ensure_one()
        return fields.Date.today() - relativedelta(years=self.history_years)
