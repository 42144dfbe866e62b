import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";

/** Ids of the runs whose form is open. */
export const watchedRuns = new Set();

/** Tells who started a sync (or a preview, or an audit), wherever they are in Odoo, how it ended. */
export const xeroRunService = {
    dependencies: ["action", "bus_service", "notification", "orm"],
    start(env, { action, bus_service, notification, orm }) {
        bus_service.subscribe("xero_crm.run_end", ({ id, kind, title, message, type }) => {
            if (watchedRuns.has(id)) {
                return;
            }
            const close = notification.add(message, {
                title,
                type,
                sticky: true,
                buttons: [
                    {
                        name: kind === "sync" ? _t("Show the Summary") : _t("Show the Result"),
                        primary: true,
                        onClick: async () => {
                            close();
                            action.doAction(
                                await orm.call("xero.sync.run", "action_open_result", [[id]])
                            );
                        },
                    },
                ],
            });
        });
        bus_service.start();
    },
};

registry.category("services").add("xero_run", xeroRunService);
