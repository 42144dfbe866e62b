import { registry } from "@web/core/registry";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

import { Component, xml } from "@odoo/owl";

import { useLiveRecord } from "../services/xero_live";

/** Shows nothing: keeps an open customer in step with what comes from Xero. */
export class XeroLiveWidget extends Component {
    static template = xml``;
    static props = { ...standardWidgetProps };

    setup() {
        useLiveRecord(
            () => this.props.record,
            () => this.props.record.data.commercial_partner_id?.id
        );
    }
}

registry.category("view_widgets").add("xero_live", {
    component: XeroLiveWidget,
    fieldDependencies: [{ name: "commercial_partner_id", type: "many2one" }],
});
