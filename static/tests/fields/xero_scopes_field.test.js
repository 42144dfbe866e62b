import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { expect, test } from "@odoo/hoot";
import { defineModels, fields, models, mountView } from "@web/../tests/web_test_helpers";

class Connection extends models.Model {
    needed = fields.Text();
    granted = fields.Text();
    missing = fields.Text();

    _records = [
        {
            id: 1,
            needed: "accounting.contacts\naccounting.invoices",
            granted: "accounting.contacts\naccounting.reports.read",
            missing: "accounting.invoices",
        },
        { id: 2, needed: "accounting.contacts", granted: false, missing: false },
        {
            id: 3,
            needed: "accounting.invoices",
            granted: "accounting.transactions",
            missing: false,
        },
    ];
}

defineMailModels();
defineModels([Connection]);

const mountScopes = (resId) =>
    mountView({
        resModel: "connection",
        resId,
        type: "form",
        arch: `<form><field name="needed" widget="xero_scopes"
            options="{'granted_field': 'granted', 'missing_field': 'missing'}"/></form>`,
    });

test("what is missing stands out beside what is granted", async () => {
    await mountScopes(1);
    expect("[data-scope-state=granted]").toHaveText("accounting.contacts Granted");
    expect("[data-scope-state=missing]").toHaveText("accounting.invoices Missing");
    expect("[data-scope-state=missing]").toHaveClass("table-danger");
    expect("[data-scope-state=extra] td:last").toHaveText("accounting.reports.read");
});

test("before the first consent nothing is called missing", async () => {
    await mountScopes(2);
    expect("[data-scope-state=unknown]").toHaveCount(1);
    expect("[data-scope-state=missing]").toHaveCount(0);
});

test("a broad permission covers a narrow one, as the server says", async () => {
    await mountScopes(3);
    expect("[data-scope-state=granted]").toHaveCount(1);
});
