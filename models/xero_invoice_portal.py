from odoo import api, models
from odoo.exceptions import AccessError, MissingError
from odoo.fields import Domain
from odoo.tools import consteq

from ..const import APPROVED_STATUSES, PAY_ROUTE

SHARE_TEMPLATE = "portal.portal_share_template"


class XeroInvoice(models.Model):
    """The invoice as its customer sees it, in Odoo's portal.

    Portal users have no rights on this model at all: what they see, the controller
    shows them as superuser, after `_get_for_customer` has let it pass.
    """

    _name = "xero.invoice"
    _inherit = ["xero.invoice", "portal.mixin", "mail.thread"]
    # Who may read an invoice may note something on it; nobody else writes it.
    _mail_post_access = "read"

    # === COMPUTE METHODS === #

    def _compute_access_url(self):
        for invoice in self:
            invoice.access_url = f"/my/xero/invoices/{invoice.id}"

    @api.depends("status")
    def _compute_access_warning(self):
        hidden = self.filtered(lambda invoice: invoice.status not in APPROVED_STATUSES)
        hidden.access_warning = self.env._(
            "Customers can see an invoice online once it is approved in Xero."
        )
        (self - hidden).access_warning = ""

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        """Invoices come by the thousand: nobody follows them, nothing is noted."""
        quiet = self.with_context(tracking_disable=True)
        return super(XeroInvoice, quiet).create(vals_list).with_env(self.env)

    # === ACTION METHODS === #

    def action_preview_invoice(self):
        """Open the page that the customer sees."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_url",
            "target": "self",
            "url": self.get_portal_url(),
        }

    # === ACCESS === #

    @api.model
    def _get_shown_domain(self):
        """Return the domain of what any customer is shown of their own: no drafts,
        and of voided invoices only those that they know."""
        known = Domain("is_sent", "=", True) | Domain("viewed_on", "!=", False)
        return Domain("status", "in", APPROVED_STATUSES) | (
            Domain("status", "=", "voided") & known
        )

    @api.model
    def _get_customer_domain(self):
        """Return the domain of what the user is shown: of their own company as a
        customer, and of those of our companies that they belong to."""
        customer = self.env.user.partner_id.commercial_partner_id
        return self._get_shown_domain() & Domain(
            [
                ("commercial_partner_id", "=", customer.id),
                ("company_id", "in", self.env.companies.ids),
            ]
        )

    @api.model
    def _search_for_customer(self, domain=Domain.TRUE, **options):
        """Return invoices that the user is shown as a customer, as superuser.

        :param Domain domain: which of them
        :param options: of `search`
        """
        invoices = self._get_customer_model()
        if invoices is None:
            return self.sudo()
        return invoices.search(self._get_customer_domain() & domain, **options).sudo()

    @api.model
    def _get_customer_model(self):
        """Return this model as a customer looks through it: a portal user as superuser,
        an employee by their own rights, here as everywhere; None for who may not."""
        if self.env.user._is_portal():
            return self.sudo()
        return self if self.has_access("read") else None

    @api.model
    def _get_for_customer(self, invoice_id, access_token=None):
        """Return an invoice for who opens its page, as superuser: its customer, who
        has the link to it, or an employee who may read it.

        :param int invoice_id: as it came in the address
        :param str access_token: as it came in the address
        :raise MissingError: if there is nothing to be seen, whoever asks
        :raise AccessError: if it is not for who asks
        """
        shown = Domain("id", "=", invoice_id) & self._get_shown_domain()
        invoice = self.sudo().search(shown)
        if not invoice:
            raise MissingError(self.env._("This document does not exist."))
        if invoice._is_access_token(access_token):
            return invoice
        if self.env.user._is_internal():
            invoice.with_env(self.env).check_access("read")
        elif not self._search_for_customer(Domain("id", "=", invoice_id)):
            raise AccessError(self.env._("This invoice is not yours."))
        return invoice

    def _is_access_token(self, access_token):
        """Whether what came in the address is the token of this invoice. One record."""
        if not self.access_token or not isinstance(access_token, str):
            return False
        # As bytes: the comparison refuses text that is not ASCII.
        return consteq(self.access_token.encode(), access_token.encode())

    def _get_pay_url(self):
        """Return the address for mails to the customer, which leads to paying. One
        record.

        :rtype: str
        """
        self.ensure_one()
        token = self._portal_ensure_token()
        return f"{self.get_base_url()}{PAY_ROUTE}/{self.id}?access_token={token}"

    # === MAILS === #

    def message_post_with_source(self, source_ref, **kwargs):
        """The mail of Share names the document by its model: see below.

        :param source_ref: view or its external id, see `mail.thread`
        :param kwargs: see `mail.thread`
        :return: `mail.message`
        """
        if source_ref == SHARE_TEMPLATE:
            self.ensure_one()
            word = self.env._("invoice")
            values = kwargs.get("render_values") or {}
            kwargs["render_values"] = {**values, "model_description": word}
            kwargs["subject"] = self.env._("Invoice %(number)s", number=self.number)
        return super().message_post_with_source(source_ref, **kwargs)

    def _notify_by_email_prepare_rendering_context(
        self, message, msg_vals=False, model_description=False, **options
    ):
        """Customers are told of an invoice, not of a "Xero Invoice"."""
        return super()._notify_by_email_prepare_rendering_context(
            message,
            msg_vals=msg_vals,
            model_description=model_description or self.env._("Invoice"),
            **options,
        )
