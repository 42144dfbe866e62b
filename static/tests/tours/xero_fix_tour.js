import { registry } from "@web/core/registry";

/** An accountant works the error log: reads the cause, fixes it, resyncs. */
registry.category("web_tour.tours").add("xero_crm_fix", {
    steps: () => [
        {
            content: "Open the problem",
            trigger: ".o_data_row .o_data_cell:contains(no e-mail address)",
            run: "click",
        },
        {
            content: "It says what to do",
            trigger: ".alert:contains(What to do):contains(Enter the e-mail)",
        },
        {
            content: "Fix leads to the very field",
            trigger: ".o_statusbar_buttons button[name=action_fix]",
            run: "click",
        },
        {
            content: "Enter the e-mail",
            trigger: ".modal .o_form_view .o_field_widget[name=email] input",
            run: "edit accounts@tui.example.com",
        },
        {
            content: "Save, and back to the problem",
            trigger: ".modal .o_form_button_save",
            run: "click",
        },
        {
            content: "The dialog is closed",
            trigger: "body:not(:has(.modal))",
        },
        {
            content: "Resync",
            trigger: ".o_statusbar_buttons button[name=action_resync]",
            run: "click",
        },
        {
            content: "Resolved",
            trigger: ".o_statusbar_status button.o_arrow_button_current:contains(Resolved)",
        },
    ],
});
