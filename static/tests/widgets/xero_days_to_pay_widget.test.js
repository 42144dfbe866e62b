import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { expect, test } from "@odoo/hoot";
import { animationFrame } from "@odoo/hoot-mock";
import {
    contains,
    defineModels,
    fields,
    models,
    mountView,
    onRpc,
} from "@web/../tests/web_test_helpers";

// The form of a customer; the days are read from the partner with the same id.
class Customer extends models.Model {
    name = fields.Char();

    _records = [
        { id: 1, name: "Kauri" },
        { id: 2, name: "Weka" },
        { id: 3, name: "Tui" },
    ];
}
const DAYS = { 1: 12, 2: 1, 3: 0 };

defineMailModels();
defineModels([Customer]);

test("days on average, read for the customer whose form is open", async () => {
    onRpc("res.partner", "read", ({ args: [[id], names] }) => {
        expect.step([id, ...names]);
        return [{ id, xero_days_to_pay: DAYS[id] }];
    });
    await mountView({
        resModel: "customer",
        resId: 1,
        resIds: [1, 2, 3],
        type: "form",
        arch: `<form><field name="name"/><widget name="xero_days_to_pay"/></form>`,
    });
    expect(".o_xero_days_to_pay").toHaveText("Pays after 12 days on average");
    expect(".o_xero_days_to_pay").toHaveAttribute("title", /in the last 12 months/);
    await contains(".o_pager_next").click();
    await animationFrame();
    expect(".o_xero_days_to_pay").toHaveText("Pays after 1 day on average");
    await contains(".o_pager_next").click();
    await animationFrame();
    expect(".o_xero_days_to_pay").toHaveCount(0, { message: "nothing was paid yet" });
    expect.verifySteps([1, 2, 3].map((id) => [id, "xero_days_to_pay"]));
});
