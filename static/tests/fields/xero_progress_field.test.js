import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { expect, test } from "@odoo/hoot";
import { advanceTime, animationFrame } from "@odoo/hoot-mock";
import {
    defineModels,
    fields,
    getService,
    MockServer,
    models,
    mountView,
    onRpc,
    patchWithCleanup,
} from "@web/../tests/web_test_helpers";
import { POLL_MS } from "@xero_crm/fields/xero_progress/xero_progress_field";

class Run extends models.Model {
    progress = fields.Float();
    records_done = fields.Integer();
    records_total = fields.Integer();
    seconds_left = fields.Integer();
    calls_left = fields.Integer();
    calls = fields.Integer();
    seconds = fields.Float();
    state = fields.Selection({
        selection: [
            ["running", "Running"],
            ["done", "Done"],
            ["failed", "Stopped"],
        ],
    });

    _records = [
        { id: 1, progress: 40, state: "running", calls_left: -1 },
        { id: 2, progress: 100, state: "done" },
        { id: 3, progress: 60, state: "failed" },
    ];
}

defineMailModels();
defineModels([Run]);

const mountRun = (resId) =>
    mountView({
        resModel: "run",
        resId,
        type: "form",
        arch: `<form edit="0"><field name="progress" widget="xero_progress"/></form>`,
    });

test("a run that is under way shows how far it is", async () => {
    await mountRun(1);
    expect(".o_xero_progress").toHaveText("40 % done");
    expect("[role=progressbar]").toHaveAttribute("aria-valuenow", "40");
    expect(".progress-bar").toHaveClass("progress-bar-animated");
});

test("it tells records of how many, the time and the calls left", async () => {
    await mountRun(1);
    MockServer.env["run"].write([1], {
        records_done: 1240,
        records_total: 20000,
        seconds_left: 170,
        calls_left: 812,
    });
    await advanceTime(POLL_MS);
    await animationFrame();
    expect(".o_xero_progress_details").toHaveText(
        "1,240 of 20,000 records · about 3 minutes left · 812 calls left today"
    );
    MockServer.env["run"].write([1], {
        records_done: 20000,
        seconds_left: 0,
        state: "done",
        calls: 21,
        seconds: 58.2,
    });
    await advanceTime(POLL_MS);
    await animationFrame();
    expect(".o_xero_progress_details").toHaveText(
        "20,000 of 20,000 records · 21 calls in 59 seconds"
    );
});

test("a finished run is green and at rest", async () => {
    await mountRun(2);
    expect(".o_xero_progress").toHaveText("Done");
    expect(".progress-bar").toHaveClass("bg-success");
    expect(".progress-bar").not.toHaveClass("progress-bar-animated");
});

test("a stopped run is red", async () => {
    await mountRun(3);
    expect(".o_xero_progress").toHaveText("Stopped");
    expect(".progress-bar").toHaveClass("bg-danger");
});

test("who waits for a preview is shown it when it is ready", async () => {
    onRpc("run", "action_open_result", ({ args }) => {
        expect.step(args[0]);
        return false;
    });
    await mountView({
        resModel: "run",
        resId: 1,
        type: "form",
        arch: `<form edit="0"><field name="progress" widget="xero_progress" options="{'result': True}"/></form>`,
    });
    expect.verifySteps([]);
    MockServer.env["run"].write([1], { progress: 100, state: "done" });
    await advanceTime(POLL_MS);
    await animationFrame();
    expect.verifySteps([[1]]);
});

test("a preview that was ready before stays where it is", async () => {
    onRpc("run", "action_open_result", () => expect.step("opened"));
    await mountView({
        resModel: "run",
        resId: 2,
        type: "form",
        arch: `<form edit="0"><field name="progress" widget="xero_progress" options="{'result': True}"/></form>`,
    });
    await animationFrame();
    expect.verifySteps([]);
});

test("it asks again every few seconds until the run is done", async () => {
    onRpc("run", "web_read", () => expect.step("read"));
    await mountRun(1);
    expect.verifySteps(["read"]);
    MockServer.env["run"].write([1], { progress: 70 });
    await advanceTime(POLL_MS);
    await animationFrame();
    expect.verifySteps(["read"]);
    expect(".o_xero_progress").toHaveText("70 % done");
    MockServer.env["run"].write([1], { progress: 100, state: "done" });
    await advanceTime(POLL_MS);
    await animationFrame();
    expect.verifySteps(["read"]);
    expect(".o_xero_progress").toHaveText("Done");
    await advanceTime(3 * POLL_MS);
    expect.verifySteps([]);
});

test("it follows what the server tells over the bus, of its own run only", async () => {
    const listeners = new Map();
    onRpc("run", "web_read", () => expect.step("read"));
    await mountRun(2);
    expect.verifySteps(["read"]);
    patchWithCleanup(getService("bus_service"), {
        subscribe: (type, listener) => listeners.set(type, listener),
    });
    await mountRun(1);
    expect.verifySteps(["read"]);
    const tell = listeners.get("xero_crm.run");
    MockServer.env["run"].write([1], { progress: 55 });
    tell({ id: 2, state: "running" });
    await animationFrame();
    expect.verifySteps([]);
    tell({ id: 1, state: "running" });
    await animationFrame();
    expect.verifySteps(["read"]);
    expect(".o_xero_progress:last").toHaveText("55 % done");
});
