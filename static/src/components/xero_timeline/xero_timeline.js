import { deserializeDate, formatDate } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { useService } from "@web/core/utils/hooks";

import { Component, useState } from "@odoo/owl";

import { formatMoney } from "../../services/xero_money";

// So many are seen at first.
export const SHOWN = 6;

const LOOKS = {
    invoiced: { icon: "fa-file-text-o", title: _t("Invoiced") },
    sent: { icon: "fa-paper-plane-o", title: _t("Sent") },
    viewed: { icon: "fa-eye", title: _t("Viewed by the customer") },
    overdue: { icon: "fa-exclamation", title: _t("Fell overdue"), tone: "bad" },
    paid: { icon: "fa-check", title: _t("Paid"), tone: "good" },
    refunded: { icon: "fa-undo", title: _t("Paid back") },
    credited: { icon: "fa-gift", title: _t("Credited") },
};
const CREDITS = {
    overpayment: _t("Paid too much"),
    prepayment: _t("Paid in advance"),
};

/** What happened last with a customer's invoices and payments, newest first. */
export class XeroTimeline extends Component {
    static template = "xero_crm.XeroTimeline";
    static props = { events: Array };

    setup() {
        this.action = useService("action");
        this.state = useState({ all: false });
    }

    get shown() {
        const events = this.props.events.slice(0, this.state.all ? undefined : SHOWN);
        return events.map((event) => ({
            ...event,
            ...LOOKS[event.kind],
            title: this.getTitle(event),
            day: formatDate(deserializeDate(event.date)),
            money: "amount" in event ? formatMoney(event.amount, event.currency, event.code) : "",
            note: this.getNote(event),
        }));
    }

    get hiddenCount() {
        return this.props.events.length - this.shown.length;
    }

    get moreText() {
        return _t("Show %s more", this.hiddenCount);
    }

    getTitle({ kind, part, sent, credit }) {
        if (kind === "paid" && part) {
            return _t("Part payment");
        }
        if (kind === "invoiced" && sent) {
            return _t("Invoiced and sent");
        }
        return CREDITS[credit] || LOOKS[kind].title;
    }

    getNote({ kind, days, to }) {
        if (kind === "overdue") {
            return days === 1 ? _t("1 day by now") : _t("%s days by now", days);
        }
        if (kind !== "paid" || days === undefined) {
            return to || "";
        }
        if (!days) {
            return _t("on the due date");
        }
        if (days > 0) {
            return days === 1 ? _t("1 day late") : _t("%s days late", days);
        }
        return days === -1 ? _t("1 day early") : _t("%s days early", -days);
    }

    open({ model, id }) {
        this.action.doAction({
            type: "ir.actions.act_window",
            res_model: model,
            res_id: id,
            views: [[false, "form"]],
        });
    }
}
