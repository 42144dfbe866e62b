import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { expect, test } from "@odoo/hoot";
import { defineModels, fields, models, mountView } from "@web/../tests/web_test_helpers";

class Connection extends models.Model {
    left = fields.Integer();
    limit = fields.Integer();
    reserve = fields.Integer();

    _records = [
        { id: 1, left: 812, limit: 1000, reserve: 15 },
        { id: 2, left: 120, limit: 1000, reserve: 15 },
        { id: 3, left: 0, limit: 5000, reserve: 15 },
        { id: 4, left: 7000, limit: 5000, reserve: 0 },
    ];
}

defineMailModels();
defineModels([Connection]);

const mountMeter = (resId) =>
    mountView({
        resModel: "connection",
        resId,
        type: "form",
        arch: `<form>
            <field name="limit" invisible="1"/>
            <field name="reserve" invisible="1"/>
            <field name="left" widget="xero_meter"
                options="{'max_field': 'limit', 'reserve_field': 'reserve'}"/>
        </form>`,
    });

test("it says how many calls are left, and shows it", async () => {
    await mountMeter(1);
    expect(".o_xero_meter").toHaveText("812 of 1,000 calls left today");
    expect(".o_xero_meter .progress-bar").toHaveStyle({ width: "81%" }, { inline: true });
    expect(".o_xero_meter .progress-bar").toHaveClass("bg-success");
    expect(".o_xero_meter_reserve").toHaveStyle({ left: "15%" }, { inline: true });
});

test("a screen reader hears the sentence", async () => {
    await mountMeter(1);
    expect("[role=meter]").toHaveAttribute("aria-valuenow", "812");
    expect("[role=meter]").toHaveAttribute("aria-valuemax", "1000");
    expect("[role=meter]").toHaveAttribute(
        "aria-valuetext",
        "812 of 1,000 calls left today"
    );
});

test("it warns when only the share of people is left", async () => {
    await mountMeter(2);
    expect(".o_xero_meter .progress-bar").toHaveClass("bg-warning");
    expect(".o_xero_meter .small").toHaveText(/kept for people/);
});

test("it says what no calls left means", async () => {
    await mountMeter(3);
    expect(".o_xero_meter .fw-bold").toHaveText("0 of 5,000 calls left today");
    expect(".o_xero_meter .small").toHaveText(/Nothing can be fetched or sent/);
});

test("more than the limit is the limit", async () => {
    await mountMeter(4);
    expect(".o_xero_meter").toHaveText("5,000 of 5,000 calls left today");
    expect(".o_xero_meter_reserve").toHaveCount(0);
});
