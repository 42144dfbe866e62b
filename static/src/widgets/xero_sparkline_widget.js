import { registry } from "@web/core/registry";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

import { Component, xml } from "@odoo/owl";

import { XeroSparkline } from "../components/xero_sparkline/xero_sparkline";
import { useCustomerFigures } from "../services/xero_customer_figures";

/** What the customer whose form is open bought in each year. */
export class XeroSparklineWidget extends Component {
    static template = xml`<XeroSparkline value="figures.value" resId="props.record.resId"/>`;
    static components = { XeroSparkline };
    static props = { ...standardWidgetProps };

    setup() {
        this.figures = useCustomerFigures("xero_purchases");
    }
}

registry.category("view_widgets").add("xero_sparkline", { component: XeroSparklineWidget });
