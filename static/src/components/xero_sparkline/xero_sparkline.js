import { formatCurrency } from "@web/core/currency";
import { _t } from "@web/core/l10n/translation";
import { useService } from "@web/core/utils/hooks";

import { Component, useRef, useState } from "@odoo/owl";

const { DateTime } = luxon;

// Of the columns, in pixels; a year with purchases is never invisible.
const HEIGHT = 48;
const LEAST = 2;

/** What a customer bought in each year: a column for each, and the figures of one. */
export class XeroSparkline extends Component {
    static template = "xero_crm.XeroSparkline";
    static props = {
        value: { type: [Object, Boolean] },
        resId: { type: [Number, Boolean] },
    };

    setup() {
        this.action = useService("action");
        this.orm = useService("orm");
        this.columns = useRef("columns");
        this.height = HEIGHT;
        this.state = useState({ year: false });
    }

    format(amount) {
        return formatCurrency(amount, this.props.value.currency);
    }

    get years() {
        const thisYear = DateTime.local().year;
        const rows = this.props.value.years.map(({ year, invoiced, credited }) => ({
            year,
            invoiced,
            credited,
            net: invoiced - credited,
            name: year === thisYear ? _t("%s so far", year) : String(year),
        }));
        const most = Math.max(...rows.map(({ net }) => net), 0);
        const least = Math.min(...rows.map(({ net }) => net), 0);
        const scale = (HEIGHT - 1) / (most - least || 1);
        const zero = most * scale;
        return rows.map((row) => {
            const length = row.net ? Math.max(Math.abs(row.net) * scale, LEAST) : 0;
            return {
                ...row,
                length,
                top: row.net > 0 ? zero - length : zero,
                zero,
                money: this.format(row.net),
                text: this.getText(row),
            };
        });
    }

    get active() {
        const { years } = this;
        return years.find(({ year }) => year === this.state.year) || years.at(-1);
    }

    get total() {
        const { total, since } = this.props.value;
        return _t("%(money)s since %(year)s", { money: this.format(total), year: since });
    }

    getText({ name, net, invoiced, credited }) {
        const parts = { year: name, money: this.format(net) };
        if (!credited) {
            return _t("%(year)s: %(money)s", parts);
        }
        return _t("%(year)s: %(money)s (%(invoiced)s invoiced, %(credited)s credited)", {
            ...parts,
            invoiced: this.format(invoiced),
            credited: this.format(credited),
        });
    }

    choose(year) {
        this.state.year = year;
    }

    onKeydown(ev) {
        const years = this.years.map(({ year }) => year);
        const index = years.indexOf(this.active.year);
        const last = years.length - 1;
        const target = { ArrowLeft: index - 1, ArrowRight: index + 1, Home: 0, End: last }[ev.key];
        if (target === undefined) {
            return;
        }
        ev.preventDefault();
        ev.stopPropagation();
        this.columns.el.children[Math.min(Math.max(target, 0), last)].focus();
    }

    async open(year) {
        this.action.doAction(
            await this.orm.call("res.partner", "action_view_xero_purchases", [
                [this.props.resId],
                year,
            ])
        );
    }
}
