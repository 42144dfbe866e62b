import { registry } from "@web/core/registry";
import { ListRenderer } from "@web/views/list/list_renderer";
import { listView } from "@web/views/list/list_view";

import { XeroPreviewBanner } from "./xero_preview_banner";

export class XeroPreviewRenderer extends ListRenderer {
    static template = "xero_crm.PreviewRenderer";
    static components = { ...ListRenderer.components, XeroPreviewBanner };

    get wizardId() {
        return this.props.list.context.xero_wizard_id;
    }
}

registry.category("views").add("xero_preview_list", {
    ...listView,
    Renderer: XeroPreviewRenderer,
});
