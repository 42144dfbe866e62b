from odoo import http
from odoo.exceptions import AccessError, MissingError, UserError
from odoo.fields import Domain
from odoo.http import request

from odoo.addons.portal.controllers.portal import CustomerPortal
from odoo.addons.portal.controllers.portal import pager as portal_pager

from ..const import PAY_ROUTE

LIST_URL = "/my/xero/invoices"
# Which invoices a customer looked through last: for Previous and Next.
HISTORY = "my_xero_invoices_history"


class XeroCustomerPortal(CustomerPortal):
    """Customers see their invoices, as the accountant has them in Xero."""

    # === LIST === #

    def _get_xero_sortings(self):
        return {
            "date": {"label": request.env._("Invoice Date"), "order": "date desc"},
            "due": {"label": request.env._("Due Date"), "order": "due_date"},
            "number": {"label": request.env._("Number"), "order": "number desc"},
            "amount": {
                "label": request.env._("Amount Due"),
                "order": "amount_due desc",
            },
        }

    def _get_xero_filters(self):
        to_pay = Domain([("is_open", "=", True), ("amount_due", ">", 0)])
        return {
            "all": {"label": request.env._("All"), "domain": Domain.TRUE},
            "to_pay": {"label": request.env._("To Pay"), "domain": to_pay},
            "overdue": {
                "label": request.env._("Overdue"),
                "domain": Domain("is_overdue", "=", True),
            },
            "paid": {
                "label": request.env._("Paid"),
                "domain": Domain("status", "=", "paid"),
            },
        }

    @http.route(
        [LIST_URL, f"{LIST_URL}/page/<int:page>"],
        type="http",
        auth="user",
        website=True,
        methods=["GET"],
    )
    def portal_my_xero_invoices(self, page=1, sortby=None, filterby=None, **_kwargs):
        """Show the invoices of the user's company.

        :param int page: from 1
        :param str sortby: a key of `_get_xero_sortings`
        :param str filterby: a key of `_get_xero_filters`
        """
        sortings, filters = self._get_xero_sortings(), self._get_xero_filters()
        sortby = sortby if sortby in sortings else "date"
        filterby = filterby if filterby in filters else "all"
        domain = filters[filterby]["domain"]
        invoices = request.env["xero.invoice"]
        pager = portal_pager(
            url=LIST_URL,
            url_args={"sortby": sortby, "filterby": filterby},
            total=invoices._count_for_customer(domain),
            page=page,
            step=self._items_per_page,
        )
        found = invoices._search_for_customer(
            domain,
            order=f"{sortings[sortby]['order']}, id desc",
            limit=self._items_per_page,
            offset=pager["offset"],
        )
        request.session[HISTORY] = found.ids[:100]
        values = {
            **self._prepare_portal_layout_values(),
            "invoices": found,
            "summary": invoices._get_customer_summary(),
            "page_name": "xero_invoice",
            "pager": pager,
            "default_url": LIST_URL,
            "searchbar_sortings": sortings,
            "sortby": sortby,
            "searchbar_filters": filters,
            "filterby": filterby,
        }
        return request.render("xero_crm.portal_my_xero_invoices", values)

    # === ONE INVOICE === #

    @http.route(
        f"{LIST_URL}/<int:invoice_id>",
        type="http",
        auth="public",
        website=True,
        methods=["GET"],
    )
    def portal_my_xero_invoice(self, invoice_id, access_token=None, **kwargs):
        """Show an invoice to its customer.

        :param int invoice_id: `xero.invoice`
        :param str access_token: of the invoice
        """
        invoice = self._find_xero_invoice(invoice_id, access_token)
        if not invoice:
            return request.redirect("/my")
        values = self._prepare_xero_invoice_values(invoice, access_token, **kwargs)
        return request.render("xero_crm.portal_xero_invoice_page", values)

    @http.route(
        f"{PAY_ROUTE}/<int:invoice_id>", type="http", auth="public", methods=["GET"]
    )
    def xero_pay_link(self, invoice_id, access_token=None, **_kwargs):
        """Follow the link of a mail, to paying.

        :param int invoice_id: `xero.invoice`
        :param str access_token: of the invoice
        """
        invoice = self._find_xero_invoice(invoice_id, access_token)
        if not invoice:
            return request.redirect("/my")
        return request.redirect(invoice.get_portal_url(query_string="&payment=1"))

    @http.route(f"{LIST_URL}/<int:invoice_id>/seen", type="jsonrpc", auth="public")
    def xero_invoice_seen(self, invoice_id, access_token=None):
        """Note that the customer looks at the invoice. The page calls it once somebody
        moves on it: that a page was loaded is no look, mail servers do it as well.

        :param int invoice_id: `xero.invoice`
        :param str access_token: of the invoice
        """
        invoice = self._find_xero_invoice(invoice_id, access_token)
        if invoice and self._is_xero_customer():
            invoice._mark_viewed()

    def _is_xero_customer(self):
        """Whether it is the customer who asks, or whom they gave the link: not somebody
        of ours, and no program that says that it is one."""
        return not request.env.user._is_internal() and not (
            request.env["ir.http"].is_a_bot()
        )

    @http.route(
        f"{LIST_URL}/<int:invoice_id>/pdf", type="http", auth="public", methods=["GET"]
    )
    def portal_my_xero_invoice_pdf(self, invoice_id, access_token=None, **_kwargs):
        """Send the invoice as PDF, as Xero makes it.

        :param int invoice_id: `xero.invoice`
        :param str access_token: of the invoice
        """
        invoice = self._find_xero_invoice(invoice_id, access_token)
        if not invoice:
            return request.redirect("/my")
        return self._send_xero_pdf(invoice, invoice)

    @http.route(
        f"{LIST_URL}/<int:invoice_id>/credit/<int:credit_id>",
        type="http",
        auth="public",
        methods=["GET"],
    )
    def portal_my_xero_credit_pdf(
        self, invoice_id, credit_id, access_token=None, **_kwargs
    ):
        """Send a credit note that an invoice got as PDF, as Xero makes it: who may see
        the invoice may see what it was credited with.

        :param int invoice_id: `xero.invoice`
        :param int credit_id: `xero.credit.note`
        :param str access_token: of the invoice
        """
        invoice = self._find_xero_invoice(invoice_id, access_token)
        if not invoice:
            return request.redirect("/my")
        credit = invoice.allocation_ids.credit_note_id.filtered(
            lambda credit: credit.id == credit_id and credit._is_shown_to_customer()
        )
        if not credit:
            return request.redirect(invoice.get_portal_url())
        return self._send_xero_pdf(invoice, credit)

    def _send_xero_pdf(self, invoice, document):
        """Send the PDF of a document, or say on the page of the invoice that it cannot
        be had.

        :param document: `xero.pdf.mixin`, one record, as superuser
        """
        try:
            attachment = document._get_customer_pdf()
        except UserError:
            return self._show_xero_problem(invoice, "pdf")
        stream = request.env["ir.binary"]._get_stream_from(attachment)
        return stream.get_response(as_attachment=True)

    def _show_xero_problem(self, invoice, problem):
        """Say on the page of the invoice what cannot be had.

        :param str problem: `pdf` or `online`
        """
        return request.redirect(
            invoice.get_portal_url(query_string=f"&problem={problem}")
        )

    def _get_xero_invoice(self, invoice_id, access_token):
        """See `_get_for_customer` of `xero.invoice`."""
        invoices = request.env["xero.invoice"]
        return invoices._get_for_customer(invoice_id, access_token)

    def _find_xero_invoice(self, invoice_id, access_token):
        """Return an invoice as `_get_xero_invoice` does, or None for who may not see
        it."""
        try:
            return self._get_xero_invoice(invoice_id, access_token)
        except (AccessError, MissingError):
            return None

    def _prepare_xero_invoice_values(self, invoice, access_token, **kwargs):
        """Return what the page of an invoice shows.

        :param invoice: `xero.invoice`, one record, as superuser
        :param str access_token: as it came in the address
        """
        values = {
            "page_name": "xero_invoice",
            "xero_invoice": invoice,
            "res_company": invoice.company_id,  # whose logo is shown
            "problem": kwargs.get("problem"),
            # While nobody has looked at it yet: where the page tells that they do.
            "seen_route": not invoice.viewed_on
            and self._is_xero_customer()
            and f"{LIST_URL}/{invoice.id}/seen",
            "seen_token": access_token,
        }
        values = self._get_page_view_values(
            invoice, access_token, values, None, False, **kwargs
        )
        history = request.session.get(HISTORY, [])
        if invoice.id in history:
            # Without tokens: what is still theirs is looked up when they go there.
            at = history.index(invoice.id)
            beside = {"prev_record": at - 1, "next_record": at + 1}
            for name, place in beside.items():
                if 0 <= place < len(history):
                    values[name] = f"{LIST_URL}/{history[place]}"
        return values
