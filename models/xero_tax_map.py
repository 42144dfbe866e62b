from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import float_compare


class XeroTaxMap(models.Model):
    """Which Xero tax rate an Odoo tax becomes on an invoice.

    A row without a rate is a tax that still waits for a person's choice.
    """

    _name = "xero.tax.map"
    _description = "Xero Tax Mapping"
    _order = "connection_id, id"
    _rec_name = "tax_id"

    connection_id = fields.Many2one(
        "xero.connection",
        required=True,
        ondelete="cascade",
        index=True,
        default=lambda self: self.env["xero.connection"].search([], limit=1),
    )
    company_id = fields.Many2one(related="connection_id.company_id", store=True)
    tax_id = fields.Many2one(
        "account.tax",
        "Odoo Tax",
        required=True,
        ondelete="cascade",
        domain=(
            "[('type_tax_use', 'in', ('sale', 'purchase')),"
            " ('company_id', 'parent_of', company_id)]"
        ),
    )
    tax_use = fields.Selection(related="tax_id.type_tax_use", string="Used On")
    tax_rate_id = fields.Many2one(
        "xero.tax.rate",
        "Xero Tax Rate",
        ondelete="cascade",
        domain=(
            "[('connection_id', '=', connection_id),"
            " ('for_revenue', 'in', (True, tax_use == 'purchase')),"
            " ('for_expenses', 'in', (True, tax_use != 'purchase'))]"
        ),
    )
    is_proposed = fields.Boolean(
        "Proposed",
        readonly=True,
        help="Found by rate when the organisation was connected. Check it once.",
    )
    review_state = fields.Selection(
        [
            ("missing", "Not Mapped"),
            ("proposed", "Proposed"),
            ("confirmed", "Confirmed"),
        ],
        compute="_compute_review_state",
    )

    _tax_uniq = models.Constraint(
        "UNIQUE(connection_id, tax_id)", "This tax is mapped already."
    )

    @api.model_create_multi
    def create(self, vals_list):
        rows = super().create(vals_list)
        mapped = rows.filtered("tax_rate_id")
        self.env["xero.log"]._retry_fixed("tax_map", mapped.tax_id.ids)
        return rows

    def write(self, vals):
        """What a person chose is no longer a proposal; what waited for it goes on."""
        if "tax_rate_id" in vals:
            vals = {"is_proposed": False, **vals}
        result = super().write(vals)
        self.env["xero.log"]._retry_fixed("tax_map", self.tax_id.ids)
        return result

    @api.depends("is_proposed", "tax_rate_id")
    def _compute_review_state(self):
        for row in self:
            if not row.tax_rate_id:
                row.review_state = "missing"
            else:
                row.review_state = "proposed" if row.is_proposed else "confirmed"

    @api.constrains("tax_id", "tax_rate_id")
    def _check_rate(self):
        for row in self:
            tax, rate = row.tax_id, row.tax_rate_id
            if tax.amount_type != "percent" or not rate:
                continue
            if float_compare(tax.amount, rate.rate, precision_digits=4):
                raise ValidationError(
                    row.env._(
                        "%(tax)s is %(ours)s %% but %(rate)s is %(theirs)s %%: "
                        "invoices would not have the total of their orders.",
                        tax=tax.name,
                        ours=tax.amount,
                        rate=rate.name,
                        theirs=rate.rate,
                    )
                )

    def action_accept(self):
        """Confirm proposed rows."""
        self.is_proposed = False
        return True

    @api.model
    def _propose(self, connection):
        """Map taxes for which exactly one Xero sales tax rate has the same rate.

        Where several fit, or none, the row stays empty and a person has to choose:
        nothing is guessed.

        :param connection: `xero.connection`, one record
        """
        rates = connection.tax_rate_ids.filtered(
            lambda rate: rate.for_revenue and rate.rate
        )
        vals_list = []
        unknown = connection._get_unmapped_taxes() - connection.tax_map_ids.tax_id
        for tax in unknown:
            fitting = rates.filtered(
                lambda rate, tax=tax: (
                    tax.amount_type == "percent"
                    and not float_compare(rate.rate, tax.amount, precision_digits=4)
                )
            )
            vals_list.append(
                {
                    "connection_id": connection.id,
                    "tax_id": tax.id,
                    "tax_rate_id": fitting.id if len(fitting) == 1 else False,
                    "is_proposed": len(fitting) == 1,
                }
            )
        return self.sudo().create(vals_list)
