import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

import { Component } from "@odoo/owl";

const lines = (text) => (text || "").split("\n").filter(Boolean);

/** Shows the permissions that are needed beside those that Xero granted. */
export class XeroScopesField extends Component {
    static template = "xero_crm.XeroScopesField";
    static props = {
        ...standardFieldProps,
        grantedField: String,
        missingField: String,
    };

    get granted() {
        return lines(this.props.record.data[this.props.grantedField]);
    }

    get needed() {
        const { data } = this.props.record;
        const missing = new Set(lines(data[this.props.missingField]));
        const known = this.granted.length > 0;
        return lines(data[this.props.name]).map((scope) => ({
            scope,
            state: !known ? "unknown" : missing.has(scope) ? "missing" : "granted",
        }));
    }

    get extra() {
        const needed = new Set(lines(this.props.record.data[this.props.name]));
        return this.granted.filter((scope) => !needed.has(scope));
    }
}

export const xeroScopesField = {
    component: XeroScopesField,
    displayName: _t("Xero Permissions"),
    supportedTypes: ["text"],
    extractProps: ({ options }) => ({
        grantedField: options.granted_field,
        missingField: options.missing_field,
    }),
    fieldDependencies: ({ options }) => [
        { name: options.granted_field, type: "text" },
        { name: options.missing_field, type: "text" },
    ],
};

registry.category("fields").add("xero_scopes", xeroScopesField);
