import dataclasses

from odoo import api, fields, models
from odoo.tools import SQL

from ..mapping.contact import ContactData
from ..mapping.matching import Candidate, Matcher
from ..mapping.values import normalise_name
from ..xero_api import XeroNotFoundError, where_equals
from .xero_change import Problem

# So many unknown customers are looked up one by one; beyond, all contacts are fetched.
LOOK_UP_LIMIT = 5


class ResPartner(models.Model):
    """Partners and Xero contacts: what is which, and who is whom."""

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
        "archived": ("active",),
    }
    _xero_read_only = ("website",)
    _xero_fix = "partner"

    # === WHAT IS SENT === #

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
        return ContactData(
            name=partner.name or "",
            first_name=first,
            last_name=last,
            email=partner.email or "",
            phone=partner.phone or "",
            website=partner.website or "",
            tax_number=partner.vat or "",
            company_number=partner.company_registry or "",
            account_number=partner.ref or "",
            contact_number=self._get_xero_contact_number(),
            street=partner.street or "",
            street2=partner.street2 or "",
            city=partner.city or "",
            region=partner.state_id.name or "",
            postal_code=partner.zip or "",
            country=partner.country_id.name or "",
            archived=not partner.active,
        )

    def _split_person_name(self):
        if self.is_company or not self.name:
            return "", ""
        first, _space, last = self.name.strip().partition(" ")
        return (first, last.strip()) if last else ("", "")

    @api.model
    def _get_xero_number_prefix(self):
        """What our contact numbers start with: a copy of this database, or another one
        that is connected to the same organisation, must not take our contacts."""
        uuid = self.env["ir.config_parameter"].sudo().get_param("database.uuid") or ""
        return f"odoo-{uuid[:8]}-"

    def _get_xero_contact_number(self):
        return f"{self._get_xero_number_prefix()}{self.id}"

    def _prepare_xero_payload(self, connection=None, changed=None):
        """See `xero.sync.mixin`. A person's first and last name follow the name."""
        self.ensure_one()
        if changed and "name" in changed:
            changed = changed | {"first_name", "last_name"}
        return self._get_xero_data().to_xero(changed)

    def _get_xero_problem(self, connection):
        problems = self._get_xero_data().problems()
        if not problems:
            return None
        return Problem(
            self.env._(
                "%(name)s cannot go to Xero: %(why)s",
                name=(self.name or "")[:60],
                why=" ".join(sentence for _field, sentence in problems),
            ),
            self.env._("Correct the customer, then press Resync."),
            fix="partner",
            fix_id=self.id,
        )

    # === WHAT ARRIVES === #

    @api.model
    def _canonical(self, data):
        """Countries and states as Odoo calls them; unknown ones count as not given."""
        countries = self.env["res.country"]
        country_id, country = countries._get_xero_countries().get(
            normalise_name(data.country), (False, "")
        )
        state = countries._get_xero_states().get(
            (country_id, normalise_name(data.region)), (False, "")
        )
        if (country, state[1]) == (data.country, data.region):
            return data
        return dataclasses.replace(data, country=country, region=state[1])

    def _prepare_vals_from_xero(self, payload):
        """See `xero.sync.mixin`."""
        data = payload
        countries = self.env["res.country"]
        country_id = countries._get_xero_countries().get(
            normalise_name(data.country), (False, "")
        )[0]
        state = countries._get_xero_states().get(
            (country_id, normalise_name(data.region)), (False, "")
        )
        person = f"{data.first_name} {data.last_name}".strip()
        return {
            "name": data.name,
            "is_company": normalise_name(person) != normalise_name(data.name),
            "email": data.email or False,
            "phone": data.phone or False,
            "website": data.website or False,
            "vat": data.tax_number or False,
            "company_registry": data.company_number or False,
            "ref": data.account_number or False,
            "street": data.street or False,
            "street2": data.street2 or False,
            "city": data.city or False,
            "state_id": state[0],
            "zip": data.postal_code or False,
            "country_id": country_id,
            "active": not data.archived,
        }

    def _filter_vals(self, vals, data_fields):
        # Xero has no flag for persons: what Odoo says of a known partner stays.
        vals.pop("is_company", None)
        return super()._filter_vals(vals, data_fields)

    def _is_wanted_from_xero(self, data):
        return not data.archived and not data.merged_into

    # === WHO IS WHOM === #

    def _match_xero(self, connection, datas):
        matcher = Matcher(
            self._get_xero_candidates(connection, datas),
            self._get_xero_number_prefix(),
        )
        matches = matcher.match_all(datas)
        return {data.xero_id: match for data, match in zip(datas, matches, strict=True)}

    def _get_xero_candidates(self, connection, datas):
        """Return partners without a contact that may be one of a page, in one query.

        :param datas: `ContactData` of one page
        :rtype: list of Candidate
        """
        if not datas:
            return []
        prefix = self._get_xero_number_prefix()
        ids = [
            int(number)
            for data in datas
            if data.contact_number.startswith(prefix)
            and (number := data.contact_number[len(prefix) :]).isdecimal()
        ]
        self.env["res.partner"].flush_model()
        rows = self.env.execute_query(
            SQL(
                """
        SELECT id, ref, vat, COALESCE(email_normalized, email), name
          FROM res_partner partner
         WHERE parent_id IS NULL AND active
           AND (company_id IS NULL OR company_id = %(company)s)
           AND xero_do_not_sync IS NOT TRUE
           AND (id = ANY(%(ids)s)
                OR ref = ANY(%(refs)s)
                OR regexp_replace(upper(vat), '[^A-Z0-9]', '', 'g') = ANY(%(vats)s)
                OR lower(COALESCE(email_normalized, email)) = ANY(%(emails)s)
                OR lower(regexp_replace(btrim(name), '\\s+', ' ', 'g'))
                   = ANY(%(names)s))
           AND NOT EXISTS (
               SELECT FROM xero_link
                WHERE connection_id = %(connection)s AND xero_id IS NOT NULL
                  AND res_model = 'res.partner' AND res_id = partner.id)
         ORDER BY id""",
                company=connection.company_id.id,
                connection=connection.id,
                ids=ids,
                refs=[data.account_number for data in datas if data.account_number],
                vats=[
                    "".join(c for c in data.tax_number.upper() if c.isalnum())
                    for data in datas
                    if data.tax_number
                ],
                emails=[data.email.lower() for data in datas if data.email],
                names=[" ".join(data.name.lower().split()) for data in datas],
            )
        )
        return [
            Candidate(
                id=res_id,
                contact_number=f"{prefix}{res_id}",
                account_number=ref or "",
                tax_number=vat or "",
                email=email or "",
                name=name or "",
            )
            for res_id, ref, vat, email, name in rows
        ]

    def _before_xero_push(self, connection, links):
        """Unknown customers may be in Xero already: bring the contacts up to date, or,
        where they were never fetched, look the few up."""
        unknown = links.filtered(lambda link: not link.xero_id)
        if not unknown:
            return None
        cursor = connection._get_cursor("Contacts")
        if cursor.is_complete or len(unknown) > LOOK_UP_LIMIT:
            self.env["xero.pull"]._pull(connection, ["Contacts"])
            return None
        return super()._before_xero_push(connection, links)

    def _find_in_xero(self, connection, link):
        """Ask for our own contact number, then the e-mail, then the name."""
        gateway = self.env["xero.gateway"]
        try:
            return gateway._call(
                connection, "get_one", "Contacts", self._get_xero_contact_number()
            )
        except XeroNotFoundError:
            found = self._search_in_xero(connection)
        return found

    def _search_in_xero(self, connection):
        data = self._get_xero_data()
        for field, value in (("EmailAddress", data.email), ("Name", data.name)):
            if not value or '"' in value:
                continue  # Xero's filter has no escape for a quote
            page = self.env["xero.gateway"]._call(
                connection, "get_page", "Contacts", where=where_equals(field, value)
            )
            free = self._get_free_payloads(connection, page.items)
            if len(free) == 1:
                return free[0]
        return None

    def _get_free_payloads(self, connection, payloads):
        taken = self.env["xero.link"]._find(
            connection, "Contacts", [payload["ContactID"] for payload in payloads]
        )
        return [payload for payload in payloads if payload["ContactID"] not in taken]

    # === BUTTONS === #

    def _queue_xero_push(self):
        """Put these customers into the outbox of their companies' connections.

        :return: `xero.link`
        :raise UserError: if no organisation is connected
        """
        links = self.env["xero.link"].sudo()
        for partner in self._xero_owner():
            company = partner.company_id or self.env.company
            connection = self.env["xero.connection"]._get_for_company(company)
            connection._check_can_send()
            links |= links._ensure(connection, partner)
        links._mark_pending()
        return links

    def _pull_from_xero(self):
        links = self.env["xero.link"].sudo()._of(self).filtered("xero_id")
        pull = self.env["xero.pull"].sudo()
        for connection, mine in links.grouped("connection_id").items():
            connection._check_connected()
            ids = mine.mapped("xero_id")
            pull._pull_records_or_explain(connection, "Contacts", ids)
            pull._pull_invoices_of(connection, ids)
        return True
