import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

import { Component, xml } from "@odoo/owl";

import { useCustomerFigures } from "../services/xero_customer_figures";

/** After how many days the customer whose form is open pays, on average. */
export class XeroDaysToPayWidget extends Component {
    static template = xml`
        <div t-if="figures.value" class="o_xero_days_to_pay o_xero_muted small mt-1" t-att-title="help">
            <i class="fa fa-calendar-check-o me-1" role="presentation"/><t t-esc="text"/>
        </div>`;
    static props = { ...standardWidgetProps };

    setup() {
        this.figures = useCustomerFigures("xero_days_to_pay");
    }

    get text() {
        const days = this.figures.value;
        return days === 1
            ? _t("Pays after 1 day on average")
            : _t("Pays after %s days on average", days);
    }

    get help() {
        return _t(
            "From the invoice's date to the day it was fully paid, in the last 12 months; large invoices count for more than small ones."
        );
    }
}

registry
    .category("view_widgets")
    .add("xero_days_to_pay", { component: XeroDaysToPayWidget });
