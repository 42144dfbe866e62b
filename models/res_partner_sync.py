from odoo import api, fields, models

from ..mapping.contact import ContactData
from ..mapping.contact_parts import DELIVERY
from ..mapping.merge_persons import merge_persons
from ..mapping.person import split_name
from .xero_change import Problem


class ResPartner(models.Model):
    """Partners and Xero contacts: what is which, and what is sent."""

    _name = "res.partner"
    _inherit = ["res.partner", "xero.two.way.mixin"]

    _xero_resource = "Contacts"
    _xero_data = ContactData
    _xero_fields = {
        "name": ("name",),
        "email": ("email",),
        "phone": ("phone",),
        "website": ("website",),
        "tax_number": ("vat",),
        "company_number": ("company_registry",),
        "account_number": ("ref",),
        "street": ("street",),
        "street2": ("street2",),
        "city": ("city",),
        "region": ("state_id",),
        "postal_code": ("zip",),
        "country": ("country_id",),
        "payment_terms": ("property_payment_term_id",),
        **dict.fromkeys(DELIVERY, ("child_ids",)),
        "persons": ("child_ids",),
        "archived": ("active",),
    }
    _xero_mergers = {"persons": merge_persons}
    _xero_read_only = ("website",)
    _xero_unique = ("name", "account_number")
    _xero_derived = ("first_name", "last_name", "contact_number")
    _xero_fix = "partner"

    def _get_xero_domain(self, connection):
        company = connection.company_id
        domain = fields.Domain("parent_id", "=", False)
        domain &= fields.Domain("company_id", "in", (False, company.id))
        domain &= fields.Domain("xero_do_not_sync", "=", False)
        domain &= fields.Domain("user_ids.share", "!=", False) | fields.Domain(
            "user_ids", "=", False
        )
        domain &= fields.Domain(
            "id", "not in", self.env["res.company"].sudo().search([]).partner_id.ids
        )
        return domain

    def _xero_owner(self):
        return self.commercial_partner_id

    def _xero_mark_created(self):
        """Customers go to Xero at once where the connection says so."""
        if self.env.context.get("xero_no_enqueue"):
            return
        connections = self.env["xero.connection"].sudo()
        for connection in connections.search(
            [("state", "=", "connected"), ("contact_push", "=", "at_once")]
        ):
            if connection.date_start and connection.date_start > fields.Date.today():
                continue
            wanted = self.sudo().filtered_domain(self._get_xero_domain(connection))
            if wanted:
                self.env["xero.link"].sudo()._ensure(connection, wanted)._wake_cron()

    def _get_xero_data(self):
        self.ensure_one()
        partner = self.with_context(lang="en_US")
        first, last = self._split_person_name()
        values = {
            "name": partner.name or "",
            "first_name": first,
            "last_name": last,
            "email": partner.email or "",
            "phone": partner.phone or "",
            "website": partner.website or "",
            "tax_number": partner.vat or "",
            "company_number": partner.company_registry or "",
            "account_number": partner.ref or "",
            "contact_number": self._get_xero_contact_number(),
            "payment_terms": self._get_xero_terms() or "",
            "archived": not partner.active,
        }
        values.update(partner._get_xero_address_data())
        values.update(partner._get_xero_children_data())
        return ContactData(**values)

    def _split_person_name(self):
        if self.is_company or not self.name:
            return "", ""
        return split_name(self.name)

    @api.model
    def _get_xero_number_prefix(self):
        """What our contact numbers start with: a copy of this database, or another one
        that is connected to the same organisation, must not take our contacts."""
        uuid = self.env["ir.config_parameter"].sudo().get_param("database.uuid") or ""
        return f"odoo-{uuid[:8]}-"

    def _get_xero_contact_number(self):
        return f"{self._get_xero_number_prefix()}{self.id}"

    def _prepare_xero_payload(self, connection=None, changed=None, data=None):
        """See `xero.sync.mixin`. A person's first and last name follow the name."""
        self.ensure_one()
        if changed and "name" in changed and not self.is_company:
            # A company's first and last name in Xero are its main person's.
            changed = changed | {"first_name", "last_name"}
        return (data or self._get_xero_data()).to_xero(changed)

    def _get_xero_problem(self, connection):
        refusals = self._get_xero_refusals(connection)
        if not refusals:
            return None
        return Problem(
            self.env._(
                "%(name)s cannot go to Xero: %(why)s",
                name=(self.name or "")[:60],
                why=" ".join(sentence for _field, sentence in refusals),
            ),
            self.env._("Correct the customer, then press Resync."),
            fix="partner",
            fix_id=self.id,
        )
