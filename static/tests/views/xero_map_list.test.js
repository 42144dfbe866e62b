import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { expect, test } from "@odoo/hoot";
import { click, edit, queryAllTexts } from "@odoo/hoot-dom";
import { animationFrame } from "@odoo/hoot-mock";
import {
    defineModels,
    fields,
    models,
    mountView,
    onRpc,
} from "@web/../tests/web_test_helpers";

class TaxMap extends models.Model {
    name = fields.Char();

    _records = [
        { id: 1, name: "GST" },
        { id: 2, name: "Levy" },
    ];
}

defineMailModels();
defineModels([TaxMap]);

const BANNER = ".o_xero_map_banner";

function banner(proposals) {
    return {
        level: proposals ? "warning" : "success",
        title: proposals ? "1 of 2 taxes has no rate." : "Done.",
        text: "",
        actions: proposals
            ? [{ method: "action_accept_all", label: "Accept All", primary: true }]
            : [],
    };
}

const mountList = () =>
    mountView({
        resModel: "tax.map",
        type: "list",
        arch: `<list js_class="xero_map_list" editable="top"><field name="name"/></list>`,
    });

test("the banner says what waits, and its button settles it", async () => {
    let proposals = 1;
    onRpc("tax.map", "get_banner", () => banner(proposals));
    onRpc("tax.map", "action_accept_all", () => {
        expect.step("accepted");
        proposals = 0;
        return true;
    });
    await mountList();
    expect(BANNER).toHaveClass("alert-warning");
    expect(`${BANNER} strong`).toHaveText("1 of 2 taxes has no rate.");
    await click(`${BANNER} button`);
    await animationFrame();
    await animationFrame();
    expect.verifySteps(["accepted"]);
    expect(BANNER).toHaveClass("alert-success");
    expect(`${BANNER} button`).toHaveCount(0);
    expect(queryAllTexts(".o_data_row")).toEqual(["GST", "Levy"]);
});

test("what was changed in the list is counted anew", async () => {
    let asked = 0;
    onRpc("tax.map", "get_banner", () => {
        asked += 1;
        return banner(1);
    });
    await mountList();
    expect(asked).toBe(1);
    await click(".o_data_row:eq(0) .o_data_cell");
    await animationFrame();
    await edit("GST 15%", { confirm: "enter" });
    await animationFrame();
    expect(asked > 1).toBe(true);
});
