import { rpc } from "@web/core/network/rpc";
import { registry } from "@web/core/registry";
import { Interaction } from "@web/public/interaction";

// What somebody who looks at a page does, and a program that only loads it does not.
const SIGNS = ["pointermove", "pointerdown", "touchstart", "wheel", "keydown"];

/**
 * Tells that the customer looks at their invoice: programs that check the links of
 * mails open the page like a browser, and even run what is on it.
 */
export class XeroInvoiceSeen extends Interaction {
    static selector = "[data-xero-seen-route]";

    setup() {
        this.isTold = false;
    }

    start() {
        for (const sign of SIGNS) {
            this.addListener(document, sign, this.tell, { passive: true });
        }
    }

    tell() {
        if (this.isTold || document.visibilityState !== "visible") {
            return;
        }
        this.isTold = true;
        const { xeroSeenRoute, xeroSeenToken } = this.el.dataset;
        const params = xeroSeenToken ? { access_token: xeroSeenToken } : {};
        // Nothing that the customer has to hear of: it is told at their next visit.
        rpc(xeroSeenRoute, params, { silent: true }).catch(() => {});
    }
}

registry.category("public.interactions").add("xero_crm.invoice_seen", XeroInvoiceSeen);
