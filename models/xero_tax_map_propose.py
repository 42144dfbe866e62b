from decimal import Decimal

from odoo import api, fields, models

from ..mapping.tax_match import (
    COMPONENTS,
    NAMES,
    NO_PERCENT,
    NO_RATE,
    ONLY,
    OTHER_NAMES,
    SEVERAL,
    SURE,
    UNCLEAR,
    ZERO,
    TaxProposal,
    propose,
)


class XeroTaxMap(models.Model):
    """What is proposed for a row, why, and how sure that is. Nothing is guessed."""

    _inherit = "xero.tax.map"

    proposed_rate_id = fields.Many2one(
        "xero.tax.rate", "Proposal", compute="_compute_proposal"
    )
    sureness = fields.Selection(
        [(SURE, "Sure"), ("likely", "Likely"), (UNCLEAR, "Unclear")],
        "How Sure",
        compute="_compute_proposal",
    )
    why = fields.Char(compute="_compute_proposal")

    @api.depends(
        "tax_id.name",
        "tax_id.description",
        "tax_id.amount",
        "further_tax_ids.name",
        "tax_rate_id.active",
        "is_proposed",
        "connection_id.tax_rate_ids.name",
    )
    def _compute_proposal(self):
        options = {
            connection: connection._get_tax_options()
            for connection in self.connection_id
        }
        for row in self:
            found = row._find_proposal(options.get(row.connection_id, ()))
            waiting = row.review_state in ("missing", "proposed")
            row.proposed_rate_id = row.review_state == "missing" and found.key
            row.sureness = waiting and found.sureness
            row.why = row._get_why(found) if waiting else False

    def _find_proposal(self, options):
        taxes = self._get_taxes()
        if not taxes or self.tax_use == "purchase":
            return TaxProposal(None, UNCLEAR, "")
        leaves = taxes._get_xero_leaves()
        parts = tuple(Decimal(f"{tax.amount:.4f}").normalize() for tax in leaves)
        rate = taxes._get_xero_effective_rate()
        return propose(taxes._get_xero_text(), rate, options, parts)

    def _get_why(self, found):
        """Return why this is proposed, or nothing is, in a sentence."""
        rate = self.tax_rate_id
        if rate and not rate.active:
            return self.env._(
                "%(rate)s is archived in Xero: choose another one.", rate=rate.name
            )
        percent = f"{self.odoo_rate:g}"
        fitting = self.env["xero.tax.rate"].browse(found.fitting)
        names = ", ".join(fitting.mapped("name"))
        sentences = {
            NAMES: lambda: self.env._("Same rate, and the names agree."),
            COMPONENTS: lambda: self.env._("The same components."),
            ONLY: lambda: self.env._("The only sales rate of %s %%.", percent),
            ZERO: lambda: self.env._(
                "Zero rated by its name; Xero has no rate for the rest of the name."
            ),
            SEVERAL: lambda: self.env._("Several fit: %s.", names),
            OTHER_NAMES: lambda: self.env._("The names say something else: %s.", names),
            NO_RATE: lambda: self.env._("Xero has no sales rate of %s %%.", percent),
            NO_PERCENT: lambda: self.env._(
                "It is no percentage: choose under which rate it is reported."
            ),
        }
        sentence = sentences[found.why]() if found.why else False
        if self.proposed_rate_id:
            return f"{self.proposed_rate_id.name}: {sentence}"
        return sentence

    # === MAKING ROWS === #

    @api.model
    def _propose(self, connection):
        """Have a row for each sale tax, and a rate where there is no doubt.

        Where several fit, or none, or the names leave a doubt, the row stays empty and
        a person has to choose: nothing is guessed.

        :param connection: `xero.connection`, one record
        """
        connection = connection.sudo()
        unknown = (
            connection._get_unmapped_taxes()
            - connection.tax_map_ids.filtered(
                lambda row: not row.further_tax_ids and not row.fiscal_position_id
            ).tax_id
        )
        rows = self.sudo().create(
            [{"connection_id": connection.id, "tax_id": tax.id} for tax in unknown]
        )
        rows._take_sure()
        return rows

    def _take_sure(self):
        """Fill in what is beyond doubt, as a proposal."""
        for row in self:
            if row.sureness == SURE and row.proposed_rate_id:
                row.write({"tax_rate_id": row.proposed_rate_id.id, "is_proposed": True})

    @api.model
    def _propose_for(self, taxes):
        """Propose what new taxes become, in the organisations that use them.

        :param taxes: `account.tax`
        """
        sales = taxes.filtered(lambda tax: tax.type_tax_use == "sale" and tax.active)
        if not sales:
            return
        connections = self.env["xero.connection"].sudo()
        for connection in connections.search([("state", "!=", "draft")]):
            if connection.company_id.parent_ids & sales.company_id:
                self._propose(connection)

    @api.model
    def _propose_again(self, connection):
        """After Xero's list of rates has changed: for what still waits as well."""
        waiting = connection.tax_map_ids.filtered(
            lambda row: row.review_state == "missing"
        )
        alone = waiting.filtered(lambda row: not row.further_tax_ids)
        alone._take_sure()
        self._propose(connection)

    # === ACTION METHODS === #

    def action_accept(self):
        """Confirm proposals: those in use, and those that wait for it."""
        self.check_access("write")
        for row in self.filtered("proposed_rate_id"):
            row.tax_rate_id = row.proposed_rate_id
        return super().action_accept()

    @api.model
    def get_banner(self):
        """Return what the head of the page says.

        :rtype: dict
        """
        self.check_access("read")
        rows = self.search([])
        missing = rows.filtered(lambda row: row.review_state == "missing")
        proposals = rows.filtered(lambda r: r.proposed_rate_id or r.is_proposed)
        banner = {"level": "success", "title": "", "text": "", "actions": []}
        if missing:
            banner["level"] = "warning"
            banner["title"] = self.env._(
                "%(missing)s of %(total)s taxes have no Xero tax rate.",
                missing=len(missing),
                total=len(rows),
            )
            banner["text"] = self.env._("Orders that carry them are not invoiced.")
        else:
            banner["title"] = self.env._("Every tax has its Xero tax rate.")
        banner["actions"] = proposals._get_accept_actions()
        return banner
