from odoo import api, fields, models
from odoo.exceptions import AccessError

from ..mapping.contact_group import ContactGroupData
from ..mapping.values import normalise_name


class XeroContactGroup(models.Model):
    """A group of contacts in Xero, and the tag that stands for it in Odoo.

    Nothing is synced until a tag is chosen. Then customers who get the tag join the
    group, and the other way round; who was in it before on either side stays.
    """

    _name = "xero.contact.group"
    _inherit = "xero.reference.mixin"
    _description = "Xero Contact Group"
    _order = "name, id"
    _xero_data = ContactGroupData

    category_id = fields.Many2one(
        "res.partner.category",
        "Tag",
        index="btree_not_null",
        ondelete="set null",
        help="Customers with this tag are in the group, and the other way round. "
        "Without a tag the group is left alone.",
    )
    proposed_category_id = fields.Many2one(
        "res.partner.category",
        "Proposed Tag",
        compute="_compute_proposed_category_id",
        help="The tag of the same name, which is not used for another group yet.",
    )
    # What Xero had last, as far as it is known here: the base of the merge.
    member_ids = fields.Many2many(
        "xero.link",
        "xero_contact_group_member",
        "group_id",
        "link_id",
        readonly=True,
        copy=False,
        groups="xero_crm.group_xero_accountant",
    )
    # Whom Xero did not take into the group; asked again with the next fetch.
    refused_ids = fields.Many2many(
        "xero.link",
        "xero_contact_group_refused",
        "group_id",
        "link_id",
        readonly=True,
        copy=False,
        groups="xero_crm.group_xero_accountant",
    )
    member_count = fields.Integer(
        "Customers", compute="_compute_member_count", compute_sudo=True
    )

    _category_uniq = models.UniqueIndex(
        "(connection_id, category_id) WHERE category_id IS NOT NULL",
        "This tag stands for another group of the organisation already.",
    )

    # === COMPUTE METHODS === #

    @api.depends("name", "category_id")
    def _compute_proposed_category_id(self):
        tags = self.env["res.partner.category"].search([])
        by_name = {normalise_name(tag.name): tag for tag in tags}
        taken = {
            (group.connection_id, group.category_id)
            for group in self.connection_id.contact_group_ids
        }
        for group in self:
            tag = by_name.get(normalise_name(group.name), tags.browse())
            free = not group.category_id and (group.connection_id, tag) not in taken
            group.proposed_category_id = free and tag

    @api.depends("member_ids")
    def _compute_member_count(self):
        for group in self:
            group.member_count = len(group.member_ids)

    # === CHOOSING TAGS === #

    def write(self, vals):
        if not self.env.su and set(vals) - {"category_id"}:
            raise AccessError(self.env._("Only the tag of a group can be changed."))
        changed = self.browse()
        if "category_id" in vals:
            changed = self.filtered(lambda g: g.category_id.id != vals["category_id"])
        result = super().write(vals)
        changed._start_anew()
        return result

    def _start_anew(self):
        """Another tag begins with nobody agreed on, so that nobody is removed; and its
        members are fetched at once."""
        if not self:
            return
        groups = self.sudo()
        groups.write({"member_ids": [fields.Command.clear()]})
        for connection in groups.filtered("category_id").connection_id:
            self.env["xero.sync.cursor"].sudo()._reset(connection, ["ContactGroups"])
            self.env.ref("xero_crm.ir_cron_xero_pull").sudo()._trigger()

    def action_accept_proposal(self):
        """Use the tag of the same name."""
        self.check_access("write")
        for group in self.filtered("proposed_category_id"):
            group.category_id = group.proposed_category_id
        return True

    def action_create_tag(self):
        """Make a tag of the group's name, and use it."""
        self.check_access("write")
        # By the right to choose tags: accountants may not edit tags otherwise.
        tags = self.env["res.partner.category"].sudo()
        for group in self.filtered(lambda g: not g.category_id):
            tag = group.proposed_category_id or tags.create({"name": group.name})
            group.category_id = tag.id
        return True
