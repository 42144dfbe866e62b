import { useService } from "@web/core/utils/hooks";
import { KeepLast } from "@web/core/utils/concurrency";
import { useRecordObserver } from "@web/model/relational_model/utils";

import { useState } from "@odoo/owl";

/**
 * Reads a field of a customer only where it is looked at, so that opening the form of a
 * customer with many invoices does not wait for it; and again whenever the form is.
 *
 * @param {string} name of the field
 * @returns {{ value: any }}
 */
export function useCustomerFigures(name) {
    const orm = useService("orm");
    const state = useState({ value: false });
    const last = new KeepLast();
    useRecordObserver(async (record) => {
        // Each reading of the form brings a new object: that is what is waited for.
        void record.data;
        if (!record.resId) {
            state.value = false;
            return;
        }
        const [values] = await last.add(orm.read("res.partner", [record.resId], [name]));
        state.value = values[name];
    });
    return state;
}
