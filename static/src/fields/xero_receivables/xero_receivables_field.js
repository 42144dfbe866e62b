import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

import { Component, xml } from "@odoo/owl";

import { XeroReceivables } from "../../components/xero_receivables/xero_receivables";
import { useLiveRecord } from "../../services/xero_live";

/** Shows what a customer owes in Xero, by age, on the customer and on orders and deals. */
export class XeroReceivablesField extends Component {
    static template = xml`<XeroReceivables value="value" mode="props.mode"/>`;
    static components = { XeroReceivables };
    static props = { ...standardFieldProps, mode: { type: String, optional: true } };
    static defaultProps = { mode: "full" };

    setup() {
        useLiveRecord(
            () => this.props.record,
            () => this.value.family
        );
    }

    get value() {
        return this.props.record.data[this.props.name] || false;
    }
}

export const xeroReceivablesField = {
    component: XeroReceivablesField,
    displayName: _t("Xero Receivables"),
    supportedTypes: ["json", "jsonb"],
    supportedOptions: [
        {
            label: _t("Mode"),
            name: "mode",
            type: "selection",
            default: "full",
            choices: [
                { label: _t("Bar with all amounts"), value: "full" },
                { label: _t("Bar with the totals"), value: "compact" },
                { label: _t("Badge of what is overdue"), value: "badge" },
            ],
        },
    ],
    extractProps: ({ options }) => ({ mode: options.mode }),
};

registry.category("fields").add("xero_receivables", xeroReceivablesField);
