import dataclasses

from odoo import api, models

from ..mapping.contact_parts import ADDRESS, PREFIXES
from ..mapping.person import MAX_PERSONS, describe_persons
from .xero_change import Problem
from .xero_field_label import ODOO_LABELS
from .xero_two_way_create import ALIKE


class ResPartner(models.Model):
    """What a Xero contact means for a partner."""

    _inherit = "res.partner"

    @api.model
    def _canonical(self, data):
        """Countries and states as Odoo calls them, and payment terms that it has;
        unknown ones count as not given, and are remembered: they stay in Xero."""
        found, unknown = {}, list(data.unknown)
        for prefix in PREFIXES.values():
            fields = f"{prefix}country", f"{prefix}region"
            theirs = [getattr(data, field) for field in fields]
            if not any(theirs):
                continue
            ours = self.env["res.country"]._find_xero_place(*theirs)
            for field, their, (_id, our) in zip(fields, theirs, ours, strict=True):
                if our != their:
                    found[field] = our
                if their and not our:
                    unknown.append((field, their))
        _texts, terms = self.env["xero.term.map"]._get_tables(self.env.company.id)
        if data.payment_terms and data.payment_terms not in terms:
            found["payment_terms"] = ""
            unknown.append(("payment_terms", data.payment_terms))
        return dataclasses.replace(data, **found, unknown=unknown) if found else data

    def _prepare_vals_from_xero(self, payload):
        """See `xero.sync.mixin`."""
        data = payload
        vals = {
            "name": data.name,
            "is_company": not data.is_person,
            "email": data.email or False,
            "phone": data.phone or False,
            "website": data.website or False,
            "vat": data.tax_number or False,
            "company_registry": data.company_number or False,
            "ref": data.account_number or False,
            **self._prepare_address_vals({n: getattr(data, n) for n in ADDRESS}),
            "active": not data.archived,
        }
        # Xero says so once there was an invoice; Odoo counts as well.
        for rank, known in (
            ("customer_rank", data.is_customer),
            ("supplier_rank", data.is_supplier),
        ):
            if known and not (self and self[rank]):
                vals[rank] = 1
        return vals

    def _plan_unlinked(self, connection, match, record, data):
        change = super()._plan_unlinked(connection, match, record, data)
        if change.operation != "create":
            return change
        if not self._is_wanted_partner(connection, change.data):
            change.operation, change.vals, change.base = "skip", {}, {}
            change.problem = self._get_unwanted_problem(connection, change.data)
            return change
        self._remember_aside(change, change.data.told_apart(False))
        self._plan_xero_children(change)
        return self._describe_change(change)

    def _plan_merge(self, connection, change, base, choices=None):
        result = super()._plan_merge(connection, change, base, choices)
        data = change.data.told_apart(bool(self._get_xero_address("delivery")))
        self._remember_aside(change, data)
        self._plan_xero_children(change)
        if change.children and change.operation == "unchanged":
            change.operation = "update"
        if "persons" in change.fields and len(self._get_xero_people()) > MAX_PERSONS:
            # Who had no room in Xero may have it now.
            change.send_back = True
        self._describe_change(change)
        return result

    def _remember_aside(self, change, data):
        """Keep with the agreed values what Xero has and Odoo cannot hold."""
        if "street" in data.absent:
            return
        change.base.pop("aside", None)
        change.base.pop("merged_into", None)
        if aside := data.aside():
            change.base["aside"] = aside

    def _describe_change(self, change):
        """Make the change read well, and tell what of it Odoo does not know."""
        known = (change.link and change.link.base or {}).get("aside", {})
        for field, text in change.data.unknown:
            if change.operation in ("create", "link") or known.get(field) != text:
                change.notes.append(
                    self.env._(
                        "Odoo does not know the %(field)s %(text)s: it stays in Xero "
                        "as it is, and Odoo keeps what it has.",
                        field=field.replace("_", " "),
                        text=self._describe_xero_value(field, text),
                    )
                )
        if "persons" in change.fields:
            old, new = change.fields["persons"]
            change.fields["persons"] = describe_persons(old), describe_persons(new)
        return change

    def _get_xero_field_label(self, name):
        if name == "tags":
            return self.env._("Tags")
        label = ODOO_LABELS["Contacts"].get(name)
        if label:
            return self.env._(label)  # pylint: disable=W8303
        return super()._get_xero_field_label(name)

    def _describe_xero_value(self, name, value):
        if name == "persons" and isinstance(value, (list, tuple)):
            return describe_persons(value)
        return super()._describe_xero_value(name, value)

    def _apply_details(self, changes):
        """Make, change and archive the children of a page's customers, in batches."""
        vals_by_id, new, known = {}, [], []
        for change in changes:
            for child, vals in change.children:
                if child:
                    vals_by_id.setdefault(child.id, {}).update(vals)
                    continue
                parent = change.record
                made = change.operation == "create"
                inherited = parent._get_xero_inherited(vals) if made else {}
                vals = {"parent_id": parent.id, **inherited, **vals}
                (new if made else known).append(vals)
        # What a new customer's child takes over from it is in the values already.
        alone = self.with_context(**{ALIKE: True}, _partners_skip_fields_sync=True)
        alone.create(new)
        self.create(known)
        self._write_each(vals_by_id)

    def _get_xero_inherited(self, vals):
        """Return what Odoo copies from a customer to a child with these values."""
        names = [
            name
            for name in self._commercial_fields()
            if not self._fields[name].company_dependent and self[name]
        ]
        if vals["type"] == "contact":
            names += [name for name in self._address_fields() if self[name]]
        return self._convert_fields_to_values(names)

    def _is_wanted_partner(self, connection, data):
        """Whether the connection wants this unknown contact as a partner."""
        wanted = connection.contact_filter
        if wanted == "customers":
            return data.is_customer
        return wanted == "all" or data.is_customer or not data.is_supplier

    def _get_unwanted_problem(self, connection, data):
        return Problem(
            self.env._("%(name)s is no customer in Xero.", name=data.name),
            self.env._(
                "Choose on the connection which contacts become customers in Odoo."
            ),
            skip=True,
        )

    def _filter_vals(self, vals, data_fields):
        # Xero has no flag for persons: what Odoo says of a known partner stays.
        vals.pop("is_company", None)
        return super()._filter_vals(vals, data_fields)

    def _is_wanted_from_xero(self, data):
        return not data.archived and not data.merged_into
