from odoo import models
from odoo.exceptions import UserError

from .xero_change import Change


class ProductProduct(models.Model):
    """Whether products and their Xero items still fit, after changes on either side."""

    _inherit = "product.product"

    def action_check_xero_mapping(self):
        """Compare these products with their Xero items, in one call.

        :return: an action that shows what differs, and what can be done
        :raise UserError: if no organisation is connected, or Xero does not answer
        """
        self.env["xero.link"].check_access("read")
        self.check_access("read")
        company = self.company_id[:1] or self.env.company
        connection = self.env["xero.connection"]._get_for_company(company)
        return self.env["xero.item.check"]._open(connection, self)

    def _compare_with_xero(self, connection, datas):
        """Compare these products with the items of an organisation.

        :param connection: `xero.connection`, one record
        :param datas: `ItemData` of all items
        :return: values of `xero.item.check.line`, one dict a product
        """
        by_id = {data.xero_id: data for data in datas}
        links = self.env["xero.link"]._of(self, connection)
        by_record = {link.res_id: link for link in links}
        taken = self.env["xero.link"]._find(connection, "Items", list(by_id))
        free = {d.code: d for d in datas if d.code and d.xero_id not in taken}
        return [
            {
                "res_id": product.id,
                **product._compare_one(
                    connection, by_record.get(product.id, links.browse()), by_id, free
                ),
            }
            for product in self._in_xero(connection)
        ]

    def _compare_one(self, connection, link, by_id, free):
        """Return what to show of one product, and the action to suggest."""
        data = by_id.get(link.xero_id)
        row = {"state": "same", "action": False, "differs": False, "xero_id": False}
        row.update(odoo_values=False, xero_values=False, message=False)
        if self.xero_do_not_sync:
            return {**row, "state": "excluded"}
        if not self.default_code:
            message = self.env._("Without a code it cannot be an item in Xero.")
            return {**row, "state": "no_code", "action": "code", "message": message}
        if not data:
            return {**row, **self._compare_missing(connection, link, free)}
        row["xero_id"] = data.xero_id
        if not self.active:
            message = self.env._("Archived in Odoo; its item is still in Xero.")
            return {**row, "state": "archived", "action": "exclude", "message": message}
        if problem := self._get_xero_problem(connection):
            return {**row, "state": "refused", "message": problem.message}
        return {**row, **self._compare_values(connection, link, data)}

    def _compare_missing(self, connection, link, free):
        """Its item is not there: never was, or was deleted in Xero."""
        if candidate := free.get(self.default_code):
            message = self.env._("Xero has an item of this code that is not linked.")
            return {
                "state": "gone" if link.xero_id else "unlinked",
                "action": "link",
                "xero_id": candidate.xero_id,
                "message": message,
            }
        if not self.active:
            return {"state": "archived"}
        if problem := self._get_xero_problem(connection):
            return {"state": "refused", "message": problem.message}
        if link.xero_id:
            message = self.env._("Its item was deleted in Xero.")
            return {"state": "gone", "action": "send", "message": message}
        message = self.env._("Not in Xero yet.")
        return {"state": "unlinked", "action": "send", "message": message}

    def _compare_values(self, connection, link, data):
        ours = self._get_mapped_values(connection)
        theirs = self._get_mapped_values(connection, data)
        names = [
            name
            for name, value in ours.items()
            if name in theirs and (value or "") != (theirs[name] or "")
        ]
        if not names:
            return {}
        change = Change("skip", data.name, self, link, data.xero_id, data)
        self._plan_merge(connection, change, link.base)
        action = False
        if change.operation != "conflict":
            action = {
                (True, False): "fetch",
                (False, True): "send",
                (True, True): "merge",
            }.get((bool(change.fields), change.send_back), False)
        return {
            "state": "differs",
            "action": action,
            "differs": "\n".join(
                self._get_xero_label(connection, name) for name in names
            ),
            "odoo_values": "\n".join(self._show_value(ours[name]) for name in names),
            "xero_values": "\n".join(self._show_value(theirs[name]) for name in names),
        }

    def _get_xero_label(self, connection, data_field):
        """Return what a person calls a field of the dataclass."""
        further = self._get_xero_map(connection).further
        name = further.get(data_field) or self._get_xero_field_name(data_field)
        return self._fields[name]._description_string(self.env)

    def _show_value(self, value):
        """Return a value on one line, so that the columns of a list stay level."""
        if value is True or value is False:
            return self.env._("Yes") if value else self.env._("No")
        return " ".join(str(value or "-").split())[:80]

    # === PUTTING IT RIGHT === #

    def _force_to_xero(self, connection, links, datas):
        """Put products into the outbox so that Odoo's values win over Xero's.

        :param links: `xero.link` of these products
        :param datas: `ItemData` by Xero id
        """
        for product in self._in_xero(connection):
            link = links.filtered(lambda link, p=product: link.res_id == p.id)
            data = datas.get(link.xero_id)
            # What Xero holds becomes what was agreed on: all else is a change here.
            base = product._get_mapped_values(connection, data) if data else False
            link.write({"base": base, **({} if data else {"xero_id": False})})
        links._mark_pending()

    def _force_from_xero(self, connection, links):
        """Fetch items so that Xero's values win over Odoo's."""
        for product in self._in_xero(connection):
            link = links.filtered(lambda link, p=product: link.res_id == p.id)
            link.base = product._get_mapped_values(connection)
        self.env["xero.pull"]._pull_records_or_explain(
            connection, "Items", links.mapped("xero_id")
        )

    def _link_again(self, connection, xero_ids):
        """Link products with items of the same code.

        :param dict xero_ids: ids of items by id of the product
        """
        links = self.env["xero.link"]._ensure(connection, self)
        links.write({"xero_id": False, "base": False})
        self.env["xero.pull"]._pull_records_or_explain(
            connection, "Items", [xero_ids[product.id] for product in self]
        )

    # === TEST SALE === #

    def _test_xero_sale(self, connection, partner):
        """Say how a sale of one of this product would arrive in Xero. One record.

        The order is never saved and nothing is sent: it takes the very way of a real
        one, up to the call.

        :param partner: `res.partner`, who would buy
        :return: values of `xero.item.check.sale`
        """
        order = self.env["sale.order"].new(
            {
                "partner_id": partner.id,
                "company_id": connection.company_id.id,
                "order_line": [(0, 0, {"product_id": self.id, "product_uom_qty": 1})],
            }
        )
        try:
            # Without a code it is no item: its line carries its text only.
            items = order.order_line._get_xero_items()
            link = self.env["xero.link"]._of(self, connection)
            if items and not link.xero_id:
                if problem := self._get_xero_problem(connection):
                    return {"state": "refused", "message": problem.text}
            return order._get_xero_test_sale(connection)
        except UserError as error:
            return {"state": "refused", "message": str(error)}
