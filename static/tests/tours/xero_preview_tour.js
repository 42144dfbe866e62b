import { registry } from "@web/core/registry";

/** An accountant looks at the connection and previews what a sync would do. */
registry.category("web_tour.tours").add("xero_crm_preview", {
    steps: () => [
        {
            content: "Open the connection",
            trigger: ".o_data_row .o_data_cell:contains(Demo Company)",
            run: "click",
        },
        {
            content: "The calls left are shown",
            trigger: ".o_xero_meter:contains(calls left today)",
        },
        {
            content: "Read-only mode explains itself",
            trigger: ".alert-info:contains(Read-only mode)",
        },
        {
            content: "Open the wizard",
            trigger: ".o_statusbar_buttons button[name=action_open_wizard]",
            run: "click",
        },
        {
            content: "It offers a preview first",
            trigger: ".modal .o_radio_input[data-value=preview]:checked",
        },
        {
            content: "Preview",
            trigger: ".modal-footer button[name=action_run]:contains(Preview)",
            run: "click",
        },
        {
            content: "The result counts what would be created",
            trigger: ".modal .o_xero_tiles button:contains(To create)",
            run: "click",
        },
        {
            content: "A contact of Xero is listed",
            trigger: ".modal .o_data_row:contains(Kowhai Cafe) [data-status=create]",
        },
        {
            content: "Close",
            trigger: ".modal-footer button:contains(Close)",
            run: "click",
        },
        {
            content: "Back on the connection",
            trigger: "body:not(:has(.modal)) .o_form_view .o_xero_meter",
        },
    ],
});
