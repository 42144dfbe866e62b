import { registry } from "@web/core/registry";

/** An accountant switches reminders on, sees who gets one tomorrow, and spares them. */
registry.category("web_tour.tours").add("xero_crm_reminder", {
    steps: () => [
        {
            content: "Where reminders are set up",
            trigger: ".nav-link[name=reminders]",
            run: "click",
        },
        {
            content: "Switch them on",
            trigger: "[name=reminders_enabled] input",
            run: "click",
        },
        {
            content: "Save",
            trigger: ".o_form_button_save",
            run: "click",
        },
        {
            content: "The usual stages are there; see what goes out",
            trigger:
                ".tab-pane:has([name=reminder_stage_ids] .o_data_row) button[name=action_preview_reminders]",
            run: "click",
        },
        {
            content: "Tomorrow this customer gets one: pause it",
            trigger:
                ".o_data_row:contains(Tui Traders):contains(115.00) button[name=action_pause]",
            run: "click",
        },
        {
            content: "The whole customer",
            trigger: ".modal [name=kind] input[data-value=customer]",
            run: "click",
        },
        {
            content: "Say why",
            trigger: ".modal [name=reason] input:visible",
            run: "edit Pays in two parts",
        },
        {
            content: "Pause",
            trigger: ".modal button[name=action_pause]:visible",
            run: "click",
        },
        {
            content: "Held back, and says why",
            trigger:
                ".o_data_row:contains(Tui Traders):contains(Pays in two parts):not(:has(button[name=action_pause]))",
        },
    ],
});
