import re
from urllib.parse import parse_qs, urlsplit

from odoo import api, models

from .xero_change import Change
from .xero_sync_mixin import NO_ENQUEUE

# Part of the address that leads from Xero back to the order, and names our record.
URL_KEY = "invoice_ref"


class XeroInvoice(models.Model):
    """Xero to Odoo: invoices with their lines and payments."""

    _inherit = "xero.invoice"

    _xero_where = 'Type=="ACCREC"'

    # === PLAN === #

    def _plan_xero_page(self, connection, payloads, policy=None):
        """Plan one page of invoices. See `xero.pull`."""
        changes, datas = self.env["xero.pull"]._read_payloads(self, payloads)
        datas = [data for data in datas if data.type == "ACCREC"]
        known = self._find_known(connection, datas)
        for data in datas:
            record = known.get(data.xero_id, self.browse())
            change = Change(
                "update" if record else "create",
                data.number or data.reference or data.xero_id,
                record,
                xero_id=data.xero_id,
                data=data,
            )
            if record and record.fingerprint == data.fingerprint():
                change.operation = "unchanged"
            elif record:
                change.fields = self._diff_from(record, data)
            changes.append(change)
        return changes

    def _diff_from(self, record, data):
        """What a person wants to see of a change: status and money."""
        pairs = {
            "status": (record.status or "", data.status.lower()),
            "amount due": (f"{record.amount_due:.2f}", f"{data.amount_due:.2f}"),
            "total": (f"{record.amount_total:.2f}", f"{data.total:.2f}"),
        }
        return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}

    def _find_known(self, connection, datas):
        """Return our records by Xero id: mirrored ones, and ones on their way whose
        answer has not arrived yet, known by the address that leads back to them."""
        ids = [data.xero_id for data in datas]
        mirrored = self.search(
            [("connection_id", "=", connection.id), ("xero_id", "in", ids)]
        )
        known = {record.xero_id: record for record in mirrored}
        named = {
            data.xero_id: self._read_back_reference(data.url)
            for data in datas
            if data.xero_id not in known
        }
        waiting = self.search(
            [
                ("connection_id", "=", connection.id),
                ("id", "in", [res_id for res_id in named.values() if res_id]),
                ("xero_id", "=", False),
            ]
        )
        for xero_id, res_id in named.items():
            if record := waiting.filtered(lambda r, res_id=res_id: r.id == res_id):
                known[xero_id] = record
        return known

    @api.model
    def _read_back_reference(self, url):
        """Return the id of our record that an invoice's address names, or None."""
        uuid = self.env["res.partner"]._get_xero_number_prefix()
        for value in parse_qs(urlsplit(url).query).get(URL_KEY, []):
            if match := re.fullmatch(re.escape(uuid) + r"(\d{1,9})", value):
                return int(match[1])
        return None

    def _get_back_url(self):
        """Return the address that Xero shows as the way back to the order."""
        self.ensure_one()
        base = self.order_id.get_base_url()
        uuid = self.env["res.partner"]._get_xero_number_prefix()
        return (
            f"{base}/mail/view?model=sale.order&res_id={self.order_id.id}"
            f"&{URL_KEY}={uuid}{self.id}"
        )

    # === APPLY === #

    def _apply_xero_page(self, connection, changes):
        """Carry out the plan. See `xero.pull`."""
        moved = [c for c in changes if c.operation in ("create", "update")]
        if moved:
            self._write_from_xero(connection, moved)
            self._bind_arrived(connection, moved)

    def _bind_arrived(self, connection, changes):
        """Settle the outbox of invoices whose pull was quicker than their answer."""
        records = self.union(*(change.record for change in changes))
        links = self.env["xero.link"]._of(records, connection)
        links = links.filtered(lambda link: link.state != "synced")
        datas = {change.record.id: change.data for change in changes}
        logs = self.env["xero.log"]
        logs._resolve_for(links)
        for link in links:
            record = self.browse(link.res_id)
            link._mark_synced(record.xero_id)
            if problem := record._compare_with_order(datas[record.id]):
                link._mark_error(problem.message)
                logs._add_problem(link, problem, "compare")

    def _write_from_xero(self, connection, changes):
        """Write header, lines and payments of invoices.

        :param changes: list of `Change` with `data`, and `record` unless it is new;
            new records are put into them
        """
        datas = [change.data for change in changes]
        context = self._get_write_context(connection, datas)
        quiet = self.with_context(**{NO_ENQUEUE: True})
        known = [change for change in changes if change.record]
        # Browsed together, so that they are read together.
        records = quiet.browse([change.record.id for change in known])
        for change, record in zip(known, records, strict=True):
            record.write(self._prepare_header(connection, record, change.data, context))
        new = [change for change in changes if not change.record]
        created = quiet.create(
            [
                self._prepare_header(connection, quiet, change.data, context)
                for change in new
            ]
        )
        for change, record in zip(new, created, strict=True):
            change.record = record
        pairs = [*zip(records, known, strict=True), *zip(created, new, strict=True)]
        self._write_lines(pairs, context)
        self._write_payments(connection, changes)

    def _prepare_header(self, connection, record, data, context):
        vals = self._prepare_vals_from_xero(data)
        vals.update(self._prepare_relations(connection, record, data, context))
        if not record:
            vals["connection_id"] = connection.id
        return vals

    def _write_lines(self, pairs, context):
        """Write the lines anew where they differ, all invoices at once.

        :param pairs: of record and `Change`
        """
        stale, vals_list = self.env["xero.invoice.line"], []
        for record, change in pairs:
            wanted = [
                self._prepare_line_vals(line, index, context)
                for index, line in enumerate(change.data.lines)
            ]
            current = [
                line._convert_to_write({name: line[name] for name in vals})
                for line, vals in zip(record.line_ids, wanted, strict=False)
            ]
            if current != wanted or len(record.line_ids) != len(wanted):
                stale |= record.line_ids
                vals_list += [{"invoice_id": record.id, **vals} for vals in wanted]
        stale.unlink()
        stale.create(vals_list)

    def _get_write_context(self, connection, datas):
        """Look up at once what the invoices of a page refer to."""
        links = self.env["xero.link"]._find(
            connection, "Contacts", {data.contact_id for data in datas}
        )
        codes = {line.item_code for data in datas for line in data.lines}
        products = self.env["product.product"].search(
            [("default_code", "in", list(codes - {""}))]
        )
        orders = self.env["sale.order"].search(
            [
                ("name", "in", [data.reference for data in datas if data.reference]),
                ("company_id", "=", connection.company_id.id),
                ("state", "=", "sale"),
            ]
        )
        return {
            "partners": {xero_id: link.res_id for xero_id, link in links.items()},
            "products": {product.default_code: product.id for product in products},
            "orders": {order.name: order for order in orders},
            "currencies": self.env["res.currency"]._get_id_by_code(),
        }

    def _prepare_vals_from_xero(self, payload):
        """See `xero.sync.mixin`. Amounts in the invoice's currency."""
        data = payload
        return {
            "xero_id": data.xero_id,
            "xero_contact_id": data.contact_id,
            "contact_name": data.contact_name,
            "number": data.number or False,
            "reference": data.reference or False,
            "status": data.status.lower(),
            "is_sent": data.is_sent,
            "date": data.date,
            "due_date": data.due_date,
            "paid_on": data.fully_paid_on,
            "currency_rate": float(data.currency_rate or 0),
            "amount_untaxed": float(data.subtotal),
            "amount_tax": float(data.total_tax),
            "amount_total": float(data.total),
            "amount_paid": float(data.amount_paid),
            "amount_credited": float(data.amount_credited),
            "amount_due": float(data.amount_due),
            "back_url": data.url or False,
            "fingerprint": data.fingerprint(),
            "updated_at": data.updated,
        }

    def _prepare_relations(self, connection, record, data, context):
        partner_id = context["partners"].get(data.contact_id, False)
        vals = {
            "partner_id": partner_id or record.partner_id.id,
            "currency_id": context["currencies"].get(data.currency)
            or connection.company_id.currency_id.id,
        }
        order = context["orders"].get(data.reference)
        if order and not record.order_id and partner_id:
            # Somebody billed the order by hand in Xero: it is not billed twice.
            if order.partner_invoice_id.commercial_partner_id.id == partner_id:
                vals["order_id"] = order.id
        return vals

    def _prepare_line_vals(self, line, index, context):
        return {
            "sequence": index,
            "xero_line_id": line.line_item_id or False,
            "product_id": context["products"].get(line.item_code, False),
            "item_code": line.item_code or False,
            "description": line.description,
            "quantity": float(line.quantity),
            "price_unit": float(line.unit_amount),
            "discount": float(line.discount_rate),
            "account_code": line.account_code or False,
            "tax_type": line.tax_type or False,
            "tax_amount": float(line.tax_amount or 0),
            "line_amount": float(line.amount()),
        }

    def _write_payments(self, connection, changes):
        """Mirror the payments that the invoices carry; forget removed ones."""
        payments = self.env["xero.payment"]
        records = self.union(*(change.record for change in changes))
        mine = payments.search([("invoice_id", "in", records.ids)])
        known = {payment.xero_id: payment for payment in mine}
        vals_list = []
        for change in changes:
            for data in change.data.payments:
                if data.status == "DELETED":
                    continue
                vals = {
                    "invoice_id": change.record.id,
                    "date": data.date,
                    "amount": float(data.amount),
                    "reference": data.reference or False,
                }
                if payment := known.pop(data.xero_id, None):
                    payment.write(vals)
                else:
                    vals_list.append(
                        {
                            "connection_id": connection.id,
                            "xero_id": data.xero_id,
                            **vals,
                        }
                    )
        payments.union(*known.values()).unlink()
        payments.create(vals_list)
