import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { expect, test } from "@odoo/hoot";
import { animationFrame } from "@odoo/hoot-mock";
import {
    defineModels,
    fields,
    getService,
    makeMockEnv,
    MockServer,
    models,
    mountView,
    patchWithCleanup,
} from "@web/../tests/web_test_helpers";

class Customer extends models.Model {
    name = fields.Char();
    commercial_partner_id = fields.Many2one({ relation: "customer" });

    _records = [
        { id: 1, name: "Kauri" },
        { id: 2, name: "Aroha", commercial_partner_id: 1 },
    ];
}

defineMailModels();
defineModels([Customer]);

/** Open a person of the customer's; let the server tell of these partners. */
async function openAndTell(ids) {
    await makeMockEnv();
    const bus = getService("bus_service");
    let tell;
    patchWithCleanup(bus, {
        subscribe(type, listener) {
            if (type === "xero_crm.changed") {
                tell = listener;
            }
            return super.subscribe(type, listener);
        },
    });
    await mountView({
        resModel: "customer",
        resId: 2,
        type: "form",
        arch: `<form><field name="name"/><widget name="xero_live"/></form>`,
    });
    MockServer.env["customer"].write([2], { name: "Aroha Ngata" });
    await tell({ "res.partner": ids });
    await animationFrame();
}

test("a person is read again when the company's money changed", async () => {
    await openAndTell([1]);
    expect("[name=name] input").toHaveValue("Aroha Ngata");
});

test("news of other customers leave it alone", async () => {
    await openAndTell([3]);
    expect("[name=name] input").toHaveValue("Aroha");
});

test("it shows nothing", async () => {
    await openAndTell([]);
    expect(".o_widget_xero_live").toHaveText("");
});
