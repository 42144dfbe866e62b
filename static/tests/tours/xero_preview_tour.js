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
            content: "Nothing was changed, says the result",
            trigger: ".o_xero_preview_banner:contains(Nothing has been changed)",
        },
        {
            content: "A contact of Xero is listed",
            trigger: ".o_data_row:contains(Kowhai Cafe) [data-status=create]",
        },
        {
            content: "A tile filters the list",
            trigger: ".o_xero_tiles button[data-operation=create]:contains(1)",
            run: "click",
        },
        {
            content: "It is marked, and the search says so",
            trigger: ".o_xero_tiles button[data-operation=create].active",
        },
        {
            content: "The list shows what is created only",
            trigger: ".o_searchview_facet:contains(Create)",
        },
        {
            content: "Open a line",
            trigger: ".o_data_row .o_data_cell:contains(Kowhai Cafe)",
            run: "click",
        },
        {
            content: "It names the fields by their labels",
            trigger: ".o_form_view .o_xero_changes_table:contains(Email)",
        },
        {
            content: "Back to the list",
            trigger: ".o_breadcrumb .o_back_button, .breadcrumb-item a:contains(Preview)",
            run: "click",
        },
        {
            content: "The list is as it was",
            trigger: ".o_xero_tiles button[data-operation=create].active",
        },
        {
            content: "Export what is shown",
            trigger: ".o_xero_preview_banner .o_xero_export",
            run: "click",
        },
        {
            content: "Tick the line",
            trigger: ".o_data_row:contains(Kowhai Cafe) .o_list_record_selector input",
            run: "click",
        },
        {
            content: "Test it",
            trigger: "button[name=action_test]:contains(Test These)",
            run: "click",
        },
        {
            content: "This was done",
            trigger: ".o_xero_preview_banner:contains(This is what was done)",
        },
        {
            content: "Look at both sides",
            trigger: ".o_data_row .o_data_cell:contains(Kowhai Cafe)",
            run: "click",
        },
        {
            content: "They stand beside each other",
            trigger: ".o_form_view .o_xero_changes_table:contains(In Xero)",
        },
        {
            content: "Back to the list",
            trigger: ".o_breadcrumb .o_back_button, .breadcrumb-item a:contains(Test Batch)",
            run: "click",
        },
        {
            content: "Now everything",
            trigger: ".o_xero_preview_banner .o_xero_full",
            run: "click",
        },
        {
            content: "The summary",
            trigger: ".o_form_view .o_xero_progress:contains(Done)",
        },
        {
            content: "Step by step",
            trigger: ".o_form_view .o_field_x2many_list .o_data_row:contains(Contacts)",
        },
    ],
});
