import { registry } from "@web/core/registry";

const ROW = ".o_data_row:contains(Tui Traders)";

/** An accountant fills in place what Xero would refuse, and sends it. */
registry.category("web_tour.tours").add("xero_crm_required", {
    steps: () => [
        {
            content: "The list says what is missing",
            trigger: `${ROW}:contains(asks for an e-mail)`,
        },
        {
            content: "Fill it in place",
            trigger: `${ROW} .o_data_cell[name=value]`,
            run: "click",
        },
        {
            content: "Enter the e-mail",
            trigger: ".o_selected_row .o_field_widget[name=value] input",
            run: "edit accounts@tui.example.com",
        },
        {
            content: "Save",
            trigger: ".o_list_button_save",
            run: "click",
        },
        {
            content: "It is ready; send it",
            trigger: `${ROW}:has([data-status=ready]) button[name=action_send]`,
            run: "click",
        },
        {
            content: "Xero has it",
            trigger: ".o_notification:contains(1 sent to Xero)",
        },
        {
            content: "The row says so",
            trigger: `${ROW} [data-status=sent]`,
        },
    ],
});
