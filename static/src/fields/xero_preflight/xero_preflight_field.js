import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

import { Component, useState } from "@odoo/owl";

/**
 * Lists what would keep a record from Xero, each with what leads to where it is put
 * right, or with whom to ask. Nothing is shown where all is well.
 */
export class XeroPreflightField extends Component {
    static template = "xero_crm.XeroPreflightField";
    static props = { ...standardFieldProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.state = useState({ isAsking: false });
    }

    get points() {
        return this.props.record.data[this.props.name] || [];
    }

    get asksXero() {
        return this.points.some((point) => point.asks_xero);
    }

    get ids() {
        return [this.props.record.resId];
    }

    async onFix(point) {
        const action = await this.orm.call(
            this.props.record.resModel,
            "action_fix_xero_point",
            [this.ids, point.fix, point.fix_id]
        );
        await this.action.doAction(action, { onClose: () => this.props.record.load() });
    }

    async onAskXero() {
        this.state.isAsking = true;
        try {
            await this.orm.call(this.props.record.resModel, "action_check_xero_again", [this.ids]);
            await this.props.record.load();
        } finally {
            this.state.isAsking = false;
        }
    }
}

export const xeroPreflightField = {
    component: XeroPreflightField,
    supportedTypes: ["json"],
};

registry.category("fields").add("xero_preflight", xeroPreflightField);
