import { formatCurrency } from "@web/core/currency";
import { _t } from "@web/core/l10n/translation";
import { usePopover } from "@web/core/popover/popover_hook";
import { useService } from "@web/core/utils/hooks";

import { Component } from "@odoo/owl";

import { formatMoney } from "../../services/xero_money";

// From calm to alarming, as Xero groups them.
const AGES = [
    ["current", _t("Not due yet")],
    ["1_30", _t("1–30 days overdue")],
    ["31_60", _t("31–60 days overdue")],
    ["61_90", _t("61–90 days overdue")],
    ["90_plus", _t("Over 90 days overdue")],
];
const SHORT = {
    current: _t("Not due"),
    "1_30": _t("1–30 days"),
    "31_60": _t("31–60 days"),
    "61_90": _t("61–90 days"),
    "90_plus": _t("90+ days"),
};

class XeroAgeTip extends Component {
    static template = "xero_crm.XeroAgeTip";
    static props = { age: Object, close: { type: Function, optional: true } };
}

/**
 * What a customer owes, by age: a bar, a short line of it, or a badge of what is overdue.
 * What the server tells (`res.partner._prepare_xero_receivables`) is drawn, nothing else.
 */
export class XeroReceivables extends Component {
    static template = "xero_crm.XeroReceivables";
    static props = {
        value: { type: [Object, Boolean] },
        mode: { type: String, optional: true },
    };
    static defaultProps = { mode: "full" };

    setup() {
        this.action = useService("action");
        this.orm = useService("orm");
        this.tip = usePopover(XeroAgeTip, {
            animation: false,
            position: "bottom",
            role: "tooltip",
            setActiveElement: false,
        });
    }

    get value() {
        return this.props.value || { total: 0, overdue: 0, credit: 0, ages: {}, currencies: [] };
    }

    format(amount) {
        return formatCurrency(amount, this.value.currency);
    }

    get ages() {
        return AGES.map(([key, label]) => {
            const { amount, count } = this.value.ages[key] || { amount: 0, count: 0 };
            const money = this.format(amount);
            const invoices = count === 1 ? _t("1 invoice") : _t("%s invoices", count);
            return {
                key,
                label,
                short: SHORT[key],
                amount,
                money,
                invoices,
                text: _t("%(age)s: %(money)s, %(invoices)s", { age: label, money, invoices }),
            };
        });
    }

    get segments() {
        return this.ages.filter(({ amount }) => amount > 0);
    }

    get owed() {
        return _t("%s owed", this.format(this.value.total));
    }

    get overdue() {
        return _t("%s overdue", this.format(this.value.overdue));
    }

    get oldest() {
        const { days } = this.value;
        return days === 1 ? _t("since yesterday") : _t("the oldest for %s days", days);
    }

    get credit() {
        return _t("%s credit to use", this.format(this.value.credit));
    }

    get currencies() {
        return this.value.currencies.map(({ currency, code, amount, overdue }) => ({
            currency,
            text: this.getCurrencyText(
                formatMoney(amount, currency, code),
                overdue > 0 && overdue < amount && formatMoney(overdue, currency, code),
                overdue > 0
            ),
        }));
    }

    getCurrencyText(money, overdue, isOverdue) {
        if (overdue) {
            return _t("%(money)s, of which %(overdue)s overdue", { money, overdue });
        }
        return isOverdue ? _t("%s, all of it overdue", money) : money;
    }

    /** All in one breath, for who does not see the bar. */
    get summary() {
        return this.segments.map(({ text }) => text).join("; ");
    }

    showTip(ev, age) {
        this.tip.open(ev.currentTarget, { age });
    }

    async open(aging) {
        this.tip.close();
        this.action.doAction(
            await this.orm.call("res.partner", "action_view_xero_aging", [
                [this.value.family],
                aging,
            ])
        );
    }
}
