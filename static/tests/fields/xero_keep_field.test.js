import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { expect, test } from "@odoo/hoot";
import { click } from "@odoo/hoot-dom";
import { animationFrame } from "@odoo/hoot-mock";
import {
    defineModels,
    fields,
    models,
    mountView,
    onRpc,
} from "@web/../tests/web_test_helpers";

class Conflict extends models.Model {
    choice = fields.Selection({
        selection: [
            ["odoo", "Odoo's"],
            ["xero", "Xero's"],
        ],
    });
    state = fields.Selection({
        selection: [
            ["open", "Open"],
            ["settled", "Settled"],
        ],
    });

    _records = [
        { id: 1, choice: false, state: "open" },
        { id: 2, choice: "xero", state: "open" },
    ];
}

defineMailModels();
defineModels([Conflict]);

const mountList = () =>
    mountView({
        resModel: "conflict",
        type: "list",
        arch: `<list edit="0"><field name="state"/><field name="choice" widget="xero_keep"/></list>`,
    });
const button = (row, choice) =>
    `.o_data_row:eq(${row}) button[data-choice=${choice}]`;

test("one click in the list chooses, and saves", async () => {
    onRpc("conflict", "web_save", ({ args }) => {
        expect.step(args);
    });
    await mountList();
    expect(button(0, "xero")).toHaveAttribute("aria-pressed", "false");
    await click(button(0, "xero"));
    await animationFrame();
    expect.verifySteps([[[1], { choice: "xero" }]]);
    expect(button(0, "xero")).toHaveAttribute("aria-pressed", "true");
    expect(button(0, "odoo")).toHaveAttribute("aria-pressed", "false");
});

test("a choice is taken back by the same button", async () => {
    onRpc("conflict", "web_save", ({ args }) => {
        expect.step(args);
    });
    await mountList();
    await click(button(1, "xero"));
    await animationFrame();
    expect.verifySteps([[[2], { choice: false }]]);
    expect(button(1, "xero")).toHaveAttribute("aria-pressed", "false");
});
