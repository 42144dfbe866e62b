import { formatCurrency, getCurrency } from "@web/core/currency";
import { user } from "@web/core/user";

/**
 * Writes an amount of money; with its code where the symbol alone may mislead: dollars are
 * of many countries, and a currency that is not active in Odoo has no symbol here.
 *
 * @param {number} amount
 * @param {number} currencyId
 * @param {string} code e.g. NZD
 * @returns {string}
 */
export function formatMoney(amount, currencyId, code) {
    const text = formatCurrency(amount, currencyId);
    const isForeign = currencyId !== user.activeCompany?.currency_id;
    return isForeign && code && getCurrency(currencyId)?.symbol !== code
        ? `${text} ${code}`
        : text;
}
