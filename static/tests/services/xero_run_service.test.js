import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { expect, test } from "@odoo/hoot";
import { animationFrame } from "@odoo/hoot-mock";
import { contains, getService, mountWithCleanup } from "@web/../tests/web_test_helpers";
import { MainComponentsContainer } from "@web/core/main_components_container";
import { watchedRuns, xeroRunService } from "@xero_crm/services/xero_run_service";

defineMailModels();

const END = { id: 7, kind: "sync", title: "Sync is done", message: "3 created.", type: "success" };

/** Start the service with a bus that hands out its listener. */
async function start() {
    await mountWithCleanup(MainComponentsContainer);
    let tell;
    const bus = { start: () => {}, subscribe: (_type, listener) => (tell = listener) };
    const action = { doAction: (opened) => expect.step(opened) };
    const orm = { call: (...args) => Promise.resolve(args) };
    xeroRunService.start(
        {},
        { action, bus_service: bus, notification: getService("notification"), orm }
    );
    return tell;
}

test("who started a sync is told how it ended, with a way to the summary", async () => {
    const tell = await start();
    tell(END);
    await animationFrame();
    expect(".o_notification").toHaveText(/3 created/);
    await contains(".o_notification button:contains(Show the Summary)").click();
    await animationFrame();
    expect.verifySteps([["xero.sync.run", "action_open_result", [[7]]]]);
});

test("of a preview the result is offered", async () => {
    const tell = await start();
    tell({ ...END, kind: "preview" });
    await animationFrame();
    expect(".o_notification button:contains(Show the Result)").toHaveCount(1);
});

test("who looks at the sync is not disturbed", async () => {
    const tell = await start();
    watchedRuns.add(7);
    tell(END);
    await animationFrame();
    expect(".o_notification").toHaveCount(0);
    watchedRuns.delete(7);
});
