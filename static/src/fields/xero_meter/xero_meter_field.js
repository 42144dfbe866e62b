import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { formatInteger } from "@web/views/fields/formatters";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

import { Component } from "@odoo/owl";

/**
 * Shows how many of the day's calls to Xero are left, as a meter with a sentence.
 * A mark shows the share that scheduled jobs leave to people.
 */
export class XeroMeterField extends Component {
    static template = "xero_crm.XeroMeterField";
    static props = {
        ...standardFieldProps,
        maxField: String,
        reserveField: { type: String, optional: true },
    };

    get max() {
        return this.props.record.data[this.props.maxField] || 0;
    }

    get left() {
        const left = this.props.record.data[this.props.name] || 0;
        return Math.min(Math.max(left, 0), this.max);
    }

    get percent() {
        return this.max ? Math.round((100 * this.left) / this.max) : 0;
    }

    get reserve() {
        return this.props.record.data[this.props.reserveField] || 0;
    }

    get color() {
        if (this.left === 0) {
            return "danger";
        }
        return this.percent <= this.reserve ? "warning" : "success";
    }

    get text() {
        return _t("%(left)s of %(max)s calls left today", {
            left: formatInteger(this.left),
            max: formatInteger(this.max),
        });
    }

    get hint() {
        if (this.left === 0) {
            return _t("Nothing can be fetched or sent until Xero's day starts anew.");
        }
        return this.percent <= this.reserve
            ? _t("Scheduled fetching pauses: what is left is kept for people.")
            : "";
    }
}

export const xeroMeterField = {
    component: XeroMeterField,
    displayName: _t("Xero Calls Left"),
    supportedTypes: ["integer"],
    supportedOptions: [
        {
            label: _t("Field with the day's limit"),
            name: "max_field",
            type: "field",
            availableTypes: ["integer"],
        },
        {
            label: _t("Field with the share kept for people, in percent"),
            name: "reserve_field",
            type: "field",
            availableTypes: ["integer"],
        },
    ],
    extractProps: ({ options }) => ({
        maxField: options.max_field,
        reserveField: options.reserve_field,
    }),
};

registry.category("fields").add("xero_meter", xeroMeterField);
