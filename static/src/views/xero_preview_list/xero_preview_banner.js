import { download } from "@web/core/network/download";
import { useBus, useService } from "@web/core/utils/hooks";

import { Component, onWillStart, useState } from "@odoo/owl";

// Tiles that are there even when they count nothing; the others come when needed.
const ALWAYS = new Set(["create", "link", "update", "unchanged"]);
const COLORS = { conflict: "warning", hold: "warning", refuse: "danger" };

/** What a preview or a test found, as tiles that filter the list; and what to do next. */
export class XeroPreviewBanner extends Component {
    static template = "xero_crm.PreviewBanner";
    static props = { wizardId: Number };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.state = useState({ summary: null, busy: false });
        useBus(this.env.searchModel, "update", () => this.render());
        onWillStart(async () => {
            this.state.summary = await this.orm.call("xero.sync.wizard", "get_summary", [
                [this.props.wizardId],
            ]);
        });
    }

    get summary() {
        return this.state.summary;
    }

    get isTest() {
        return this.summary.mode === "test";
    }

    get tiles() {
        return this.summary.tiles.filter(
            ({ operation, count }) => count || ALWAYS.has(operation)
        );
    }

    color(tile) {
        const color = tile.count && COLORS[tile.operation];
        return color ? `o_xero_tile_${color}` : "";
    }

    /** The filter of the search view that shows an operation. */
    filterOf(operation) {
        return Object.values(this.env.searchModel.searchItems).find(
            ({ type, name }) => type === "filter" && name === operation
        );
    }

    isActive({ operation }) {
        const filter = this.filterOf(operation);
        return this.env.searchModel.query.some(({ searchItemId }) => searchItemId === filter.id);
    }

    onTile(tile) {
        const { searchModel } = this.env;
        const filter = this.filterOf(tile.operation);
        const wasActive = this.isActive(tile);
        searchModel.deactivateGroup(filter.groupId);
        searchModel.toggleSearchItem(wasActive ? this.filterOf("moves").id : filter.id);
    }

    async call(method) {
        this.state.busy = true;
        try {
            await this.action.doActionButton({
                type: "object",
                name: method,
                resModel: "xero.sync.wizard",
                resId: this.props.wizardId,
                resIds: [this.props.wizardId],
            });
        } finally {
            this.state.busy = false;
        }
    }

    /** The lines as the list is filtered. */
    async onExport() {
        const { searchModel } = this.env;
        await download({
            url: `/xero_crm/preview/${this.props.wizardId}/xlsx`,
            data: { domain: JSON.stringify(searchModel.domain) },
        });
    }
}
