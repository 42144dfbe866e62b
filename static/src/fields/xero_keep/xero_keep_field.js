import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

import { Component } from "@odoo/owl";

/** A selection as a row of buttons, of which one click chooses: also in a list. */
export class XeroKeepField extends Component {
    static template = "xero_crm.XeroKeepField";
    static props = { ...standardFieldProps };

    get options() {
        return this.props.record.fields[this.props.name].selection;
    }

    get value() {
        return this.props.record.data[this.props.name];
    }

    /**
     * @param {string} value the option that was pressed; pressed again, it is taken back
     */
    async onClick(value) {
        const { record, name } = this.props;
        // In a list nobody presses Save; in a form the form's own buttons do.
        const save = record.model.config.resId === undefined;
        await record.update({ [name]: value === this.value ? false : value }, { save });
    }
}

export const xeroKeepField = {
    component: XeroKeepField,
    displayName: _t("Side to Keep"),
    supportedTypes: ["selection"],
    isEmpty: () => false,
};

registry.category("fields").add("xero_keep", xeroKeepField);
