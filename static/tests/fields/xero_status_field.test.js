import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { expect, test } from "@odoo/hoot";
import { queryAllTexts } from "@odoo/hoot-dom";
import { animationFrame, mockDate } from "@odoo/hoot-mock";
import {
    contains,
    defineModels,
    fields,
    getService,
    makeMockEnv,
    MockServer,
    models,
    mountView,
    patchWithCleanup,
} from "@web/../tests/web_test_helpers";

class Order extends models.Model {
    note = fields.Char();
    due = fields.Date();
    days = fields.Integer();
    status = fields.Selection({
        selection: [
            ["none", "Not Invoiced"],
            ["overdue", "Overdue"],
            ["paid", "Paid"],
            ["sent", "Awaiting Payment"],
            ["partial", "Partly Paid"],
            ["viewed", "Viewed"],
            ["surprise", "Something New"],
        ],
    });

    _records = [
        { id: 1, status: "overdue", due: "2025-05-29", days: 7 },
        { id: 2, status: "paid", due: "2025-05-29" },
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

test("with a due date it tells how far that is, while money is to come", async () => {
    mockDate("2025-06-10 12:00:00");
    await mountView({
        resModel: "order",
        type: "list",
        arch: `<list>
            <field name="due" column_invisible="1"/>
            <field name="status" widget="xero_status" options="{'due_field': 'due'}"/>
        </list>`,
    });
    expect(".o_data_row:eq(0) .o_xero_due").toHaveText("for 12 days");
    expect(".o_data_row:eq(1) .o_xero_due").toHaveCount(0);
    MockServer.env["order"].write([1], { status: "overdue", due: "2025-06-09" });
    MockServer.env["order"].write([2], { status: "sent", due: "2025-06-10" });
    MockServer.env["order"].write([3], { status: "partial", due: "2025-06-11" });
    MockServer.env["order"].write([4], { status: "viewed", due: "2025-06-15" });
    await mountView({
        resModel: "order",
        type: "kanban",
        arch: `<kanban><templates><t t-name="card">
            <field name="due" invisible="1"/>
            <field name="status" widget="xero_status" options="{'due_field': 'due'}"/>
        </t></templates></kanban>`,
    });
    expect(queryAllTexts(".o_kanban_view .o_xero_due")).toEqual([
        "since yesterday",
        "due today",
        "due tomorrow",
        "due in 5 days",
    ]);
});

test("days overdue say the same where there is no date", async () => {
    await mountView({
        resModel: "order",
        type: "list",
        arch: `<list>
            <field name="days" column_invisible="1"/>
            <field name="status" widget="xero_status" options="{'due_field': 'days'}"/>
        </list>`,
    });
    expect(queryAllTexts(".o_xero_due")).toEqual(["for 7 days"]);
    expect(".o_xero_due").toHaveClass("o_xero_overdue");
});

const FORM = `<form><field name="status" widget="xero_status"/><field name="note"/></form>`;

/** Open a form, then let Xero change the record, and the server tell of these ids. */
async function openAndChange(ids, edit) {
    await makeMockEnv();
    const bus = getService("bus_service");
    const { subscribe } = bus;
    let tell;
    patchWithCleanup(bus, {
        subscribe(type, listener) {
            if (type === "xero_crm.changed") {
                tell = listener;
            }
            return subscribe.call(bus, type, listener);
        },
    });
    await mountView({ resModel: "order", type: "form", arch: FORM, resId: 1 });
    if (edit) {
        await contains("[name=note] input").edit(edit, { confirm: false });
    }
    MockServer.env["order"].write([1], { status: "paid" });
    await tell({ order: ids });
    await animationFrame();
}

test("an open form shows at once what came from Xero", async () => {
    await openAndChange([1, 2]);
    expect("[data-status=paid]").toHaveText("Paid");
});

test("news of other records are none of its business", async () => {
    await openAndChange([2, 3]);
    expect("[data-status=overdue]").toHaveCount(1);
});

test("what somebody is editing is not taken away", async () => {
    await openAndChange([1], "half a sent");
    expect("[data-status=overdue]").toHaveCount(1);
    expect("[name=note] input").toHaveValue("half a sent");
});
