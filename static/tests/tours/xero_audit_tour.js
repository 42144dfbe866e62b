import { registry } from "@web/core/registry";

const TILE = ".o_kanban_record:contains(Without Email):not(:contains(in Xero))";

/** An accountant runs the data audit, and puts right what a tile counts. */
registry.category("web_tour.tours").add("xero_crm_audit", {
    steps: () => [
        {
            content: "Nothing was counted yet",
            trigger: ".alert-info:contains(Not run yet)",
        },
        {
            content: "Run it",
            trigger: ".o_statusbar_buttons button[name=action_run]",
            run: "click",
        },
        {
            content: "One customer has no e-mail; open the list",
            trigger: `${TILE} [data-level=warning] button[name=action_fix]`,
            run: "click",
        },
        {
            content: "Edit it in the list",
            trigger: ".o_data_row:contains(Tui Traders) .o_data_cell[name=email]",
            run: "click",
        },
        {
            content: "Enter the e-mail",
            trigger: ".o_selected_row .o_field_widget[name=email] input",
            run: "edit accounts@tui.example.com",
        },
        {
            content: "Save",
            trigger: ".o_list_button_save",
            run: "click",
        },
        {
            content: "Back to the audit",
            trigger: ".o_list_renderer:not(:has(.o_selected_row))",
        },
        {
            content: "By the breadcrumb",
            trigger: ".o_back_button, .breadcrumb-item:last a",
            run: "click",
        },
        {
            content: "Run it again",
            trigger: ".o_statusbar_buttons button[name=action_run]",
            run: "click",
        },
        {
            content: "It is clean, and was not before",
            trigger: `${TILE} [data-level=ok]:contains(1 before)`,
        },
    ],
});
