import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

import { Component } from "@odoo/owl";

import { useLiveRecord } from "../../services/xero_live";

const { DateTime } = luxon;

// What each state of Xero looks like. Colour never stands alone: the text says it too.
const LOOKS = {
    // payment statuses and Xero's own
    none: { color: "300", icon: "fa-circle-o" },
    draft: { color: "info", icon: "fa-pencil" },
    waiting_approval: { color: "info", icon: "fa-hourglass-half" },
    submitted: { color: "info", icon: "fa-hourglass-half" },
    authorised: { color: "primary", icon: "fa-paper-plane" },
    sent: { color: "primary", icon: "fa-paper-plane" },
    viewed: { color: "primary", icon: "fa-eye" },
    partial: { color: "warning", icon: "fa-adjust" },
    overdue: { color: "danger", icon: "fa-exclamation-triangle" },
    paid: { color: "success", icon: "fa-check" },
    accepted: { color: "success", icon: "fa-thumbs-up" },
    declined: { color: "danger", icon: "fa-thumbs-down" },
    invoiced: { color: "success", icon: "fa-check" },
    credited: { color: "300", icon: "fa-undo" },
    used: { color: "success", icon: "fa-check" },
    voided: { color: "300", icon: "fa-ban" },
    deleted: { color: "300", icon: "fa-ban" },
    // sync states, log states, connection and run states
    pending: { color: "info", icon: "fa-hourglass-half" },
    sending: { color: "info", icon: "fa-paper-plane" },
    synced: { color: "success", icon: "fa-check" },
    conflict: { color: "warning", icon: "fa-code-fork" },
    held: { color: "warning", icon: "fa-hand-paper-o" },
    open: { color: "warning", icon: "fa-code-fork" },
    settled: { color: "success", icon: "fa-check" },
    error: { color: "danger", icon: "fa-times" },
    excluded: { color: "300", icon: "fa-ban" },
    success: { color: "success", icon: "fa-check" },
    resolved: { color: "300", icon: "fa-check" },
    connected: { color: "success", icon: "fa-plug" },
    reconnect: { color: "danger", icon: "fa-plug" },
    waiting: { color: "300", icon: "fa-hourglass-o" },
    running: { color: "info", icon: "fa-refresh" },
    done: { color: "success", icon: "fa-check" },
    failed: { color: "danger", icon: "fa-times" },
    cancelled: { color: "300", icon: "fa-ban" },
    missing: { color: "danger", icon: "fa-exclamation-triangle" },
    proposed: { color: "warning", icon: "fa-magic" },
    confirmed: { color: "success", icon: "fa-check" },
    // rows of the data map
    required: { color: "300", icon: "fa-lock" },
    fixed: { color: "300", icon: "fa-lock" },
    further: { color: "info", icon: "fa-plus" },
    ready: { color: "success", icon: "fa-check" },
    // a product beside its item
    same: { color: "success", icon: "fa-check" },
    differs: { color: "warning", icon: "fa-random" },
    unlinked: { color: "info", icon: "fa-chain-broken" },
    gone: { color: "danger", icon: "fa-chain-broken" },
    no_code: { color: "danger", icon: "fa-barcode" },
    refused: { color: "danger", icon: "fa-times" },
    archived: { color: "300", icon: "fa-archive" },
    // lights of the data audit
    ok: { color: "success", icon: "fa-check" },
    warning: { color: "warning", icon: "fa-exclamation" },
    danger: { color: "danger", icon: "fa-exclamation-triangle" },
    // what a sync does, or would do, with a record
    create: { color: "success", icon: "fa-plus" },
    link: { color: "info", icon: "fa-link" },
    hold: { color: "warning", icon: "fa-random" },
    wait: { color: "info", icon: "fa-hourglass-half" },
    update: { color: "primary", icon: "fa-pencil" },
    unchanged: { color: "300", icon: "fa-check" },
    skip: { color: "300", icon: "fa-ban" },
    refuse: { color: "danger", icon: "fa-times" },
    // what became of a contact that a person had to match
    linked: { color: "success", icon: "fa-link" },
    created: { color: "success", icon: "fa-plus" },
    merged: { color: "success", icon: "fa-compress" },
    ignored: { color: "300", icon: "fa-ban" },
};
// The same word, but another meaning: of these models only.
const LOOKS_OF = {
    "xero.credit.note": { open: { color: "primary", icon: "fa-gift" } },
    "xero.match": {
        waiting: { color: "warning", icon: "fa-question-circle" },
        gone: { color: "300", icon: "fa-archive" },
    },
};
// What money is still to come for.
const AWAITING = ["sent", "viewed", "partial", "overdue"];
const UNKNOWN = { color: "300", icon: "fa-circle-o" };

/** Shows a state of Xero as a coloured badge with an icon. */
export class XeroStatusField extends Component {
    static template = "xero_crm.XeroStatusField";
    static props = {
        ...standardFieldProps,
        dueField: { type: String, optional: true },
    };

    setup() {
        useLiveRecord(() => this.props.record);
    }

    get value() {
        return this.props.record.data[this.props.name];
    }

    get label() {
        const { selection } = this.props.record.fields[this.props.name];
        const option = selection.find(([value]) => value === this.value);
        return option ? option[1] : "";
    }

    get look() {
        const own = LOOKS_OF[this.props.record.resModel] || {};
        return own[this.value] || LOOKS[this.value] || UNKNOWN;
    }

    /** How far the due date is, while there is something to wait for. */
    get due() {
        const due = this.props.dueField && this.props.record.data[this.props.dueField];
        if (!due || !AWAITING.includes(this.value)) {
            return "";
        }
        const today = DateTime.local().startOf("day");
        const days =
            typeof due === "number" ? -due : Math.round(due.startOf("day").diff(today).as("days"));
        if (!days) {
            return _t("due today");
        }
        if (days > 0) {
            return days === 1 ? _t("due tomorrow") : _t("due in %s days", days);
        }
        return days === -1 ? _t("since yesterday") : _t("for %s days", -days);
    }
}

export const xeroStatusField = {
    component: XeroStatusField,
    displayName: _t("Xero Status"),
    supportedTypes: ["selection"],
    supportedOptions: [
        {
            label: _t("Field with the due date, or the days overdue"),
            name: "due_field",
            type: "field",
            availableTypes: ["date", "integer"],
        },
    ],
    extractProps: ({ options }) => ({ dueField: options.due_field }),
};

registry.category("fields").add("xero_status", xeroStatusField);
