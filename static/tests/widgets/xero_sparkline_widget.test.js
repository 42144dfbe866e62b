import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { beforeEach, expect, test } from "@odoo/hoot";
import { hover, keyDown, queryAttribute, queryFirst } from "@odoo/hoot-dom";
import { animationFrame, mockDate } from "@odoo/hoot-mock";
import {
    contains,
    defineModels,
    fields,
    mockService,
    models,
    mountView,
    onRpc,
} from "@web/../tests/web_test_helpers";

const PURCHASES = {
    currency: 1,
    total: 1250,
    since: 2019,
    years: [
        { year: 2022, invoiced: 1000, credited: 0 },
        { year: 2023, invoiced: 0, credited: 0 },
        { year: 2024, invoiced: 100, credited: 350 },
        { year: 2025, invoiced: 500, credited: 0 },
    ],
};

// The form of a customer; the figures are read from the partner with the same id.
class Customer extends models.Model {
    name = fields.Char();

    _records = [
        { id: 1, name: "Kauri" },
        { id: 2, name: "Weka" },
    ];
}
const FIGURES = { 1: PURCHASES, 2: false };

defineMailModels();
defineModels([Customer]);

beforeEach(() => {
    onRpc("res.partner", "read", ({ args: [[id], names] }) => {
        expect(names).toEqual(["xero_purchases"]);
        return [{ id, xero_purchases: FIGURES[id] }];
    });
});

async function mountSparkline(resId) {
    mockDate("2025-06-01 12:00:00");
    await mountView({
        resModel: "customer",
        resId,
        type: "form",
        arch: `<form><field name="name"/><widget name="xero_sparkline"/></form>`,
    });
}

const columns = ".o_xero_columns button";

test("a column for each year, and this year's figures in words", async () => {
    await mountSparkline(1);
    expect(".o_xero_total").toHaveText("$ 1,250.00 since 2019");
    expect(columns).toHaveCount(4);
    expect(".o_xero_caption").toHaveText("2025 so far: $ 500.00");
    expect(`${columns}:eq(3)`).toHaveClass("o_xero_active");
});

test("columns stand on a line; a year of credits hangs below it", async () => {
    await mountSparkline(1);
    const rects = [...document.querySelectorAll(`${columns} rect`)];
    const zero = Number(document.querySelector(`${columns} line`).getAttribute("y1"));
    const [tops, heights] = ["y", "height"].map((name) =>
        rects.map((rect) => Number(rect.getAttribute(name)))
    );
    expect(tops[0] + heights[0]).toBeCloseTo(zero);
    expect(heights[1]).toBe(0);
    expect(tops[2]).toBe(zero);
    expect(heights[2]).toBeGreaterThan(0);
    expect(heights[3] * 2).toBeCloseTo(heights[0]);
});

test("hovering a year tells its figures", async () => {
    await mountSparkline(1);
    await hover(`${columns}:eq(2)`);
    await animationFrame();
    expect(".o_xero_caption").toHaveText(
        "2024: $ -250.00 ($ 100.00 invoiced, $ 350.00 credited)"
    );
    await hover(".o_xero_total");
    await animationFrame();
    expect(".o_xero_caption").toHaveText("2025 so far: $ 500.00");
});

test("a screen reader hears each year; the drawing says nothing", async () => {
    await mountSparkline(1);
    expect(".o_xero_columns").toHaveAttribute("role", "group");
    expect(".o_xero_columns").toHaveAttribute("aria-label", "Purchases per year");
    expect(queryAttribute(`${columns}:eq(0)`, "aria-label")).toMatch(/^2022: \$\s1,000.00$/);
    expect(queryAttribute(`${columns}:eq(1)`, "aria-label")).toMatch(/^2023: \$\s0.00$/);
    expect(`${columns} svg[aria-hidden=true]`).toHaveCount(4);
});

test("one stop for the tab key, arrows go from year to year", async () => {
    await mountSparkline(1);
    expect(`${columns}[tabindex='0']`).toHaveCount(1);
    queryFirst(`${columns}:eq(3)`).focus();
    await keyDown("ArrowLeft");
    await animationFrame();
    expect(`${columns}:eq(2)`).toBeFocused();
    expect(`${columns}:eq(2)`).toHaveAttribute("tabindex", "0");
    expect(".o_xero_caption").toHaveText(/2024/);
    await keyDown("Home");
    await animationFrame();
    expect(`${columns}:eq(0)`).toBeFocused();
    await keyDown("ArrowLeft");
    await animationFrame();
    expect(`${columns}:eq(0)`).toBeFocused();
    await keyDown("End");
    await animationFrame();
    expect(`${columns}:eq(3)`).toBeFocused();
});

test("a year opens what was billed in it", async () => {
    onRpc("res.partner", "action_view_xero_purchases", ({ args }) => ({ tag: args }));
    mockService("action", { doAction: ({ tag }) => expect.step(tag) });
    await mountSparkline(1);
    await contains(`${columns}:eq(0)`).click();
    expect.verifySteps([[[1], 2022]]);
});

test("no purchases are said, not drawn", async () => {
    await mountSparkline(2);
    expect(".o_widget_xero_sparkline").toHaveText("No purchases yet");
    expect("svg").toHaveCount(0);
});
