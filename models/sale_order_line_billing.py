import dataclasses

from odoo import api, fields, models

from ..mapping.line import LineData
from .xero_change import Problem, XeroProblem

# Xero's tax of a line may differ from Odoo's by how both round, not by their rates.
TAX_STEPS = 2


class SaleOrderLine(models.Model):
    """What of a line was invoiced in Xero counts as invoiced in Odoo: nothing is
    invoiced twice, neither in Xero nor in Odoo."""

    _inherit = "sale.order.line"

    xero_billed_ids = fields.One2many(
        "xero.billed.line",
        "order_line_id",
        "Billed in Xero",
        copy=False,
        groups="xero_crm.group_xero_user",
    )

    # === COMPUTE METHODS === #

    @api.depends("xero_billed_ids.is_in_xero", "xero_billed_ids.quantity")
    def _compute_qty_invoiced(self):
        return super()._compute_qty_invoiced()

    def _prepare_qty_invoiced(self):
        quantities = super()._prepare_qty_invoiced()
        for line, quantity in self._get_xero_billed("quantity").items():
            quantities[line] += quantity
        return quantities

    @api.depends("xero_billed_ids.is_in_xero", "xero_billed_ids.quantity")
    def _compute_qty_invoiced_posted(self):
        result = super()._compute_qty_invoiced_posted()
        for line, quantity in self._get_xero_billed("quantity").items():
            line.qty_invoiced_posted += quantity
        return result

    @api.depends("xero_billed_ids.is_in_xero", "xero_billed_ids.price_subtotal")
    def _compute_untaxed_amount_invoiced(self):
        result = super()._compute_untaxed_amount_invoiced()
        for line, amount in self._get_xero_billed("price_subtotal").items():
            line.untaxed_amount_invoiced += amount
        return result

    @api.depends("xero_billed_ids.is_in_xero", "xero_billed_ids.price_total")
    def _compute_amount_invoiced(self):
        result = super()._compute_amount_invoiced()
        for line, amount in self._get_xero_billed("price_total").items():
            line.amount_invoiced += amount
        return result

    def _get_xero_billed(self, name):
        """Return what Xero has billed of these lines.

        :param str name: field of `xero.billed.line` to add up
        :rtype: dict
        """
        if self.env.context.get("accrual_entry_date"):
            return {}  # the books are Xero's: nothing is accrued here for them
        billed = self.sudo().xero_billed_ids.filtered("is_in_xero")
        return {
            line.with_env(self.env): sum(rows.mapped(name))
            for line, rows in billed.grouped("order_line_id").items()
        }

    # === CRUD METHODS === #

    def _check_line_unlink(self):
        """What Xero has billed stays: a deleted down payment would not be deducted."""
        billed = self.sudo().filtered("xero_billed_ids.is_in_xero").with_env(self.env)
        return super()._check_line_unlink() | billed

    # === BUSINESS METHODS === #

    def _warm_xero_cache(self):
        """Read at once what the bills of these lines ask for line by line."""
        self.fetch(["name", "extra_tax_data"])
        self.mapped("tax_ids.amount")
        self.mapped("product_uom_id.name")
        self.product_id.mapped("type")
        self.product_id.mapped("uom_id.name")
        self.product_id.sudo().mapped("xero_link_ids.xero_id")

    def _is_xero_note(self):
        """Whether the line is nothing but text: a heading, a note, the name of a combo
        whose parts are lines of their own."""
        return bool(self.display_type) or self.product_id.type == "combo"

    def _get_xero_agreed_quantity(self):
        """Return the quantity in which a change of the order shows: what is ordered or,
        where delivery decides, what was invoiced and is not delivered any more."""
        self.ensure_one()
        if self.product_id.invoice_policy == "delivery":
            return max(0.0, self.qty_invoiced - self.qty_delivered)
        return self.product_uom_qty

    def _get_xero_quantity_and_text(self):
        """Return what of this line is to be invoiced, and under which text if not its
        own. What was paid in advance is deducted."""
        self.ensure_one()
        if self.display_type:
            return 0.0, False
        if self.is_downpayment:
            return -1.0, self._get_xero_deduction_text()
        if self.product_id.type == "combo":
            return 0.0, f"{self.product_id.name} × {self.qty_to_invoice:g}"
        return self.qty_to_invoice, False

    def _get_xero_deduction_text(self):
        billed = self.sudo().xero_billed_ids.filtered("is_in_xero")
        number = ", ".join(filter(None, billed.invoice_id.mapped("number")))
        if not number:
            return self.env._("Less down payment")
        return self.env._("Less down payment, invoice %(number)s", number=number)

    def _prepare_xero_base_line(self, quantity):
        """Return this line for Odoo's computation of taxes, with another quantity."""
        self.ensure_one()
        values = {"quantity": quantity}
        if self.is_downpayment:
            # It holds amounts that were rounded for a quantity of one.
            extra = self.extra_tax_data
            if quantity < 0:
                taxes = self.env["account.tax"]
                extra = taxes._reverse_quantity_base_line_extra_tax_data(extra)
            values["extra_tax_data"] = extra
        return self._prepare_base_line_for_taxes_computation(**values)

    def _get_xero_line_data(self, connection, quantity, text=False):
        """Return the invoice line of this order line, as the order shows it.

        An item of Xero's is counted in the product's own unit, or its stock would be
        wrong: five dozens are sixty pieces.

        :param connection: `xero.connection`, one record
        :param float quantity: of it, in its unit of measure
        :param text: instead of its own, if any
        :rtype: LineData
        :raise XeroProblem: if its tax has no Xero tax rate, or no account is known
        """
        self.ensure_one()
        rate = self._get_xero_tax_rate(connection)
        item = self._get_xero_items()
        price, text = self.price_unit, text or self.name
        unit, own_unit = self.product_uom_id, self.product_id.uom_id
        if unit and own_unit and unit != own_unit and not self.is_downpayment:
            text = f"{text}\n{quantity:g} {unit.name} × {price:g}"
            if item:
                quantity = unit._compute_quantity(quantity, own_unit, round=False)
                price = unit._compute_price(price, own_unit)
        return LineData(
            description=text,
            quantity=f"{quantity:.4f}",
            unit_amount=f"{price:.4f}",
            discount_rate=f"{self.discount:.4f}",
            account_code=self._get_xero_line_account(connection).code,
            tax_type=rate.tax_type or "NONE",
            tax_rate=str(rate.rate),
            item_code=item.default_code or "",
            tracking=self._get_xero_tracking(connection),
        )

    def _get_xero_line_account(self, connection):
        if self.is_downpayment and connection.down_payment_account_id:
            return connection.down_payment_account_id
        return self._get_xero_account(connection)

    def _get_xero_items(self):
        """Return the products that these lines name as items in Xero."""
        return self.product_id.filtered(
            lambda product: product.default_code and not product.xero_do_not_sync
        )

    def _check_xero_tax(self, data, kind):
        """A tax that is said would hide that it is mapped to another rate.

        :param LineData data: as it is to be sent
        :param str kind: Exclusive, Inclusive or NoTax
        :raise XeroProblem: if more than the rounding differs
        """
        self.ensure_one()
        if data.tax_amount is None:
            return
        theirs = dataclasses.replace(data, tax_amount=None).tax(kind)
        step = max(self.currency_id.rounding, 0.01)
        if abs(float(theirs - data.tax_amount)) < TAX_STEPS * step + step / 2:
            return
        raise XeroProblem(
            Problem(
                self.env._(
                    "The tax of %(line)s is %(ours)s on the order, but %(theirs)s by "
                    "the Xero tax rate it is mapped to.",
                    line=self.product_id.display_name or self.name,
                    ours=self.currency_id.format(float(data.tax_amount)),
                    theirs=self.currency_id.format(float(theirs)),
                ),
                self.env._(
                    "Choose a Xero tax rate of the same percentage under Xero > "
                    "Configuration > Taxes, then press Resync."
                ),
                fix="tax_map",
            )
        )
