from odoo import models
from odoo.tools import SQL

from ..mapping.item import CODE_LIMIT, NAME_LIMIT

NAME_MAX = 255


class XeroAuditFinder(models.AbstractModel):
    """The queries of the data audit: each returns the ids of what it finds.

    One grouped statement for each check, whatever the number of records. As superuser
    in the connection's company; the lists are opened with a person's own rights.
    """

    _name = "xero.audit.finder"
    _description = "Queries of the Data Audit"

    # === CUSTOMERS === #

    def _find_same_tax_number(self, audit):
        return self._find_alike_partners(
            audit, SQL("upper(regexp_replace(vat, '[^A-Za-z0-9]', '', 'g'))")
        )

    def _find_same_email(self, audit):
        return self._find_alike_partners(
            audit, SQL("lower(COALESCE(email_normalized, btrim(email)))")
        )

    def _find_same_name(self, audit):
        return self._find_alike_partners(
            audit,
            SQL("btrim(regexp_replace(lower(name), '[^[:alnum:]]+', ' ', 'g'))"),
        )

    def _find_same_phone(self, audit):
        """At least six digits: extensions and placeholders are no numbers."""
        digits = SQL(
            "substring(regexp_replace(COALESCE(phone_sanitized, phone), '[^0-9]', '', "
            "'g') FROM '^.{6,}$')"
        )
        return self._find_alike_partners(audit, digits)

    def _find_no_email(self, audit):
        return self._find_partners(audit, SQL("COALESCE(btrim(email), '') = ''"))

    def _find_no_address(self, audit):
        return self._find_partners(
            audit,
            SQL(
                "COALESCE(btrim(street), '') = '' OR COALESCE(btrim(city), '') = '' "
                "OR country_id IS NULL"
            ),
        )

    def _find_bad_name(self, audit):
        return self._find_partners(
            audit,
            SQL(
                "COALESCE(btrim(name), '') = '' OR char_length(name) > %s "
                "OR name ~ '[<>]'",
                NAME_MAX,
            ),
        )

    def _find_partners(self, audit, condition):
        return SQL(
            "SELECT id FROM res_partner WHERE id IN %s AND (%s)",
            self._get_scope(audit, "res.partner"),
            condition,
        )

    def _find_alike_partners(self, audit, key):
        return self._find_alike(audit, "res.partner", key)

    # === PRODUCTS === #

    def _find_no_code(self, audit):
        return self._find_products(audit, SQL("COALESCE(default_code, '') = ''"))

    def _find_same_code(self, audit):
        return self._find_alike(audit, "product.product", SQL("default_code"))

    def _find_long_code(self, audit):
        return self._find_products(
            audit, SQL("char_length(default_code) > %s", CODE_LIMIT)
        )

    def _find_long_product_name(self, audit):
        """Of a variant, with the values that tell it from its sisters: "Desk (Steel)".

        Values of attributes that have no other are no part of the name.
        """
        return SQL(
            """
            SELECT product.id
              FROM product_product product
              JOIN product_template template ON template.id = product.product_tmpl_id
              LEFT JOIN LATERAL (
                   SELECT sum(char_length(value.name->>'en_US') + 2) + 1 AS length
                     FROM product_variant_combination combination
                     JOIN product_template_attribute_value line_value
                       ON line_value.id =
                          combination.product_template_attribute_value_id
                     JOIN product_template_attribute_line line
                       ON line.id = line_value.attribute_line_id
                      AND line.value_count > 1
                     JOIN product_attribute_value value
                       ON value.id = line_value.product_attribute_value_id
                    WHERE combination.product_product_id = product.id
                   ) AS variant ON TRUE
             WHERE product.id IN %s
               AND char_length(template.name->>'en_US')
                   + COALESCE(variant.length, 0) > %s""",
            self._get_scope(audit, "product.product"),
            NAME_LIMIT,
        )

    def _find_other_currency(self, audit):
        """See `product.product._has_xero_currency`."""
        base = audit.connection_id.base_currency_id
        companies = self.env["res.company"].search([("currency_id", "!=", base.id)])
        main = self.env["res.company"]._get_main_company()
        return SQL(
            """
            SELECT product.id
              FROM product_product product
              JOIN product_template template ON template.id = product.product_tmpl_id
             WHERE product.id IN %s AND %s
               AND COALESCE(template.company_id, %s) = ANY(%s)""",
            self._get_scope(audit, "product.product"),
            bool(base),
            main.id,
            companies.ids,
        )

    def _find_no_account(self, audit):
        """Only while the connection has no default account."""
        has_default = bool(audit.connection_id.default_account_id)
        company = str(audit.company_id.id)
        categories = self.env["product.category"]
        categories = categories._get_with_xero_account(audit.connection_id)
        return self._find_products(
            audit,
            SQL(
                "NOT %s AND COALESCE(xero_account_id->>%s, '') IN ('', 'false')"
                " AND NOT product_tmpl_id IN (SELECT id FROM product_template"
                " WHERE categ_id = ANY(%s))",
                has_default,
                company,
                categories.ids,
            ),
        )

    def _find_products(self, audit, condition):
        return SQL(
            "SELECT id FROM product_product WHERE id IN %s AND (%s)",
            self._get_scope(audit, "product.product"),
            condition,
        )

    # === XERO === #

    def _find_xero_same_tax_number(self, audit):
        return self._find_contacts(audit, "xero_same_tax_number")

    def _find_xero_same_email(self, audit):
        return self._find_contacts(audit, "xero_same_email")

    def _find_xero_same_name(self, audit):
        return self._find_contacts(audit, "xero_same_name")

    def _find_xero_no_email(self, audit):
        return self._find_contacts(audit, "xero_no_email")

    def _find_contacts(self, audit, kind):
        return SQL(
            "SELECT id, key FROM xero_audit_contact WHERE audit_id = %s AND kind = %s",
            audit.id,
            kind,
        )

    # === MAPPING AND SYNC === #

    def _find_unmapped_taxes(self, audit):
        taxes = audit.connection_id._get_unmapped_taxes()
        return SQL("SELECT unnest(%s::int[]) AS id", taxes.ids)

    def _find_conflicts(self, audit):
        return SQL(
            "SELECT id FROM xero_conflict WHERE connection_id = %s AND state = 'open'",
            audit.connection_id.id,
        )

    def _find_failing(self, audit):
        return self._find_links(audit, "error")

    def _find_links(self, audit, state):
        return SQL(
            "SELECT id FROM xero_link WHERE connection_id = %s AND state = %s",
            audit.connection_id.id,
            state,
        )

    def _find_waiting_matches(self, audit):
        return SQL(
            "SELECT id FROM xero_match WHERE connection_id = %s "
            "AND state = 'waiting' AND decision IS NULL",
            audit.connection_id.id,
        )

    # === SCOPE === #

    def _get_scope(self, audit, model_name):
        """Return the ids of the records that may go to Xero, as a subselect."""
        model = self.env[model_name]
        domain = model._get_xero_audit_domain(audit.connection_id)
        return model._search(domain).subselect()

    def _find_alike(self, audit, model_name, key):
        return SQL(
            """
            SELECT id, key
              FROM (SELECT id, key, count(*) OVER (PARTITION BY key) AS alike
                      FROM (SELECT id, %(key)s AS key
                              FROM %(table)s WHERE id IN %(scope)s) AS keyed
                     WHERE key <> '') AS counted
             WHERE alike > 1""",
            key=key,
            table=SQL.identifier(self.env[model_name]._table),
            scope=self._get_scope(audit, model_name),
        )
