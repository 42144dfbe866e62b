import { registry } from "@web/core/registry";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

import { Component, xml } from "@odoo/owl";

import { XeroTimeline } from "../components/xero_timeline/xero_timeline";
import { useCustomerFigures } from "../services/xero_customer_figures";

/** The payment timeline of the customer whose form is open. */
export class XeroTimelineWidget extends Component {
    static template = xml`<XeroTimeline events="figures.value || []"/>`;
    static components = { XeroTimeline };
    static props = { ...standardWidgetProps };

    setup() {
        this.figures = useCustomerFigures("xero_timeline");
    }
}

registry.category("view_widgets").add("xero_timeline", { component: XeroTimelineWidget });
