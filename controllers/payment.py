import secrets

from odoo import http
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.http import request

from odoo.addons.payment.controllers.portal import PaymentPortal

from .portal import LIST_URL, XeroCustomerPortal


class XeroPaymentPortal(XeroCustomerPortal, PaymentPortal):
    """Customers pay their invoices, through Odoo's own payment providers."""

    @http.route(
        [
            f"{LIST_URL}/<int:invoice_id>/transaction",
            f"{LIST_URL}/<int:invoice_id>/transaction/<string(maxlength=64):window>",
        ],
        type="jsonrpc",
        auth="public",
    )
    def xero_invoice_transaction(
        self, invoice_id, window=None, access_token=None, **kwargs
    ):
        """Begin a payment of what is due. See `payment`.

        :param int invoice_id: `xero.invoice`
        :param str window: names the page, each time that it is loaded
        :param str access_token: of the invoice
        :param kwargs: of `_create_transaction`
        :return: what the payment form goes on with
        :rtype: dict
        :raise ValidationError: if it cannot be paid, or not so much
        """
        invoice = self._find_xero_invoice(invoice_id, access_token)
        if not invoice:
            raise ValidationError(request.env._("The access token is invalid."))
        self._validate_transaction_kwargs(kwargs)
        amount = invoice._check_payable(
            self._cast_as_float(kwargs.pop("amount", None)) or 0.0, window
        )
        if kwargs.pop("is_validation", False) or not self._is_xero_way_to_pay(
            self._get_xero_payment_values(invoice, amount), **kwargs
        ):
            raise ValidationError(request.env._("The provided parameters are invalid."))
        kwargs.update(
            amount=amount,
            currency_id=invoice.currency_id.id,
            partner_id=self._get_xero_payer(invoice).id,
            # Where the customer is led to afterwards is not theirs to say.
            landing_route=invoice.get_portal_url(),
        )
        transaction = self._create_transaction(
            custom_create_values={
                "xero_invoice_ids": [Command.set(invoice.ids)],
                "xero_window": window,
            },
            **kwargs,
        )
        return transaction._get_processing_values()

    def _is_xero_way_to_pay(
        self, offered, provider_id=None, payment_method_id=None, token_id=None, **kwargs
    ):
        """Whether the page offers to pay in this way.

        :param dict offered: see `_get_xero_payment_values`
        """
        if (
            offered["company_mismatch"]
            or provider_id not in offered["providers_sudo"].ids
        ):
            return False
        if kwargs.get("flow") == "token":
            tokens = offered["tokens_sudo"].filtered(lambda t: t.id == token_id)
            return tokens.provider_id.id == provider_id
        methods = offered["payment_methods_sudo"]
        return payment_method_id in (methods | methods.brand_ids).ids

    @http.route(
        f"{LIST_URL}/<int:invoice_id>/online",
        type="http",
        auth="public",
        methods=["GET"],
    )
    def xero_invoice_online(self, invoice_id, access_token=None, **_kwargs):
        """Lead to Xero's own page of the invoice, where it can be paid as well.

        :param int invoice_id: `xero.invoice`
        :param str access_token: of the invoice
        """
        invoice = self._find_xero_invoice(invoice_id, access_token)
        if not invoice:
            return request.redirect("/my")
        try:
            url = invoice._get_customer_online_url()
        except UserError:
            return self._show_xero_problem(invoice, "online")
        return request.redirect(url, local=False)

    def _get_xero_payer(self, invoice):
        """Return in whose name is paid: the portal user's, else the customer's."""
        user = request.env.user
        return user.partner_id if user._is_portal() else invoice.partner_id

    def _prepare_xero_invoice_values(self, invoice, access_token, **kwargs):
        values = super()._prepare_xero_invoice_values(invoice, access_token, **kwargs)
        underway = invoice._get_underway()
        received = [amount for tx, amount in underway.items() if tx.state == "done"]
        values.update(
            {
                "payment": kwargs.get("payment"),
                "underway": underway,
                "received": sum(received),
                "last_transaction": invoice.sudo().transaction_ids._get_last(),
                "payable": invoice._get_payable_amount(),
                "begun": invoice._get_begun_text(invoice._get_begun()),
            }
        )
        values["can_pay"] = values["payable"] and not values["begun"]
        if values["can_pay"]:
            values.update(self._get_xero_payment_values(invoice, values["payable"]))
        return values

    def _get_xero_payment_values(self, invoice, amount):
        """Return what the payment form needs; no methods where nothing is set up.

        :param invoice: `xero.invoice`, one record, as superuser
        :param float amount: in its currency
        """
        payer, report = self._get_xero_payer(invoice), {}
        company, currency = invoice.company_id, invoice.currency_id
        # As superuser, for the fields of providers. By the rights of the user, for
        # what is published.
        providers = request.env["payment.provider"].sudo()
        providers = providers._get_compatible_providers(
            company.id, payer.id, amount, currency_id=currency.id, report=report
        )
        methods = request.env["payment.method"].sudo()
        methods = methods._get_compatible_payment_methods(
            providers.ids, payer.id, currency_id=currency.id, report=report
        )
        tokens = request.env["payment.token"].sudo()
        if request.env.user._is_portal():
            # Their own cards; who has the link, or previews the page, sees none.
            tokens = tokens._get_available_tokens(providers.ids, payer.id)
        return {
            "amount": amount,
            "currency": currency,
            "partner_id": payer.id,
            "providers_sudo": providers,
            "payment_methods_sudo": methods if payer else methods.browse(),
            "tokens_sudo": tokens,
            "availability_report": report,
            "company_mismatch": not self._can_partner_pay_in_company(payer, company),
            "expected_company": company,
            "show_tokenize_input_mapping": self._compute_show_tokenize_input_mapping(
                providers
            ),
            "transaction_route": (
                f"{LIST_URL}/{invoice.id}/transaction/{secrets.token_urlsafe(9)}"
            ),
            "landing_route": invoice.get_portal_url(),
            "access_token": invoice._portal_ensure_token(),
            **self._get_extra_payment_form_values(),
        }
