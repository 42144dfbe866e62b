import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { expect, test } from "@odoo/hoot";
import {
    contains,
    defineModels,
    fields,
    models,
    mountView,
    onRpc,
} from "@web/../tests/web_test_helpers";

class FieldMap extends models.Model {
    _name = "field.map";

    direction = fields.Selection({
        selection: [
            ["both", "Both Ways"],
            ["to_xero", "To Xero"],
            ["from_xero", "From Xero"],
            ["off", "Off"],
        ],
        onChange: () => {},
    });
    directions = fields.Json();
    name = fields.Char();
    choices = fields.Json();

    _records = [
        { id: 1, direction: "both", directions: ["both", "to_xero", "off"] },
        { id: 2, direction: "from_xero", directions: ["from_xero"] },
        {
            id: 3,
            direction: "off",
            directions: ["both", "off"],
            name: "x_two",
            choices: [
                { value: "x_one", label: "One (x_one)" },
                { value: "x_two", label: "Two (x_two)" },
            ],
        },
    ];
}

defineMailModels();
defineModels([FieldMap]);

const LIST = `
    <list editable="bottom">
        <field name="directions" column_invisible="True"/>
        <field name="direction" widget="xero_direction"
            options="{'allowed_field': 'directions'}"/>
    </list>`;

test("each direction has its arrow and its words", async () => {
    await mountView({ resModel: "field.map", type: "list", arch: LIST });
    expect("[data-direction=both]").toHaveText("Both Ways");
    expect("[data-direction=both] i.fa-exchange").toHaveCount(1);
    expect("[data-direction=from_xero] i.fa-long-arrow-left").toHaveCount(1);
    expect("[data-direction=off] i.fa-ban").toHaveCount(1);
});

test("one click opens the ways that are allowed, and the choice is saved", async () => {
    onRpc("field.map", "web_save", ({ args }) => {
        expect.step(args[1]);
    });
    await mountView({ resModel: "field.map", type: "list", arch: LIST });
    await contains("button[data-direction=both]").click();
    expect(".o-dropdown-item").toHaveCount(3);
    expect("[data-choice=from_xero]").toHaveCount(0);
    await contains("[data-choice=to_xero]").click();
    expect.verifySteps([{ direction: "to_xero" }]);
    expect("button[data-direction=to_xero]").toHaveCount(1);
});

test("the server is asked what a choice means before it is saved", async () => {
    onRpc("field.map", "onchange", () => {
        expect.step("onchange");
        return { value: {} };
    });
    onRpc("field.map", "web_save", ({ args }) => {
        expect.step(args[1]);
    });
    await mountView({ resModel: "field.map", type: "list", arch: LIST });
    await contains("button[data-direction=both]").click();
    await contains("[data-choice=off]").click();
    expect.verifySteps(["onchange", { direction: "off" }]);
});

test("where there is nothing to choose there is no button", async () => {
    await mountView({ resModel: "field.map", type: "list", arch: LIST });
    expect("span[data-direction=from_xero]").toHaveCount(1);
    expect("button[data-direction=from_xero]").toHaveCount(0);
});

test("a choice among what another field lists", async () => {
    onRpc("field.map", "web_save", ({ args }) => {
        expect.step(args[1]);
    });
    await mountView({
        resModel: "field.map",
        resId: 3,
        type: "form",
        arch: `<form>
            <field name="choices" invisible="1"/>
            <field name="name" widget="xero_choice" options="{'choices_field': 'choices'}"/>
        </form>`,
    });
    expect(".o_field_xero_choice input").toHaveValue("Two (x_two)");
    await contains(".o_field_xero_choice input").click();
    await contains(".o_select_menu_item:contains(One)").click();
    await contains(".o_form_button_save").click();
    expect.verifySteps([{ name: "x_one" }]);
});
