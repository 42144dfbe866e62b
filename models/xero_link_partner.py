from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from .xero_change import Problem


class XeroLink(models.Model):
    """Links of customers that were merged in Odoo, which Xero's API cannot merge."""

    _inherit = "xero.link"

    merged_into_id = fields.Many2one(
        "res.partner",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
        help="The customer into which this one was merged in Odoo, while Xero has two "
        "contacts still.",
    )

    def _get_partners(self):
        """Return whose the documents of linked contacts are.

        :return: id of the partner by Xero id, without partners that were deleted
        :rtype: dict
        """
        wanted = {link.xero_id: link.merged_into_id.id or link.res_id for link in self}
        known = self.env["res.partner"].browse(wanted.values()).exists()
        return {key: res_id for key, res_id in wanted.items() if res_id in known._ids}

    @api.model
    def _get_unlinked_sql(self, connection):
        """Return which rows of `res_partner p` have no contact in an organisation.

        Looked up row by row in the index, as a value: of a table that has just grown
        PostgreSQL believes that it is small, and would compare each customer with each
        link. For the same reason it must not see that it could look for the connection,
        which all links share, instead of the customer.

        :param connection: `xero.connection`, one record
        """
        return SQL(
            """(SELECT l.xero_id FROM xero_link l
                 WHERE l.connection_id + 0 = %s AND l.res_model = 'res.partner'
                   AND l.res_id = p.id AND l.xero_id IS NOT NULL
                 LIMIT 1) IS NULL""",
            connection.id,
        )

    @api.model
    def _merge_partners(self, sources, survivor):
        """Follow a merge of customers in Odoo, before the merged ones are deleted.

        The survivor keeps its contact, or gets one of the others'. What is left over is
        told: two contacts in Xero are one customer here.

        :param sources: `res.partner` that are about to be deleted
        :param survivor: `res.partner` that is left
        """
        links = self._of(sources | survivor)
        links._check_not_being_made()
        for mine in links.grouped("connection_id").values():
            left = mine._drop_unneeded()
            own = left.filtered(lambda link: link.res_id == survivor.id)
            keep = own or left[:1]
            for link in left - keep:
                link._tell_merged(survivor)
            if keep and not own:
                keep.res_id = survivor.id
            keep._mark_pending()
            keep._wake_cron()

    def _check_not_being_made(self):
        """A contact that Xero is just making has no id yet: without its link it would
        come back as a stranger.

        :raise UserError: which customer to wait for
        """
        making = self.filtered(
            lambda link: link.state == "sending" and not link.xero_id
        )
        if making:
            raise UserError(
                self.env._(
                    "%(names)s: just being sent to Xero, and the answer is not here "
                    "yet. Merge again in a few minutes.",
                    names=", ".join(making.mapped("record_name")),
                )
            )

    def _drop_unneeded(self):
        """Forget links that were never sent, where another was, and those of contacts
        that Xero has merged into another of these. Returns the rest."""
        sent = self.filtered("xero_id")
        ids = set(sent.mapped("xero_id"))
        merged = sent.filtered(
            lambda link: (link.base or {}).get("merged_into") in ids - {link.xero_id}
        )
        left = sent - merged or (self - sent)[:1]
        self.env["xero.log"]._resolve_for(merged)
        (self - left).unlink()
        return left

    def _tell_merged(self, survivor):
        self.ensure_one()
        problem = Problem(
            self.env._(
                "%(name)s was merged into %(survivor)s in Odoo. In Xero they are two "
                "contacts still.",
                name=self.record_name,
                survivor=survivor.display_name,
            ),
            self.env._(
                "Press Fix to open the contact in Xero, and merge it there into the "
                "other one: Odoo sees it with the next fetch."
            ),
            fix="xero_contact",
        )
        self.env["xero.log"]._add_problem(self, problem, operation="merge")
        self.write(
            {
                "merged_into_id": survivor.id,
                "state": "error",
                "error": problem.message,
            }
        )

    def _forget_merged(self):
        """The contact was merged in Xero as well: nothing is left to be done."""
        self.env["xero.log"]._resolve_for(self)
        self.write({"state": "synced", "error": False, "merged_into_id": False})
