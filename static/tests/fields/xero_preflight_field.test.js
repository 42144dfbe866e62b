import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { expect, test } from "@odoo/hoot";
import { click } from "@odoo/hoot-dom";
import { animationFrame } from "@odoo/hoot-mock";
import {
    defineModels,
    fields,
    mockService,
    models,
    mountView,
    onRpc,
} from "@web/../tests/web_test_helpers";

const NO_EMAIL = {
    message: "Kauri has no e-mail address.",
    remedy: "Enter it.",
    fix: "email",
    fix_id: 7,
    who: "",
    asks_xero: false,
};
const UNMAPPED = {
    message: "The tax is not mapped.",
    remedy: "Map it.",
    fix: "",
    fix_id: 3,
    who: "Ask your accountant: Alex.",
    asks_xero: false,
};
const LOCKED = {
    message: "The books are closed.",
    remedy: "Move the lock date.",
    fix: "",
    fix_id: 1,
    who: "",
    asks_xero: true,
};

class Order extends models.Model {
    points = fields.Json();

    _records = [
        { id: 1, points: [NO_EMAIL, UNMAPPED] },
        { id: 2, points: false },
        { id: 3, points: [LOCKED] },
    ];
}

defineMailModels();
defineModels([Order]);

const mountForm = (resId) =>
    mountView({
        resModel: "order",
        resId,
        type: "form",
        arch: `<form><field name="points" widget="xero_preflight"/></form>`,
    });

test("nothing is shown where all is well", async () => {
    await mountForm(2);
    expect(".o_xero_preflight").toHaveCount(0);
});

test("a button where the user may fix it, else whom to ask", async () => {
    await mountForm(1);
    expect(".o_xero_preflight_point").toHaveCount(2);
    expect(".o_xero_preflight_point:eq(0) button").toHaveText("Fix");
    expect(".o_xero_preflight_point:eq(1) button").toHaveCount(0);
    expect(".o_xero_preflight_point:eq(1)").toHaveText(/Ask your accountant: Alex/);
    expect(".o_xero_preflight_again").toHaveCount(0);
});

test("Fix opens where it is put right, and looks again afterwards", async () => {
    onRpc("order", "action_fix_xero_point", ({ args }) => {
        expect.step(args);
        return { type: "ir.actions.act_window", name: "E-Mail" };
    });
    mockService("action", {
        async doAction(action, options) {
            expect.step(action.name);
            await options.onClose();
        },
    });
    await mountForm(1);
    await click(".o_xero_preflight_point:eq(0) button");
    await animationFrame();
    expect.verifySteps([[[1], "email", 7], "E-Mail"]);
});

test("what Xero has told can be asked again", async () => {
    onRpc("order", "action_check_xero_again", ({ args }) => {
        expect.step(args);
        return true;
    });
    await mountForm(3);
    expect(".o_xero_preflight_point").toHaveText(/Move the lock date/);
    await click(".o_xero_preflight_again");
    await animationFrame();
    expect.verifySteps([[[3]]]);
});
