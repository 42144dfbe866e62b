import { registry } from "@web/core/registry";

/** An accountant credits a paid invoice of an order, and records the refund. */
registry.category("web_tour.tours").add("xero_crm_refund", {
    steps: () => [
        {
            content: "Open the invoice of the order",
            trigger: "button[name=action_view_xero_invoices]",
            run: "click",
        },
        {
            content: "It is paid; credit it",
            trigger: ".o_statusbar_buttons button[name=action_credit]",
            run: "click",
        },
        {
            content: "Say why",
            trigger: ".modal .o_field_widget[name=reason] input",
            run: "edit Both tables came back",
        },
        {
            content: "All of it stays as credit",
            trigger: ".modal .alert-info:contains(575.00)",
        },
        {
            content: "Make the credit note",
            trigger: ".modal button[name=action_credit]",
            run: "click",
        },
        {
            content: "It has its number",
            trigger: ".oe_title:contains(CN-0001)",
        },
        {
            content: "Pay it back",
            trigger: ".o_statusbar_buttons button[name=action_refund]",
            run: "click",
        },
        {
            content: "Choose the bank account",
            trigger: ".modal .o_field_widget[name=account_id] input",
            run: "edit Business Bank",
        },
        {
            content: "By its name",
            trigger: ".o-autocomplete--dropdown-item:contains(Business Bank)",
            run: "click",
        },
        {
            content: "Record it",
            trigger: ".modal button[name=action_refund]",
            run: "click",
        },
        {
            content: "Nothing is left of the credit",
            trigger: ".oe_title:contains(Used)",
        },
    ],
});
