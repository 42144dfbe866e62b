import { _t } from "@web/core/l10n/translation";
import { Dropdown } from "@web/core/dropdown/dropdown";
import { DropdownItem } from "@web/core/dropdown/dropdown_item";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

import { Component } from "@odoo/owl";

// The column stands between Odoo's field on the left and Xero's on the right.
const LOOKS = {
    both: { color: "light border", icon: "fa-exchange" },
    to_xero: { color: "primary", icon: "fa-long-arrow-right" },
    from_xero: { color: "info", icon: "fa-long-arrow-left" },
    off: { color: "300", icon: "fa-ban" },
};

/** Shows which way a field goes, and lets a person choose among the ways it can go. */
export class XeroDirectionField extends Component {
    static template = "xero_crm.XeroDirectionField";
    static components = { Dropdown, DropdownItem };
    static props = {
        ...standardFieldProps,
        allowedField: { type: String, optional: true },
        autosave: { type: Boolean, optional: true },
    };

    get value() {
        return this.props.record.data[this.props.name];
    }

    get choices() {
        const allowed = this.props.record.data[this.props.allowedField];
        const { selection } = this.props.record.fields[this.props.name];
        return selection
            .filter(([value]) => !allowed || allowed.includes(value))
            .map(([value, label]) => ({ value, label, ...LOOKS[value] }));
    }

    get current() {
        const { selection } = this.props.record.fields[this.props.name];
        const found = selection.find(([value]) => value === this.value);
        return found ? { label: found[1], ...LOOKS[this.value] } : null;
    }

    get isFixed() {
        return this.props.readonly || this.choices.length < 2;
    }

    async choose(value) {
        if (value !== this.value) {
            const { autosave, name, record } = this.props;
            // Not with `save: true`, which would leave out the server's warning.
            await record.update({ [name]: value });
            if (autosave) {
                await record.save();
            }
        }
    }
}

export const xeroDirectionField = {
    component: XeroDirectionField,
    displayName: _t("Xero Direction"),
    supportedOptions: [
        {
            label: _t("Field that lists the allowed directions"),
            name: "allowed_field",
            type: "string",
        },
    ],
    supportedTypes: ["selection"],
    extractProps({ options, viewType }, dynamicInfo) {
        return {
            allowedField: options.allowed_field,
            autosave: viewType === "list",
            // As a toggle: a click is enough, the row need not be opened first.
            readonly: dynamicInfo.readonly,
        };
    },
};

registry.category("fields").add("xero_direction", xeroDirectionField);
