import { registry } from "@web/core/registry";

/** A sales rep invoices an order and sees its number and status. */
registry.category("web_tour.tours").add("xero_crm_invoice", {
    steps: () => [
        {
            content: "The order is not invoiced yet",
            trigger: ".o_form_view [name=xero_status] [data-status=none]",
        },
        {
            content: "Create the invoice",
            trigger: ".o_statusbar_buttons button[name=action_create_xero_invoice]",
            run: "click",
        },
        {
            content: "The status is shown as a badge",
            trigger: ".o_form_view [name=xero_status] [data-status=draft]:contains(Draft)",
        },
        {
            content: "The button has gone",
            trigger:
                ".o_statusbar_buttons:not(:has(button[name=action_create_xero_invoice]))",
        },
        {
            content: "Open the invoice by its number",
            trigger: "button[name=action_view_xero_invoices]:contains(INV-)",
            run: "click",
        },
        {
            content: "Its total is the order's",
            trigger: ".o_form_view [name=amount_total]:contains(575.00)",
        },
        {
            content: "Go back to the order",
            trigger: "button[name=action_open_order]",
            run: "click",
        },
        {
            content: "The order is there again",
            trigger: ".o_form_view [name=xero_status] [data-status=draft]",
        },
    ],
});
