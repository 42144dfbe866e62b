import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { beforeEach, expect, test } from "@odoo/hoot";
import { keyDown, queryFirst } from "@odoo/hoot-dom";
import { animationFrame } from "@odoo/hoot-mock";
import {
    contains,
    defineModels,
    fields,
    mockService,
    models,
    mountView,
    onRpc,
    patchWithCleanup,
} from "@web/../tests/web_test_helpers";

import { XeroTimelineWidget } from "@xero_crm/widgets/xero_timeline_widget";

const USD = { currency: 1, code: "USD" };
const INVOICE = { ...USD, model: "xero.invoice", id: 5, name: "INV-5" };
const EVENTS = [
    { ...INVOICE, kind: "overdue", date: "2025-03-20", amount: 60, days: 10 },
    { ...INVOICE, kind: "paid", date: "2025-03-12", amount: 40, days: 2, part: true },
    { ...INVOICE, kind: "viewed", date: "2025-03-11" },
    { ...INVOICE, kind: "sent", date: "2025-03-10", to: "jo@example.com" },
    { ...INVOICE, kind: "invoiced", date: "2025-03-09", amount: 100, sent: true },
    {
        ...INVOICE,
        ...{ currency: 2, code: "EUR", kind: "paid", name: "INV-4" },
        ...{ date: "2025-02-12", amount: 7, days: -1, part: false },
    },
    {
        ...USD,
        ...{ model: "xero.credit.note", id: 9, name: "CN-9" },
        ...{ kind: "credited", date: "2025-01-02", amount: 15, credit: "overpayment" },
    },
    { ...INVOICE, kind: "paid", date: "2025-01-01", amount: 1, days: 0, part: false },
];

// The form of a customer; the figures are read from the partner with the same id.
class Customer extends models.Model {
    name = fields.Char();

    _records = [
        { id: 1, name: "Kauri" },
        { id: 2, name: "Weka" },
    ];
}
const FIGURES = { 1: EVENTS, 2: [] };

defineMailModels();
defineModels([Customer]);

beforeEach(() => {
    onRpc("res.partner", "read", ({ args: [[id], names] }) => {
        expect(names).toEqual(["xero_timeline"]);
        return [{ id, xero_timeline: FIGURES[id] }];
    });
});

const ARCH = `<form><field name="name"/><widget name="xero_timeline"/></form>`;
const mountTimeline = (resId) =>
    mountView({ resModel: "customer", resId, resIds: [1, 2], type: "form", arch: ARCH });

test("what happened stands in words, with date and amount, newest first", async () => {
    await mountTimeline(1);
    expect(".o_xero_event").toHaveCount(6);
    expect(".o_xero_event:eq(0) .o_xero_event_text").toHaveText(
        "Fell overdue INV-5\n03/20/2025 · 10 days by now"
    );
    expect(".o_xero_event:eq(0) .o_xero_event_money").toHaveText("$ 60.00");
    expect(".o_xero_event:eq(1) .o_xero_event_text").toHaveText(
        "Part payment INV-5\n03/12/2025 · 2 days late"
    );
    expect(".o_xero_event:eq(2)").toHaveText(/Viewed by the customer INV-5\s+03\/11\/2025/);
    expect(".o_xero_event:eq(2) .o_xero_event_money").toHaveText("");
    expect(".o_xero_event:eq(3)").toHaveText(/Sent INV-5\s+03\/10\/2025 · jo@example.com/);
    expect(".o_xero_event:eq(4)").toHaveText(/Invoiced and sent INV-5/);
    expect(".o_xero_event:eq(5)").toHaveText(/Paid INV-4\s+02\/12\/2025 · 1 day early/);
    expect(".o_xero_event:eq(5) .o_xero_event_money").toHaveText("7.00 € EUR");
});

test("colour never stands alone: marks are hidden from screen readers", async () => {
    await mountTimeline(1);
    expect("ol > li.o_xero_event").toHaveCount(6);
    expect(".o_xero_event_icon[aria-hidden=true]").toHaveCount(6);
    expect(".o_xero_event[data-kind=overdue] .o_xero_event_note").toHaveClass("o_xero_bad");
    expect(".o_xero_event:eq(5) .o_xero_event_note").not.toHaveClass("o_xero_bad");
});

test("the rest is shown on demand", async () => {
    await mountTimeline(1);
    await contains("button:contains(Show 2 more)").click();
    expect(".o_xero_event").toHaveCount(8);
    expect(".o_xero_event:eq(6)").toHaveText(/Paid too much CN-9/);
    expect(".o_xero_event:eq(7)").toHaveText(/Paid INV-5\s+01\/01\/2025 · on the due date/);
    expect(".o_xero_more").toHaveCount(0);
});

test("each event opens its document, by mouse and by keyboard", async () => {
    mockService("action", {
        doAction: ({ res_model, res_id }) => expect.step([res_model, res_id]),
    });
    await mountTimeline(1);
    await contains(".o_xero_event:eq(0) button").click();
    await contains(".o_xero_more").click();
    queryFirst(".o_xero_event[data-kind=credited] button").focus();
    await keyDown("Enter");
    expect.verifySteps([
        ["xero.invoice", 5],
        ["xero.credit.note", 9],
    ]);
});

test("it is read when it is looked at, and for the next customer anew", async () => {
    onRpc("res.partner", "read", ({ args: [ids] }) => {
        expect.step(ids);
    });
    await mountTimeline(1);
    expect.verifySteps([[1]]);
    await contains(".o_pager_next").click();
    await animationFrame();
    expect.verifySteps([[2]]);
    expect(".o_xero_event").toHaveCount(0);
    expect(".o_widget_xero_timeline").toHaveText("No invoice or payment yet");
});

test("it is read again when the form is, as after news from Xero", async () => {
    let record;
    patchWithCleanup(XeroTimelineWidget.prototype, {
        setup() {
            super.setup();
            record = this.props.record;
        },
    });
    await mountTimeline(1);
    FIGURES[1] = EVENTS.slice(0, 1);
    await record.load();
    await animationFrame();
    await animationFrame();
    FIGURES[1] = EVENTS;
    expect(".o_xero_event").toHaveCount(1);
});

test("a customer who is not saved has nothing to read", async () => {
    onRpc("res.partner", "read", () => {
        expect.step("read");
    });
    await mountView({ resModel: "customer", type: "form", arch: ARCH });
    expect(".o_widget_xero_timeline").toHaveText("No invoice or payment yet");
    expect.verifySteps([]);
});
