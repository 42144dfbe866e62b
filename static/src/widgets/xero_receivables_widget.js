import { registry } from "@web/core/registry";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

import { Component, xml } from "@odoo/owl";

import { XeroReceivables } from "../components/xero_receivables/xero_receivables";
import { useCustomerFigures } from "../services/xero_customer_figures";

/** What the customer whose form is open owes, by age. */
export class XeroReceivablesWidget extends Component {
    static template = xml`<XeroReceivables value="figures.value"/>`;
    static components = { XeroReceivables };
    static props = { ...standardWidgetProps };

    setup() {
        this.figures = useCustomerFigures("xero_receivables");
    }
}

registry
    .category("view_widgets")
    .add("xero_receivables", { component: XeroReceivablesWidget });
