import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

import { Component } from "@odoo/owl";

// So many fields stand in a row of a list; the form shows all.
export const SHOWN_IN_LIST = 3;

/**
 * Shows a list of [label, old, new]: old → new in a list, a table in a form.
 * With the option `sides` the two texts are what Odoo and Xero hold.
 */
export class XeroChangesField extends Component {
    static template = "xero_crm.XeroChangesField";
    static props = {
        ...standardFieldProps,
        sides: { type: Boolean, optional: true },
        viewType: { type: String, optional: true },
    };

    get rows() {
        return (this.props.record.data[this.props.name] || []).map(([label, first, second]) => ({
            label,
            first,
            second,
            differs: first !== second,
        }));
    }

    get isList() {
        return this.props.viewType === "list";
    }

    get shown() {
        return this.rows.slice(0, SHOWN_IN_LIST);
    }

    get hiddenCount() {
        return this.rows.length - this.shown.length;
    }

    get hiddenText() {
        return _t("+%s more", this.hiddenCount);
    }

    get allText() {
        return this.rows
            .map(({ label, first, second }) =>
                first ? `${label}: ${first} → ${second || "–"}` : `${label}: ${second}`
            )
            .join("\n");
    }

    get heads() {
        return this.props.sides
            ? [_t("Field"), _t("In Odoo"), _t("In Xero")]
            : [_t("Field"), _t("Old"), _t("New")];
    }
}

export const xeroChangesField = {
    component: XeroChangesField,
    displayName: _t("Xero Changes"),
    supportedTypes: ["json", "jsonb"],
    extractProps: ({ options, viewType }) => ({ sides: Boolean(options.sides), viewType }),
};

registry.category("fields").add("xero_changes", xeroChangesField);
