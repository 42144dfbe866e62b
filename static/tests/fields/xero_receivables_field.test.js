import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { expect, test } from "@odoo/hoot";
import { hover, keyDown, leave, queryAllTexts, queryAttribute, queryFirst } from "@odoo/hoot-dom";
import { animationFrame } from "@odoo/hoot-mock";
import {
    contains,
    defineModels,
    fields,
    getService,
    makeMockEnv,
    MockServer,
    mockService,
    models,
    mountView,
    onRpc,
    patchWithCleanup,
} from "@web/../tests/web_test_helpers";

const USD = 1;
const EUR = 2;

const OWED = {
    family: 7,
    currency: USD,
    total: 1000,
    overdue: 400,
    days: 95,
    credit: 0,
    ages: {
        current: { amount: 600, count: 3 },
        "1_30": { amount: 300, count: 1 },
        "90_plus": { amount: 100, count: 2 },
    },
    currencies: [],
};
const CREDIT = { ...OWED, total: 0, overdue: 0, days: 0, credit: 25, ages: {} };

class Customer extends models.Model {
    note = fields.Char();
    owed = fields.Json();

    _records = [
        { id: 1, owed: OWED },
        { id: 2, owed: false },
        { id: 3, owed: CREDIT },
        {
            id: 4,
            owed: {
                ...OWED,
                currencies: [
                    { currency: USD, code: "USD", amount: 800, overdue: 0 },
                    { currency: EUR, code: "EUR", amount: 100, overdue: 40 },
                    { currency: 99, code: "JPY", amount: 50, overdue: 50 },
                ],
            },
        },
        {
            id: 5,
            owed: { ...OWED, total: 600, overdue: 0, days: 0, ages: { current: OWED.ages.current } },
        },
        {
            id: 6,
            // More was credited on an invoice than it is over: nothing to draw.
            owed: { ...OWED, ages: { ...OWED.ages, "31_60": { amount: -50, count: 1 } } },
        },
    ];
}

defineMailModels();
defineModels([Customer]);

/** Opens a customer with the meter in each of its forms. */
const mountMeter = (resId) =>
    mountView({
        resModel: "customer",
        resId,
        type: "form",
        arch: `<form>
            <div class="t_full"><field name="owed" widget="xero_receivables"/></div>
            <div class="t_compact">
                <field name="owed" widget="xero_receivables" options="{'mode': 'compact'}"/>
            </div>
            <div class="t_badge">
                <field name="owed" widget="xero_receivables" options="{'mode': 'badge'}"/>
            </div>
            <field name="note"/>
        </form>`,
    });
const segment = (age) => `.t_full button[data-aging='${age}']`;

test("total and overdue stand in words, each age in figures", async () => {
    await mountMeter(1);
    expect(".t_full .o_xero_figure").toHaveText("$ 1,000.00 owed");
    expect(".t_full .o_xero_overdue").toHaveText("$ 400.00 overdue, the oldest for 95 days");
    expect(".t_full .o_xero_ages li").toHaveCount(3);
    expect(".t_full .o_xero_ages li:last").toHaveText(/90\+ days\s*\$ 100.00/);
});

test("a segment is as long as its share, and none is without money", async () => {
    await mountMeter(1);
    expect(".t_full .o_xero_aging button").toHaveCount(3);
    expect(segment("current")).toHaveStyle({ "flex-grow": "0.6" }, { inline: true });
    expect(segment("31_60")).toHaveCount(0);
});

test("a negative age is no segment", async () => {
    await mountMeter(6);
    expect(segment("31_60")).toHaveCount(0);
    expect(".t_full .o_xero_aging button").toHaveCount(3);
});

test("a screen reader hears age, amount and number of invoices", async () => {
    await mountMeter(1);
    expect(".t_full .o_xero_aging").toHaveAttribute("role", "group");
    expect(queryAttribute(segment("1_30"), "aria-label")).toMatch(
        /^1–30 days overdue: \$\s300.00, 1 invoice$/
    );
    expect(queryAttribute(segment("90_plus"), "aria-label")).toMatch(
        /^Over 90 days overdue: \$\s100.00, 2 invoices$/
    );
});

test("hovering and focusing tell the same", async () => {
    await mountMeter(1);
    await hover(segment("current"));
    await animationFrame();
    expect(".o_xero_age_tip").toHaveText("Not due yet\n$ 600.00 3 invoices");
    await leave();
    await animationFrame();
    expect(".o_xero_age_tip").toHaveCount(0);
    queryFirst(segment("1_30")).focus();
    await animationFrame();
    expect(".o_xero_age_tip").toHaveText("1–30 days overdue\n$ 300.00 1 invoice");
    queryFirst(segment("1_30")).blur();
    await animationFrame();
    expect(".o_xero_age_tip").toHaveCount(0);
});

test("a segment opens its invoices, by mouse and by keyboard", async () => {
    onRpc("res.partner", "action_view_xero_aging", ({ args }) => ({ tag: args }));
    mockService("action", { doAction: ({ tag }) => expect.step(tag) });
    await mountMeter(1);
    await contains(segment("1_30")).click();
    queryFirst(segment("90_plus")).focus();
    await keyDown("Enter");
    await animationFrame();
    expect.verifySteps([
        [[7], "1_30"],
        [[7], "90_plus"],
    ]);
});

test("nothing due is said quietly, and not at all where room is small", async () => {
    await mountMeter(2);
    expect(".t_full").toHaveText("Nothing due");
    expect(".t_compact").toHaveText("");
    expect(".t_badge").toHaveText("");
    expect(".o_xero_aging").toHaveCount(0);
});

test("credit alone is told where there is room", async () => {
    await mountMeter(3);
    expect(".t_full").toHaveText(/Nothing due\s+\$ 25.00 credit to use/);
    expect(".t_compact").toHaveText("$ 25.00 credit to use");
    expect(".t_badge").toHaveText("");
    expect(".o_xero_aging").toHaveCount(0);
});

test("each currency stands below the total, with its code where it is foreign", async () => {
    await mountMeter(4);
    expect(".t_full .o_xero_figure").toHaveText("$ 1,000.00 owed");
    expect(queryAllTexts(".t_full .o_xero_currencies li")).toEqual([
        "$ 800.00",
        "100.00 € EUR, of which 40.00 € EUR overdue",
        "50.00 JPY, all of it overdue",
    ]);
});

test("small meters tell what is overdue first, and are quiet without it", async () => {
    await mountMeter(1);
    expect(".t_compact").toHaveText(/\$ 400.00 overdue\s+\$ 1,000.00 owed/);
    expect(".t_badge").toHaveText("$ 400.00 overdue");
    expect(".t_badge i").toHaveAttribute("aria-hidden", "true");
});

test("what is owed but not due is no alarm", async () => {
    await mountMeter(5);
    expect(".t_full .o_xero_overdue").toHaveCount(0);
    expect(".t_compact").toHaveText("$ 600.00 owed");
    expect(".t_badge").toHaveText("");
});

/** Open a form, then let the server tell what Xero has changed. */
async function openAndTell(changed) {
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
    await mountMeter(1);
    MockServer.env["customer"].write([1], { owed: CREDIT });
    await tell(changed);
    await animationFrame();
}

test("whoever's form it is, it follows the money of its customer", async () => {
    await openAndTell({ "xero.invoice": [3], "res.partner": [6, 7] });
    expect(".t_compact").toHaveText("$ 25.00 credit to use");
});

test("news of another customer are none of its business", async () => {
    await openAndTell({ "res.partner": [1, 6] });
    expect(".t_compact").toHaveText(/400.00 overdue/);
});
