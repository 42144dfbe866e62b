import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { SelectMenu } from "@web/core/select_menu/select_menu";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

import { Component } from "@odoo/owl";

/** Chooses the value of a text field among what another field of the record lists. */
export class XeroChoiceField extends Component {
    static template = "xero_crm.XeroChoiceField";
    static components = { SelectMenu };
    static props = {
        ...standardFieldProps,
        choicesField: { type: String },
        placeholder: { type: String, optional: true },
    };

    get value() {
        return this.props.record.data[this.props.name];
    }

    get choices() {
        return this.props.record.data[this.props.choicesField] || [];
    }

    get label() {
        const found = this.choices.find(({ value }) => value === this.value);
        return found ? found.label : this.value;
    }

    choose(value) {
        this.props.record.update({ [this.props.name]: value || false });
    }
}

export const xeroChoiceField = {
    component: XeroChoiceField,
    displayName: _t("Xero Choice"),
    supportedOptions: [
        {
            label: _t("Field that lists the choices"),
            name: "choices_field",
            type: "string",
        },
    ],
    supportedTypes: ["char"],
    extractProps({ options, placeholder }) {
        return { choicesField: options.choices_field, placeholder };
    },
};

registry.category("fields").add("xero_choice", xeroChoiceField);
