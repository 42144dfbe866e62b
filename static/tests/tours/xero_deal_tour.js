import { registry } from "@web/core/registry";

/** A customer signs a quotation online. */
registry.category("web_tour.tours").add("xero_crm_sign", {
    steps: () => [
        {
            content: "The page is ready",
            trigger: "body[is-ready=true]",
        },
        {
            content: "Sign the quotation",
            trigger: ".o_portal_sale_sidebar a:contains(Sign)",
            run: "click",
        },
        {
            content: "By name",
            trigger: ".modal .o_web_sign_name_and_signature input",
            run: "edit Kahu Kauri",
        },
        {
            content: "The name is drawn",
            trigger: ".modal canvas.o_web_sign_signature",
            run: "canvasNotEmpty",
        },
        {
            content: "Accept",
            trigger: ".modal .o_portal_sign_submit:enabled",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "It is an order",
            trigger: "#quote_content:contains(Thank You)",
        },
    ],
});

/** A sales rep sees the invoice that the signature made. */
registry.category("web_tour.tours").add("xero_crm_signed", {
    steps: () => [
        {
            content: "The invoice awaits payment",
            trigger: ".o_form_view [name=xero_status] [data-status=sent]",
        },
        {
            content: "Nothing is left to invoice",
            trigger:
                ".o_statusbar_buttons:not(:has(button[name=action_create_xero_invoice]))",
        },
        {
            content: "Its number leads to it",
            trigger: "button[name=action_view_xero_invoices]:contains(INV-)",
        },
    ],
});

/** A sales rep sees that the customer has paid. */
registry.category("web_tour.tours").add("xero_crm_paid", {
    steps: () => [
        {
            content: "The order is paid",
            trigger: ".o_form_view [name=xero_status] [data-status=paid]:contains(Paid)",
        },
        {
            content: "Open the invoice",
            trigger: "button[name=action_view_xero_invoices]:contains(INV-)",
            run: "click",
        },
        {
            content: "Nothing is due",
            trigger: ".o_form_view [name=amount_due]:contains(0.00)",
        },
    ],
});
