import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";

/** Ids of the runs whose form is open. */
export const watchedRuns = new Set();

/** Tells who started a sync, wherever they are in Odoo, that it ended and how. */
export const xeroRunService = {
    dependencies: ["action", "bus_service", "notification"],
    start(env, { action, bus_service, notification }) {
        bus_service.subscribe("xero_crm.run_end", ({ id, title, message, type }) => {
            if (watchedRuns.has(id)) {
                return;
            }
            const close = notification.add(message, {
                title,
                type,
                sticky: true,
                buttons: [
                    {
                        name: _t("Show the Summary"),
                        primary: true,
                        onClick: () => {
                            close();
                            action.doAction({
                                type: "ir.actions.act_window",
                                res_model: "xero.sync.run",
                                res_id: id,
                                views: [[false, "form"]],
                            });
                        },
                    },
                ],
            });
        });
        bus_service.start();
    },
};

registry.category("services").add("xero_run", xeroRunService);
