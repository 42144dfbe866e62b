from odoo import models

from .xero_change import Problem

# Which model a kind of fix changes; all others are settings of the connection.
FIX_MODELS = {
    "partner": "res.partner",
    "email": "res.partner",
    "product_account": "product.product",
    "category": "product.category",
    "team": "crm.team",
    "product": "product.product",
    "order": "sale.order",
}
FOR_ADMINISTRATORS = ("reconnect",)


class SaleOrder(models.Model):
    """Who puts right what keeps an order from Xero: whoever may not is told whom to
    ask."""

    _inherit = "sale.order"

    def _get_xero_way_out(self, log):
        """Return what the user can do about a row of the log: its remedy, or whom to
        ask; and whether there is something that the user may fix.

        :param log: `xero.log`, one record or none
        :rtype: tuple
        """
        problem = Problem(log.message, log.remedy, log.fix or "", log.fix_id)
        if not problem.fix:
            return problem.remedy, False
        if self._may_fix_xero(problem):
            return problem.remedy, True
        return self._get_xero_fixers(problem), False

    def _may_fix_xero(self, problem):
        """Whether the user may change what a problem is about."""
        if problem.fix in FOR_ADMINISTRATORS:
            return self.env.user.has_group("xero_crm.group_xero_admin")
        if problem.fix in ("quote", "record"):
            # Whoever may change the quotation decides which version stands.
            return self.has_access("write")
        if problem.fix not in FIX_MODELS:
            return self.env["xero.connection"].has_access("write")
        record = self.env[FIX_MODELS[problem.fix]].browse(problem.fix_id or ())
        return record.has_access("write")

    def _get_xero_fixers(self, problem):
        """Return whom to ask, as a sentence."""
        if problem.fix in ("product", "product_account", "category"):
            return self.env._("Ask somebody who may change products.")
        if problem.fix in ("partner", "email", "order", "quote", "record"):
            return self.env._("Ask somebody who may change it.")
        group = "xero_crm.group_xero_accountant"
        sentence = self.env._("Ask your accountant.")
        named = self.env._("Ask your accountant: %(names)s.")
        if problem.fix in FOR_ADMINISTRATORS:
            group = "xero_crm.group_xero_admin"
            sentence = self.env._("Ask your Xero administrator.")
            named = self.env._("Ask your Xero administrator: %(names)s.")
        users = (
            self.env.ref(group)
            .sudo()
            .all_user_ids.filtered(
                lambda user: not user.share and self.company_id in user.company_ids
            )
        )
        # Who is meant is who does nothing else: administrators have all rights.
        names = users.sorted(lambda user: (user._is_system(), user.id))[:2]
        if not names:
            return sentence
        return named % {"names": ", ".join(names.mapped("name"))}

    def _get_xero_fix_log(self, problem):
        """Return a row of the log that is not kept: it knows the way to every fix."""
        connection = self.env["xero.connection"]._get_for_company(self.company_id)
        return self.env["xero.log"].new(
            {
                "connection_id": connection.id,
                "fix": problem.fix,
                "fix_id": problem.fix_id,
                "res_model": self._name,
                "res_id": self.id,
            }
        )
