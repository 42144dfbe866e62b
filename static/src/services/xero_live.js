import { useService } from "@web/core/utils/hooks";

import { onWillUnmount } from "@odoo/owl";

// Records that are just read again: a form may hold several fields that ask for it.
const loading = new WeakSet();

/**
 * Reads the record of an open form again when the server tells that Xero has changed it.
 * What somebody is just editing is left alone.
 *
 * @param {() => Object} getRecord
 * @param {() => number | undefined} getCustomer id of a commercial partner whose money the
 *      form shows as well
 */
export function useLiveRecord(getRecord, getCustomer = () => undefined) {
    const bus = useService("bus_service");
    const onChanged = async (changed) => {
        const record = getRecord();
        const isTold = (model, id) => (changed[model] || []).includes(id);
        if (
            record !== record.model.root ||
            !(isTold(record.resModel, record.resId) || isTold("res.partner", getCustomer()))
        ) {
            return;
        }
        if (loading.has(record) || (await record.isDirty())) {
            return;
        }
        loading.add(record);
        try {
            await record.load();
        } finally {
            loading.delete(record);
        }
    };
    bus.subscribe("xero_crm.changed", onChanged);
    onWillUnmount(() => bus.unsubscribe("xero_crm.changed", onChanged));
}
