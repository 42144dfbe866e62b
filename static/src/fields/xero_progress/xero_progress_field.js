import { browser } from "@web/core/browser/browser";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { formatInteger } from "@web/views/fields/formatters";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

import { Component, onWillUnmount, useEffect } from "@odoo/owl";

import { watchedRuns } from "../../services/xero_run_service";

export const POLL_MS = 3000;
const MINUTE = 60;

/**
 * Shows how far a sync run is, and follows it: the server tells each step over the bus;
 * where that connection is missing, the record is read again every few seconds.
 */
export class XeroProgressField extends Component {
    static template = "xero_crm.XeroProgressField";
    static props = { ...standardFieldProps, opensResult: { type: Boolean, optional: true } };

    setup() {
        this.action = useService("action");
        this.bus = useService("bus_service");
        this.reloading = false;
        this.again = false;
        this.onStep = ({ id }) => {
            if (id === this.props.record.resId) {
                this.reload();
            }
        };
        this.bus.subscribe("xero_crm.run", this.onStep);
        onWillUnmount(() => this.bus.unsubscribe("xero_crm.run", this.onStep));
        useEffect(
            (running) => {
                if (!running) {
                    return;
                }
                const timer = browser.setInterval(() => this.reload(), POLL_MS);
                return () => browser.clearInterval(timer);
            },
            () => [this.isRunning]
        );
        // Who waits in front of a preview wants to see it.
        let wasRunning = false;
        useEffect(
            (state) => {
                if (wasRunning && state === "done" && this.props.opensResult) {
                    this.openResult();
                }
                wasRunning = state === "running";
            },
            () => [this.state]
        );
        // Who looks at the run needs no notification of its end.
        useEffect(
            (id) => {
                watchedRuns.add(id);
                return () => watchedRuns.delete(id);
            },
            () => [this.props.record.resId]
        );
    }

    async reload() {
        if (this.reloading) {
            this.again = true;
            return;
        }
        this.reloading = true;
        try {
            do {
                this.again = false;
                await this.props.record.load();
            } while (this.again);
        } finally {
            this.reloading = false;
        }
    }

    openResult() {
        const { resModel, resId } = this.props.record;
        return this.action.doActionButton({
            type: "object",
            name: "action_open_result",
            resModel,
            resId,
            resIds: [resId],
        });
    }

    get data() {
        return this.props.record.data;
    }

    get state() {
        return this.data.state;
    }

    get isRunning() {
        return this.state === "running";
    }

    get percent() {
        return Math.round(this.data[this.props.name] || 0);
    }

    get color() {
        return { done: "success", failed: "danger", cancelled: "secondary" }[this.state] || "primary";
    }

    get text() {
        const texts = {
            done: _t("Done"),
            failed: _t("Stopped"),
            cancelled: _t("Cancelled"),
        };
        return texts[this.state] || _t("%s %% done", this.percent);
    }

    /** What stands below the bar, each part only where it is known. */
    get details() {
        const { records_done: done, records_total: total, calls_left: calls } = this.data;
        const details = [];
        if (total) {
            details.push(
                _t("%(done)s of %(total)s records", {
                    done: formatInteger(done),
                    total: formatInteger(total),
                })
            );
        }
        if (this.isRunning) {
            if (this.data.seconds_left) {
                details.push(this.timeLeft);
            }
            if (calls >= 0) {
                details.push(_t("%s calls left today", formatInteger(calls)));
            }
        } else if (this.data.calls) {
            details.push(this.effort);
        }
        return details.join(" · ");
    }

    get effort() {
        const calls = this.data.calls;
        const seconds = Math.ceil(this.data.seconds);
        return _t("%(calls)s in %(seconds)s", {
            calls: calls === 1 ? _t("1 call") : _t("%s calls", formatInteger(calls)),
            seconds: seconds === 1 ? _t("1 second") : _t("%s seconds", formatInteger(seconds)),
        });
    }

    get timeLeft() {
        const seconds = this.data.seconds_left;
        if (seconds < MINUTE) {
            return _t("less than a minute left");
        }
        const minutes = Math.round(seconds / MINUTE);
        return minutes === 1 ? _t("about a minute left") : _t("about %s minutes left", minutes);
    }
}

const dependency = (name, type) => ({ name, type });

export const xeroProgressField = {
    component: XeroProgressField,
    displayName: _t("Xero Sync Progress"),
    supportedTypes: ["float", "integer"],
    supportedOptions: [
        { label: _t("Open the result at the end"), name: "result", type: "boolean" },
    ],
    extractProps: ({ options }) => ({ opensResult: Boolean(options.result) }),
    fieldDependencies: [
        dependency("state", "selection"),
        dependency("records_done", "integer"),
        dependency("records_total", "integer"),
        dependency("seconds_left", "integer"),
        dependency("calls_left", "integer"),
        dependency("calls", "integer"),
        dependency("seconds", "float"),
    ],
};

registry.category("fields").add("xero_progress", xeroProgressField);
