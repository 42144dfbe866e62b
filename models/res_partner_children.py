from odoo import api, fields, models

from ..mapping.contact import is_email
from ..mapping.contact_parts import ADDRESS, DELIVERY
from ..mapping.merge_persons import pair_persons
from ..mapping.person import MAX_PERSONS, PersonData

# Field of the dataclass -> field of this model, for what an address is made of.
ADDRESS_FIELDS = {
    "street": "street",
    "street2": "street2",
    "city": "city",
    "region": "state_id",
    "postal_code": "zip",
    "country": "country_id",
}


class ResPartner(models.Model):
    """What a customer's child contacts are in Xero: its persons and its addresses.

    The persons are Xero's ContactPersons. The invoice address, where there is one, is
    the postal address in Xero, the delivery address the physical one.
    """

    _inherit = "res.partner"

    xero_include_in_emails = fields.Boolean(
        "Gets Xero's E-mails",
        copy=False,
        groups="xero_crm.group_xero_user",
        help="Xero sends invoices to this person as well: Include in Emails.",
    )

    # === CHANGES OF CHILDREN ARE CHANGES OF THE CUSTOMER === #

    @api.model_create_multi
    def create(self, vals_list):
        partners = super().create(vals_list)
        partners.filtered("parent_id")._xero_mark_changed()
        return partners

    def write(self, vals):
        before = self.browse()
        if "parent_id" in vals:
            before = self._xero_owner()
        result = super().write(vals)
        if moved := before - self._xero_owner():
            moved.exists()._xero_mark_changed()
        return result

    def unlink(self):
        owners = self.filtered("parent_id")._xero_owner() - self
        result = super().unlink()
        owners.exists()._xero_mark_changed()
        return result

    def _xero_note_changed(self, links, names):
        """A child's change is one of what the customer's document has of it."""
        result = super()._xero_note_changed(links, names)
        held = {"contact": ("persons",), "invoice": ADDRESS, "delivery": DELIVERY}
        children = self.filtered(lambda child: child != child.commercial_partner_id)
        for kind, mine in children.grouped("type").items():
            owners = mine.commercial_partner_id._ids
            links.filtered(lambda link, ids=owners: link.res_id in ids)._note_changed(
                held.get(kind, ())
            )
        return result

    @api.model
    def _get_xero_tracked_fields(self):
        return super()._get_xero_tracked_fields() | {
            "type",
            "parent_id",
            "is_company",
            "xero_include_in_emails",
        }

    # === AS XERO HAS THEM === #

    def _get_xero_address(self, kind):
        """Return the customer's child that holds an address of a kind; one record.

        :param str kind: `invoice` or `delivery`
        """
        children = self.child_ids and self.child_ids.filtered(
            lambda child: (
                child.type == kind
                and not child.xero_do_not_sync
                and any(child[name] for name in ADDRESS_FIELDS.values())
            )
        )
        return children.sorted("id")[:1]

    def _get_xero_people(self):
        """Return all children that are persons of this customer, in order; one record.

        Those whom Xero knows come first: with more than it keeps, none of them is
        pushed out by somebody new.
        """
        if not self.child_ids:
            return self.child_ids
        people = self.child_ids.filtered(
            lambda child: (
                child.type == "contact"
                and not child.is_company
                and not child.xero_do_not_sync
            )
        ).sorted("id")
        if len(people) <= MAX_PERSONS:
            return people
        known = {
            (person["name"], person["email"])
            for link in self.env["xero.link"]._of(self)
            for person in (link.base or {}).get("persons", ())
        }
        return people.sorted(
            lambda child: (
                (child._get_xero_person().name, child._get_xero_person().email)
                not in known
            )
        )

    def _get_xero_person(self):
        """Return a child as `PersonData`; an address that Xero refuses stays here."""
        email = (self.email or "").strip()
        return PersonData(
            name=self.name or self.email or "",
            email=email if is_email(email) else "",
            include_in_emails=self.xero_include_in_emails,
        )

    def _get_xero_address_data(self, prefix=""):
        """Return this record's address by fields of `ContactData`."""
        return {
            f"{prefix}street": self.street or "",
            f"{prefix}street2": self.street2 or "",
            f"{prefix}city": self.city or "",
            f"{prefix}region": self.state_id.name or "",
            f"{prefix}postal_code": self.zip or "",
            f"{prefix}country": self.country_id.name or "",
        }

    def _get_xero_children_data(self):
        """Return the fields of `ContactData` that the children hold. One record."""
        partner = self.sudo()
        if not partner.child_ids:
            return {}
        found = {}
        if invoice := partner._get_xero_address("invoice"):
            found.update(invoice._get_xero_address_data())
        if delivery := partner._get_xero_address("delivery"):
            found.update(delivery._get_xero_address_data("delivery_"))
        people = partner._get_xero_people()[:MAX_PERSONS]
        found["persons"] = [person._get_xero_person() for person in people]
        return found

    def _get_xero_values(self, data=None):
        if data is not None:
            has_delivery = bool(self and self.sudo()._get_xero_address("delivery"))
            data = data.told_apart(has_delivery)
        return super()._get_xero_values(data)

    # === WHAT ARRIVES FOR THEM: PLAN === #

    def _plan_xero_children(self, change):
        """Turn the changed fields that children hold into changes of children.

        One record, or none where the customer is about to be created.

        :param change: `Change`, whose fields, vals and children are completed
        """
        touched = change.fields.keys()
        if touched & ADDRESS.keys():
            self._plan_xero_invoice_address(change)
        if touched & DELIVERY.keys():
            self._plan_xero_delivery(change)
        if "persons" in touched:
            self._plan_xero_persons(change)

    def _plan_xero_invoice_address(self, change):
        """The main address belongs to the invoice address, where there is one."""
        if not (self and (child := self._get_xero_address("invoice"))):
            return
        for name in ADDRESS_FIELDS.values():
            change.vals.pop(name, None)
        values = {**child._get_xero_address_data(), **_get_new(change, ADDRESS)}
        child._plan_xero_child(change, self._prepare_address_vals(values))

    def _plan_xero_delivery(self, change):
        child = self.browse()
        if self:
            child = self.child_ids.filtered(lambda c: c.type == "delivery").sorted("id")
            child = self._get_xero_address("delivery") or child[:1]
        values = dict.fromkeys(DELIVERY, "")
        if child:
            values = child._get_xero_address_data("delivery_")
        values.update(_get_new(change, DELIVERY))
        vals = self._prepare_address_vals(values, "delivery_")
        if not any(vals.values()):
            vals = {"active": False}
        elif not child:
            name = change.data.delivery_attention_to
            vals.update(type="delivery", name=name or False)
        if child or vals.get("active", True):
            child._plan_xero_child(change, vals)

    def _plan_xero_persons(self, change):
        """Person by person: who is new, who is another now, who is gone."""
        _old, target = change.fields["persons"]
        people = self._get_xero_people() if self else self.browse()
        current = [child._get_xero_person().values() for child in people]
        pairs = pair_persons(current, target)
        for place, child in enumerate(people):
            if place in pairs:
                vals = self._prepare_person_vals(current[place], pairs[place])
                child._plan_xero_child(change, vals)
            elif place < MAX_PERSONS:
                child._plan_xero_child(change, {"active": False})
        taken = {id(person) for person in pairs.values()}
        for person in target:
            if id(person) not in taken:
                vals = self._prepare_person_vals({}, person)
                self.browse()._plan_xero_child(change, {"type": "contact", **vals})

    def _plan_xero_child(self, change, vals):
        """Note what is to be written to a child, or a child that is to be made."""
        if self:
            current = self._convert_to_write({name: self[name] for name in vals})
            vals = {n: value for n, value in vals.items() if current[n] != value}
        if vals:
            change.children.append((self, vals))

    def _prepare_person_vals(self, old, new):
        names = {
            "name": "name",
            "email": "email",
            "include_in_emails": "xero_include_in_emails",
        }
        return {
            field: new[name] or False
            for name, field in names.items()
            if new[name] != old.get(name, "" if name != "include_in_emails" else False)
        }

    def _prepare_address_vals(self, values, prefix=""):
        """Return the values of an address.

        :param dict values: value by field of `ContactData`
        """
        values = {name: values[f"{prefix}{name}"] for name in ADDRESS_FIELDS}
        country, state = self.env["res.country"]._find_xero_place(
            values["country"], values["region"]
        )
        vals = {field: values[name] or False for name, field in ADDRESS_FIELDS.items()}
        return {**vals, "country_id": country[0], "state_id": state[0]}


def _get_new(change, names):
    return {name: change.fields[name][1] for name in names if name in change.fields}
