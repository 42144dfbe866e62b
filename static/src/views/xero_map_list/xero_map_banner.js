import { useBus, useService } from "@web/core/utils/hooks";
import { useDebounced } from "@web/core/utils/timing";

import { Component, onWillStart, onWillUpdateProps, useState } from "@odoo/owl";

const ICONS = { success: "fa-check-circle", warning: "fa-exclamation-triangle", info: "fa-info-circle" };

/** What the head of a mapping page says: what still waits for a person, and buttons. */
export class XeroMapBanner extends Component {
    static template = "xero_crm.MapBanner";
    static props = { list: Object, edited: { optional: true } };

    setup() {
        this.orm = useService("orm");
        this.state = useState({ banner: null, busy: false });
        onWillStart(() => this.load());
        useBus(this.model.bus, "update", useDebounced(() => this.load(), 300));
        // A row that was left has been saved: nothing else tells.
        onWillUpdateProps(({ edited }) => {
            if (edited !== this.props.edited) {
                this.load();
            }
        });
    }

    get model() {
        return this.props.list.model;
    }

    get banner() {
        return this.state.banner;
    }

    get icon() {
        return ICONS[this.banner.level];
    }

    async load() {
        this.state.banner = await this.orm.call(this.props.list.resModel, "get_banner", []);
    }

    async call(method) {
        this.state.busy = true;
        try {
            await this.orm.call(this.props.list.resModel, method, []);
            await this.model.load();
        } finally {
            this.state.busy = false;
        }
        await this.load();
    }
}
