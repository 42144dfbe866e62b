from collections import defaultdict

from odoo import api, fields, models

from ..mapping.values import (
    normalise_email,
    normalise_name,
    normalise_tax_number,
)


class XeroAuditContact(models.Model):
    """A contact of Xero that the last audit found: one row for each check."""

    _name = "xero.audit.contact"
    _inherit = "xero.bulk.mixin"
    _description = "Contact That the Audit Found in Xero"
    _order = "kind, key, name, id"

    audit_id = fields.Many2one(
        "xero.audit", required=True, ondelete="cascade", index=True, readonly=True
    )
    company_id = fields.Many2one(related="audit_id.company_id", store=True)
    kind = fields.Selection(
        [
            ("xero_same_tax_number", "Same Tax Number"),
            ("xero_same_email", "Same Email"),
            ("xero_same_name", "Alike Names"),
            ("xero_no_email", "Without Email"),
        ],
        required=True,
        readonly=True,
    )
    key = fields.Char("Alike", readonly=True)
    xero_id = fields.Char("Xero ID", readonly=True)
    name = fields.Char(readonly=True)
    email = fields.Char(readonly=True)
    tax_number = fields.Char(readonly=True)
    phone = fields.Char(readonly=True)
    xero_url = fields.Char(compute="_compute_xero_url")
    partner_id = fields.Many2one(
        "res.partner", "Customer in Odoo", compute="_compute_partner_id"
    )
    xero_audit_check_id = fields.Many2one(
        "xero.audit.check",
        compute="_compute_xero_audit_check_id",
        search="_search_xero_audit_check_id",
    )

    def _compute_xero_url(self):
        for contact in self:
            contact.xero_url = contact.audit_id.connection_id._get_web_url(
                f"/Contacts/View/{contact.xero_id}"
            )

    def _compute_partner_id(self):
        partners = self.env["res.partner"]
        for audit, contacts in self.grouped("audit_id").items():
            links = self.env["xero.link"]._find(
                audit.connection_id, "Contacts", contacts.mapped("xero_id")
            )
            ids = {xero_id: link.res_id for xero_id, link in links.items()}
            seen = partners.search([("id", "in", list(ids.values()))])
            for contact in contacts:
                contact.partner_id = seen & partners.browse(ids.get(contact.xero_id))

    def _compute_xero_audit_check_id(self):
        self.xero_audit_check_id = False

    @api.model
    def _search_xero_audit_check_id(self, operator, value):
        return self.env["xero.audit.check"]._search_found(operator, value)

    def action_open_in_xero(self):
        self.ensure_one()
        return {"type": "ir.actions.act_url", "url": self.xero_url, "target": "new"}

    # === FETCH === #

    @api.model
    def _iter_pages(self, connection):
        """Fetch the contacts of an organisation, a thousand a call.

        :param connection: `xero.connection`, one record
        :return: pairs of the `Page` and a list of dataclasses: the active contacts
        :raise XeroError: if Xero does not answer
        """
        pull = self.env["xero.pull"].sudo()
        model = pull._get_model(connection, "Contacts")
        for page in pull._iter_pages(connection, "Contacts"):
            # Unreadable ones are reported by the sync itself.
            _refused, found = pull._read_payloads(model, page.items)
            yield page, [data for data in found if not data.archived]

    @api.model
    def _keep(self, audit, datas):
        """Keep those that are found, in place of those of the last audit.

        :param audit: `xero.audit`, one record
        :param list datas: `ContactData` of all active contacts
        """
        connection = audit.connection_id
        self.search([("audit_id", "=", audit.id)]).unlink()
        rows = [
            {
                "audit_id": audit.id,
                "company_id": connection.company_id.id,
                "kind": kind,
                "key": key,
                "xero_id": data.xero_id,
                "name": data.name,
                "email": data.email,
                "tax_number": data.tax_number,
                "phone": data.phone,
            }
            for kind, key, data in self._find_all(datas)
        ]
        self._insert(rows)
        self.invalidate_model()

    def _find_all(self, datas):
        """Yield kind, key and dataclass of all that is worth a look."""
        for kind, field, normalise in (
            ("xero_same_tax_number", "tax_number", normalise_tax_number),
            ("xero_same_email", "email", normalise_email),
            ("xero_same_name", "name", self._get_bare_name),
        ):
            alike = defaultdict(list)
            for data in datas:
                if key := normalise(getattr(data, field)):
                    alike[key].append(data)
            for key, mine in alike.items():
                if len(mine) > 1:
                    yield from ((kind, key, data) for data in mine)
        for data in datas:
            if not data.email:
                yield "xero_no_email", "", data

    def _get_bare_name(self, name):
        """Letters and digits alone, as `xero.audit.finder` compares names."""
        words = "".join(c if c.isalnum() else " " for c in normalise_name(name))
        return " ".join(words.split())
