from odoo import api, models

from ..mapping.totals import INCLUSIVE
from .xero_change import Change
from .xero_sync_mixin import NO_ENQUEUE


class XeroDocumentMixin(models.AbstractModel):
    """Xero to Odoo: documents with their lines and payments, a page at a time."""

    _inherit = "xero.document.mixin"

    # Dataclass that a document passes through, and the field of a line or payment that
    # leads back to its document.
    _xero_data = None
    _xero_inverse = None
    # What is not settled is wanted however old it is.
    _xero_open_statuses = ("DRAFT", "SUBMITTED", "AUTHORISED")

    # === PLAN === #

    def _plan_xero_page(self, connection, payloads, choices=None):
        """Plan one page of documents. See `xero.pull`."""
        changes, datas = self.env["xero.pull"]._read_payloads(self, payloads)
        datas = [data for data in datas if data.is_sale]
        known = self._find_known(connection, datas)
        oldest = connection._get_history_start()
        for data in datas:
            record = known.get(data.xero_id, self.browse())
            if not record and self._is_history_of_old(data, oldest):
                continue
            change = Change(
                "update" if record else "create",
                data.number or data.reference or data.xero_id,
                record,
                xero_id=data.xero_id,
                data=data,
            )
            if record and record._is_newer_than(data):
                change.operation = "unchanged"
            elif record:
                change.fields = self._diff_from(record, data)
                change.quiet = not change.fields
            else:
                change.fields = self._get_new_fields(data)
            changes.append(change)
        return changes

    def _is_newer_than(self, data):
        """Whether a document from Xero says nothing new. One record.

        A page of the past may have been on its way while a fresher answer came.
        """
        if self.fingerprint == data.fingerprint():
            return True
        if not (self.updated_at and data.updated):
            return False
        return data.updated < self.updated_at

    def _is_history_of_old(self, data, oldest):
        """Whether a document is settled and older than the years that are wanted."""
        if data.status in self._xero_open_statuses:
            return False
        return bool(oldest and data.date and data.date < oldest)

    def _diff_from(self, record, data):
        """What a person wants to see of a change: status and money first."""
        old, new = record.line_ids, data.lines
        pairs = {
            **self._get_diff_pairs(record, data),
            "number": (record.number or "", data.number),
            "reference": (record.reference or "", data.reference),
            "contact": (record.contact_name or "", data.contact_name),
            "date": (str(record.date or ""), str(data.date or "")),
            "lines": (
                _list_lines((e.quantity, e.description, e.line_amount) for e in old),
                _list_lines((e.quantity, e.description, e.amount()) for e in new),
            ),
            **self._get_payment_pairs(record, data),
        }
        return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}

    def _get_payment_pairs(self, record, data):
        if "payment_ids" not in record._fields:
            return {}
        payments = [each for each in data.payments if each.status != "DELETED"]
        return {
            "is_sent": (record.is_sent, data.is_sent),
            "payments": (
                _list_payments(record.payment_ids.sorted("xero_id")),
                _list_payments(sorted(payments, key=lambda each: each.xero_id)),
            ),
        }

    def _find_known(self, connection, datas):
        """Return our records by Xero id."""
        ids = [data.xero_id for data in datas]
        known = self.search(
            [("connection_id", "=", connection.id), ("xero_id", "in", ids)]
        )
        return {record.xero_id: record for record in known}

    # === APPLY === #

    def _apply_xero_page(self, connection, changes):
        """Carry out the plan. See `xero.pull`."""
        moved = [c for c in changes if c.operation in ("create", "update")]
        if moved:
            self._write_from_xero(connection, moved)

    def _write_from_xero(self, connection, changes):
        """Write header, lines and payments of documents.

        :param changes: list of `Change` with `data`, and `record` unless it is new;
            new records are put into them
        """
        context = self._get_write_context(connection, [c.data for c in changes])
        quiet = self.with_context(**{NO_ENQUEUE: True})
        known = [change for change in changes if change.record]
        # Browsed together, so that they are read together.
        records = quiet.browse([change.record.id for change in known])
        for change, record in zip(known, records, strict=True):
            vals = self._prepare_header(connection, record, change.data, context)
            if different := record._get_different(vals):
                record.write(different)
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
        self._write_payments(connection, pairs)

    def _prepare_header(self, connection, record, data, context):
        vals = self._prepare_vals_from_xero(data)
        vals.update(self._prepare_relations(connection, record, data, context))
        if not record:
            vals["connection_id"] = connection.id
        return vals

    def _get_write_context(self, connection, datas):
        """Look up at once what the documents of a page refer to."""
        links = self.env["xero.link"].union(
            *self.env["xero.link"]
            ._find(connection, "Contacts", {data.contact_id for data in datas})
            .values()
        )
        codes = {line.item_code for data in datas for line in data.lines}
        products = self.env["product.product"].search(
            [("default_code", "in", list(codes - {""}))]
        )
        return {
            "partners": links._get_partners(),
            "products": {product.default_code: product.id for product in products},
            "currencies": self.env["res.currency"]._get_id_by_code(),
        }

    def _prepare_vals_from_xero(self, payload):
        """See `xero.sync.mixin`. Amounts in the document's currency."""
        data = payload
        return {
            "xero_id": data.xero_id,
            "xero_contact_id": data.contact_id,
            "contact_name": data.contact_name,
            "number": data.number or False,
            "reference": data.reference or False,
            "status": data.status.lower(),
            "date": data.date,
            "currency_rate": float(data.currency_rate or 0),
            "is_tax_included": data.line_amount_types == INCLUSIVE,
            "amount_untaxed": float(data.subtotal),
            "amount_tax": float(data.total_tax),
            "amount_total": float(data.total),
            "fingerprint": data.fingerprint(),
            "updated_at": data.updated,
            **self._prepare_settled_vals(data),
        }

    @api.model
    def _prepare_settled_vals(self, data):
        """Return what only documents that are paid have."""
        return {"is_sent": data.is_sent, "paid_on": data.fully_paid_on}

    def _prepare_relations(self, connection, record, data, context):
        partner_id = context["partners"].get(data.contact_id, False)
        return {
            "partner_id": partner_id or record.partner_id.id,
            "currency_id": context["currencies"].get(data.currency)
            or connection.company_id.currency_id.id,
        }

    # === LINES AND PAYMENTS === #

    def _write_lines(self, pairs, context):
        """Write the lines anew where they differ, all documents at once.

        :param pairs: of record and `Change`
        """
        lines = self.env[self._fields["line_ids"].comodel_name]
        stale, vals_list = lines.browse(), []
        for record, change in pairs:
            wanted = [
                self._prepare_line_vals(line, index, context)
                for index, line in enumerate(change.data.lines)
            ]
            current = record.line_ids if change.operation == "update" else stale[:0]
            if len(current) == len(wanted) and not any(
                line._get_different(vals)
                for line, vals in zip(current, wanted, strict=True)
            ):
                continue
            stale |= current
            owner = {self._xero_inverse: record.id, "company_id": record.company_id.id}
            vals_list += [{**owner, **vals} for vals in wanted]
        stale.unlink()
        if lines._insert(vals_list):
            self.env[self._name].invalidate_model(["line_ids"], flush=False)

    @api.model
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

    def _write_payments(self, connection, pairs):
        """Mirror the payments that the documents carry; forget removed ones.

        :param pairs: of record and `Change`
        """
        payments = self.env["xero.payment"]
        records = self.browse([record.id for record, _change in pairs])
        mine = payments.search([(self._xero_inverse, "in", records.ids)])
        known = {payment.xero_id: payment for payment in mine}
        vals_list = []
        for record, change in pairs:
            for data in change.data.payments:
                if data.status == "DELETED":
                    continue
                vals = self._prepare_payment_vals(connection, record, data)
                if payment := known.pop(data.xero_id, None):
                    if different := payment._get_different(vals):
                        payment.write(different)
                else:
                    vals_list.append(vals)
        payments.union(*known.values()).unlink()
        if payments._insert(vals_list):
            self.env[self._name].invalidate_model(["payment_ids"], flush=False)

    def _prepare_payment_vals(self, connection, record, data):
        return {
            "connection_id": connection.id,
            "company_id": connection.company_id.id,
            "partner_id": record.partner_id.id,
            "commercial_partner_id": record.commercial_partner_id.id,
            self._xero_inverse: record.id,
            "xero_id": data.xero_id,
            "date": data.date,
            "amount": float(data.amount),
            "reference": data.reference or False,
        }

    # === HOOKS === #

    def _get_diff_pairs(self, record, data):
        """Return old and new of what a person wants to see, by its name.

        :rtype: dict of tuples of text
        """
        raise NotImplementedError()


def _list_lines(lines):
    """Return lines as a text that a person can compare.

    :param lines: triples of quantity, description and amount
    """
    return ", ".join(
        f"{float(quantity):g} × {(text or '').strip()} {float(amount):.2f}"
        for quantity, text, amount in lines
    )


def _list_payments(payments):
    return ", ".join(f"{payment.date} {payment.amount:.2f}" for payment in payments)
