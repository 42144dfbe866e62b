import { registry } from "@web/core/registry";

/** An accountant says who a contact is: compares both sides, confirms the match. */
registry.category("web_tour.tours").add("xero_crm_match", {
    steps: () => [
        {
            content: "Open the contact that waits",
            trigger: ".o_data_row .o_data_cell:contains(Kowhai Ltd)",
            run: "click",
        },
        {
            content: "It says why they are alike",
            trigger: ".o_xero_candidates .o_data_row:contains(same name)",
        },
        {
            content: "Both sides, field by field",
            trigger:
                ".o_xero_comparison tr:contains(office@kowhai.nz):contains(changes in Odoo)",
        },
        {
            content: "It is the same",
            trigger: ".o_statusbar_buttons button[name=action_confirm]",
            run: "click",
        },
        {
            content: "Said and shown",
            trigger: ".o_notification:contains(1 matched.)",
        },
        {
            content: "Matched",
            trigger: ".o_statusbar_status button.o_arrow_button_current:contains(Matched)",
        },
    ],
});
