import { browser } from "@web/core/browser/browser";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

import { Component, onWillUnmount, useEffect } from "@odoo/owl";

export const POLL_MS = 3000;

/**
 * Shows how far a sync run is, and follows it: the server tells each step over the bus;
 * where that connection is missing, the record is read again every few seconds.
 */
export class XeroProgressField extends Component {
    static template = "xero_crm.XeroProgressField";
    static props = { ...standardFieldProps };

    setup() {
        this.bus = useService("bus_service");
        this.reloading = false;
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
    }

    async reload() {
        if (this.reloading) {
            return;
        }
        this.reloading = true;
        try {
            await this.props.record.load();
        } finally {
            this.reloading = false;
        }
    }

    get state() {
        return this.props.record.data.state;
    }

    get isRunning() {
        return this.state === "running";
    }

    get percent() {
        return Math.round(this.props.record.data[this.props.name] || 0);
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
}

export const xeroProgressField = {
    component: XeroProgressField,
    displayName: _t("Xero Sync Progress"),
    supportedTypes: ["float", "integer"],
    fieldDependencies: [{ name: "state", type: "selection" }],
};

registry.category("fields").add("xero_progress", xeroProgressField);
