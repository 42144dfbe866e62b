import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { expect, test } from "@odoo/hoot";
import { defineModels, fields, models, mountView } from "@web/../tests/web_test_helpers";

class Order extends models.Model {
    status = fields.Selection({
        selection: [
            ["none", "Not Invoiced"],
            ["overdue", "Overdue"],
            ["paid", "Paid"],
            ["surprise", "Something New"],
        ],
    });

    _records = [
        { id: 1, status: "overdue" },
        { id: 2, status: "paid" },
        { id: 3, status: "surprise" },
        { id: 4, status: false },
    ];
}

defineMailModels();
defineModels([Order]);

const ARCH = `<list><field name="status" widget="xero_status"/></list>`;

test("each status has its colour, its icon and its words", async () => {
    await mountView({ resModel: "order", type: "list", arch: ARCH });
    expect("[data-status=overdue]").toHaveText("Overdue");
    expect("[data-status=overdue]").toHaveClass("text-bg-danger");
    expect("[data-status=overdue] i.fa-exclamation-triangle").toHaveCount(1);
    expect("[data-status=paid]").toHaveText("Paid");
    expect("[data-status=paid]").toHaveClass("text-bg-success");
});

test("the icon says nothing that the words do not say", async () => {
    await mountView({ resModel: "order", type: "list", arch: ARCH });
    expect("[data-status=paid] i").toHaveAttribute("aria-hidden", "true");
});

test("a status that is not known keeps its words, in grey", async () => {
    await mountView({ resModel: "order", type: "list", arch: ARCH });
    expect("[data-status=surprise]").toHaveText("Something New");
    expect("[data-status=surprise]").toHaveClass("text-bg-300");
});

test("no status shows no badge", async () => {
    await mountView({ resModel: "order", type: "list", arch: ARCH });
    expect(".o_field_xero_status").toHaveCount(4);
    expect(".badge").toHaveCount(3);
});

test("the badge is shown in a form and in a kanban card as well", async () => {
    await mountView({
        resModel: "order",
        resId: 1,
        type: "form",
        arch: `<form><field name="status" widget="xero_status"/></form>`,
    });
    expect(".o_form_view .badge").toHaveText("Overdue");
    await mountView({
        resModel: "order",
        type: "kanban",
        arch: `<kanban><templates><t t-name="card">
            <field name="status" widget="xero_status"/>
        </t></templates></kanban>`,
    });
    expect(".o_kanban_view .badge").toHaveCount(3);
});
