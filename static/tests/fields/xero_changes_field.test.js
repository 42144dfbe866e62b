import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { expect, test } from "@odoo/hoot";
import { defineModels, fields, models, mountView } from "@web/../tests/web_test_helpers";

class Line extends models.Model {
    changes = fields.Json();

    _records = [
        {
            id: 1,
            changes: [
                ["Phone", "1", "2"],
                ["City", "", "Auckland"],
                ["Zip", "1010", ""],
                ["Country", "", "New Zealand"],
            ],
        },
    ];
}

defineMailModels();
defineModels([Line]);

const mountForm = (options = "{}") =>
    mountView({
        resModel: "line",
        resId: 1,
        type: "form",
        arch: `<form edit="0"><field name="changes" widget="xero_changes" options="${options}"/></form>`,
    });

test("a list shows old and new of the first fields, and how many more", async () => {
    await mountView({
        resModel: "line",
        type: "list",
        arch: `<list><field name="changes" widget="xero_changes"/></list>`,
    });
    expect(".o_xero_change").toHaveCount(4);
    expect(".o_xero_change:first s").toHaveText("1");
    expect(".o_xero_change:eq(1) s").toHaveCount(0);
    expect(".o_xero_change:eq(1)").toHaveText(/City\s*Auckland/);
    expect(".o_xero_change:eq(2)").toHaveText(/Zip\s*1010\s*–/);
    expect(".o_xero_change:last").toHaveText("+1 more");
});

test("a form shows a table of all", async () => {
    await mountForm();
    expect("thead th").toHaveCount(3);
    expect("thead th:last").toHaveText("New");
    expect("tbody tr").toHaveCount(4);
    expect("tbody tr:first").toHaveText(/Phone\s*1\s*2/);
});

test("both sides are named, and differences marked", async () => {
    await mountForm("{'sides': True}");
    expect("thead th:eq(1)").toHaveText("In Odoo");
    expect("thead th:eq(2)").toHaveText("In Xero");
    expect("tbody tr.o_xero_differs").toHaveCount(4);
});
