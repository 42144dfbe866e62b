import { registry } from "@web/core/registry";

/** A sales rep sends a quotation to Xero as a quote, and finds its number and status. */
registry.category("web_tour.tours").add("xero_crm_quote", {
    steps: () => [
        {
            content: "Send the quotation to Xero",
            trigger: ".o_statusbar_buttons button[name=action_create_xero_quote]",
            run: "click",
        },
        {
            content: "The status is shown as a badge",
            trigger: ".o_form_view [name=xero_quote] [data-status=draft]:contains(Draft)",
        },
        {
            content: "The button has gone",
            trigger:
                ".o_statusbar_buttons:not(:has(button[name=action_create_xero_quote]))",
        },
        {
            content: "Open the quote by its number",
            trigger: "button[name=action_view_xero_quote]:contains(QU-)",
            run: "click",
        },
        {
            content: "Its total is the quotation's",
            trigger: ".o_form_view [name=amount_total]:contains(575.00)",
        },
        {
            content: "Go back to the quotation",
            trigger: "button[name=action_open_order]",
            run: "click",
        },
        {
            content: "The quotation is there again",
            trigger: ".o_form_view [name=xero_quote] [data-status=draft]",
        },
    ],
});

/** The customer has accepted in Xero: the rep sees it and confirms the order. */
registry.category("web_tour.tours").add("xero_crm_quote_accepted", {
    steps: () => [
        {
            content: "The customer's answer stands above the quotation",
            trigger: ".o_form_view [name=xero_quote_accepted]:contains(was accepted)",
        },
        {
            content: "Confirm the order",
            trigger: ".o_statusbar_buttons button[name=action_confirm]:visible",
            run: "click",
        },
        {
            content: "It is a sales order, and the notice has gone",
            trigger: ".o_form_view:not(:has([name=xero_quote_accepted]))",
        },
        {
            content: "The quote is accepted on both sides",
            trigger: ".o_form_view [name=xero_quote] [data-status=accepted]",
        },
        {
            content: "Create the invoice",
            trigger: ".o_statusbar_buttons button[name=action_create_xero_invoice]",
            run: "click",
        },
        {
            content: "The invoice is there",
            trigger: "button[name=action_view_xero_invoices]:contains(INV-)",
        },
    ],
});

/** Both sides have changed the quote: the rep compares, and sends Odoo's version. */
registry.category("web_tour.tours").add("xero_crm_quote_compare", {
    steps: () => [
        {
            content: "What is wrong stands above the quotation",
            trigger: ".o_form_view [name=xero_quote_error]:contains(Both sides)",
        },
        {
            content: "Press Fix",
            trigger: "button[name=action_fix_xero_quote]",
            run: "click",
        },
        {
            content: "Both values stand side by side",
            trigger: ".o_form_view [name=compare] td:contains(3 ×)",
        },
        {
            content: "Choose Odoo's",
            trigger: "button[name=action_keep_odoo]",
            run: "click",
        },
        {
            content: "Yes",
            trigger: ".modal-footer .btn-primary",
            run: "click",
        },
        {
            content: "Nothing differs any more",
            trigger: ".o_form_view:not(:has([name=compare])) [name=amount_total]:contains(862.50)",
        },
    ],
});
