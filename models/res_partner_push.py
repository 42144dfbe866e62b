from odoo import models

from ..mapping.person import MAX_PERSONS, describe_persons
from .xero_change import Problem, XeroProblem

# Parts of a contact in which Xero holds what Odoo cannot, see `ContactData.aside`.
WITH_ASIDE = ("Addresses", "ContactPersons", "PaymentTerms")


class ResPartner(models.Model):
    """What is sent with a customer beside its own fields, and what has to wait."""

    _inherit = "res.partner"

    def _has_to_be_read(self, connection, link):
        """Xero replaces all persons of a contact at once: who was added there since the
        last fetch must not be lost."""
        read = super()._has_to_be_read(connection, link)
        return read or self._has_new_persons(link)

    def _has_new_persons(self, link):
        """Whether the persons are others than those last agreed on. One record."""
        field_map = self._get_xero_map(link.connection_id)
        if self.xero_do_not_sync or "persons" in field_map.withheld:
            return False
        return self._get_xero_values()["persons"] != (link.base or {}).get("persons")

    def _plan_xero_push(self, connection, change):
        super()._plan_xero_push(connection, change)
        if not change.payload:
            return
        changed = set(change.fields)
        self._check_xero_archiving(connection, changed)
        if aside := (change.link.base or {}).get("aside"):
            self._keep_aside(change, changed, aside)
        if "persons" in changed:
            old, new = change.fields["persons"]
            change.fields["persons"] = describe_persons(old), describe_persons(new)
            self._note_left_out(change)

    def _keep_aside(self, change, changed, aside):
        """Send with a list what Xero alone knows of it: lists are replaced whole."""
        payload = change.data.to_xero(changed, aside)
        for name in WITH_ASIDE:
            if name in change.payload:
                change.payload[name] = payload[name]
        if self._get_xero_address("delivery"):
            aside = {k: v for k, v in aside.items() if k != "one_address"}
        change.base["aside"] = aside

    def _note_left_out(self, change):
        """Tell whom Xero has no room for, and whose e-mail it would refuse."""
        people = self._get_xero_people()
        if left_out := people[MAX_PERSONS:]:
            change.notes.append(
                self.env._(
                    "Xero keeps %(max)s persons for a contact: %(names)s stay in Odoo.",
                    max=MAX_PERSONS,
                    names=", ".join(left_out.mapped("name")),
                )
            )
        refused = people[:MAX_PERSONS].filtered(
            lambda child: child.email and not child._get_xero_person().email
        )
        if refused:
            change.notes.append(
                self.env._(
                    "Xero does not take the e-mail address of %(names)s: it stays in "
                    "Odoo.",
                    names=", ".join(refused.mapped("name")),
                )
            )

    def _check_xero_archiving(self, connection, changed):
        """Xero archives no contact that still owes or is owed something.

        :raise XeroProblem: which invoices are open
        """
        if "archived" not in changed or self.active:
            return
        invoices = self.env["xero.invoice"].search(
            [
                ("connection_id", "=", connection.id),
                ("commercial_partner_id", "=", self.commercial_partner_id.id),
                ("is_open", "=", True),
            ]
        )
        if not invoices:
            return
        numbers = [invoice.number or "-" for invoice in invoices[:5]]
        raise XeroProblem(
            Problem(
                self.env._(
                    "%(name)s was archived in Odoo, but has open invoices in Xero "
                    "(%(numbers)s): Xero archives nobody who has a balance.",
                    name=self.name,
                    numbers=", ".join(numbers),
                ),
                self.env._(
                    "Settle or void the invoices in Xero and press Resync, or restore "
                    "the customer in Odoo."
                ),
                fix="partner",
                fix_id=self.id,
            )
        )
