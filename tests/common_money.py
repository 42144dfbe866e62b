"""What tests of online payments share: a provider, and customers who pay."""

from odoo.fields import Command

BANK = "090"
CLEARING = "855"


class MoneyMixin:
    """Mix into a case with a connection: providers, and customers who pay."""

    @classmethod
    def make_provider(cls, env, **vals):
        """Return a payment provider that needs nobody's server."""
        vals = {"name": "Test Pay", "code": "none", "state": "enabled", **vals}
        return env["payment.provider"].create(vals)

    @classmethod
    def get_method(cls, env, code="card"):
        methods = env["payment.method"].with_context(active_test=False)
        return methods.search([("code", "=", code)], limit=1)

    def set_accounts(self, connection, **vals):
        """Payments arrive on the bank account, in the organisation's own currency."""
        connection.sudo().base_currency_id = connection.env.ref("base.NZD")
        bank = connection.account_ids.filtered(lambda a: a.code == BANK)
        connection.write({"payment_account_id": bank.id, **vals})

    @classmethod
    def make_transaction(cls, provider, amount, orders=(), invoices=(), **vals):
        """Return a transaction of a customer who has begun to pay."""
        env = provider.env
        documents = orders or invoices
        method = cls.get_method(env)
        values = {
            "provider_id": provider.id,
            "payment_method_id": method.id,
            "amount": amount,
            "currency_id": documents[0].currency_id.id,
            "partner_id": documents[0].partner_id.id,
            "operation": "online_redirect",
            **vals,
        }
        if orders:
            values["sale_order_ids"] = [Command.set([order.id for order in orders])]
        if invoices:
            values["xero_invoice_ids"] = [Command.set([i.id for i in invoices])]
        if "reference" not in values:
            prefix = orders[0].name if orders else invoices[0].number
            values["reference"] = env["payment.transaction"]._compute_reference(
                provider.code, prefix=prefix
            )
        return env["payment.transaction"].create(values)

    @classmethod
    def requests_of(cls, transaction):
        return transaction.env["xero.payment.request"].search(
            [("transaction_id", "=", transaction.id)], order="id"
        )
