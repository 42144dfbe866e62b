import { registry } from "@web/core/registry";
import { ListRenderer } from "@web/views/list/list_renderer";
import { listView } from "@web/views/list/list_view";

import { XeroMapBanner } from "./xero_map_banner";

export class XeroMapRenderer extends ListRenderer {
    static template = "xero_crm.MapRenderer";
    static components = { ...ListRenderer.components, XeroMapBanner };
}

registry.category("views").add("xero_map_list", {
    ...listView,
    Renderer: XeroMapRenderer,
});
