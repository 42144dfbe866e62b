import { registry } from "@web/core/registry";

/** A customer finds the overdue invoice in the portal, and begins to pay it. */
registry.category("web_tour.tours").add("xero_crm_portal", {
    steps: () => [
        {
            content: "Something is overdue: look at it",
            trigger: "a[href*='/my/xero/invoices?filterby=overdue']:contains(575.00)",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "Open the invoice",
            trigger: ".o_portal_my_doc_table a[href*='/my/xero/invoices/']",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "It says what is due; pay it",
            trigger: "#sidebar_content:has(h2:contains(575.00)) a[name=xero_pay_now]",
            run: "click",
        },
        {
            content: "The same amount is asked for",
            trigger: "#pay_with.show #o_payment_summary_amount:contains(575.00)",
        },
        {
            content: "Pay",
            trigger:
                "#pay_with.show button[name=o_payment_submit_button]:not([disabled])",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "The provider leads to the status of the payment",
            trigger: "[name=o_payment_status]:contains(575.00)",
        },
    ],
});
