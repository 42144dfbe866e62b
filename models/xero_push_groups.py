import uuid

from odoo import models
from odoo.tools import split_every

from ..const import BATCH_SIZE
from ..xero_api import XeroError, XeroNotFoundError, XeroValidationError
from .xero_change import Problem

# So many members are taken out in one run: each costs a call of the day's budget.
MAX_REMOVALS = 30


class XeroPush(models.AbstractModel):
    """Tags to Xero: who joins a contact group, and who leaves it."""

    _inherit = "xero.push"

    def _get_due_resources(self, connection, among):
        due = super()._get_due_resources(connection, among)
        # A changed tag alone is in no outbox.
        return due if among is not None else due | {"Contacts"}

    def _push_resource(self, connection, resource, among, step=None):
        done = super()._push_resource(connection, resource, among, step)
        if done and resource == "Contacts" and among is None:
            self._push_groups(connection)
        return done

    def _push_groups(self, connection):
        """Bring Xero's groups up to the tags: a call for fifty who join, one for each
        who leaves. Both may be repeated without harm, so that nothing has to be
        remembered before the call."""
        differences = self.env["xero.contact.group"]._get_differences(connection)
        budget, failed = MAX_REMOVALS, False
        for group, (added, removed) in differences.items():
            now = removed[:budget]
            budget -= len(now)
            try:
                for links in split_every(BATCH_SIZE, added.ids, added.browse):
                    self._add_to_group(connection, group, links)
                for link in now:
                    self._remove_from_group(connection, group, link)
            except (XeroNotFoundError, XeroValidationError):
                # Told already; no reason to keep other groups and lists waiting.
                failed = True
            if len(removed) > len(now):
                self.env["xero.link"]._wake_cron()
        if differences and not failed:
            self._settle_groups(connection)

    def _settle_groups(self, connection):
        """What had failed has worked now."""
        cursor = connection._get_cursor("ContactGroups")
        if cursor.error:
            cursor.error = False
            self.env["xero.log"]._resolve_fetch(connection, "ContactGroups")
            self._commit()

    def _add_to_group(self, connection, group, links):
        """Put contacts into a group; when Xero refuses them, halve them until the bad
        one is alone."""
        try:
            self._call_group(
                connection,
                "add_to_group",
                group.xero_key,
                links.mapped("xero_id"),
                idempotency_key=uuid.uuid4().hex,
            )
        except XeroValidationError as error:
            if len(links) > 1:
                middle = len(links) // 2
                self._add_to_group(connection, group, links[:middle])
                self._add_to_group(connection, group, links[middle:])
                return
            self._refuse_member(group, links, error)
            return
        group.member_ids |= links
        group._log_tags(links, "push", links.ids)
        self._commit()

    def _remove_from_group(self, connection, group, link):
        """Take a contact out of a group. Xero's API takes out one contact a call, or
        else all of them at once, among which may be some that Odoo does not know."""
        self._call_group(connection, "remove_from_group", group.xero_key, link.xero_id)
        group.member_ids -= link
        group._log_tags(link, "push", ())
        self._commit()

    def _call_group(self, connection, method, *args, **kwargs):
        """Call Xero; what fails as a whole is told, and tried again next time."""
        logs = self.env["xero.log"]
        try:
            self.env["xero.gateway"]._call(connection, method, *args, **kwargs)
        except XeroError as error:
            if method == "add_to_group" and isinstance(error, XeroValidationError):
                raise  # may be the fault of a single member
            cause = logs._explain(error)
            logs._add_pull_failure(connection, "ContactGroups", cause)
            cursor = connection._get_cursor("ContactGroups")
            cursor.error = cause.message
            if isinstance(error, XeroNotFoundError):
                # The group is gone: nobody is to be sent to it again and again.
                cursor.last_run = False
            self._commit()
            raise

    def _refuse_member(self, group, link, error):
        problem = Problem(
            self.env._(
                "Xero did not take %(name)s into the group %(group)s: %(why)s",
                name=link.record_name,
                group=group.name,
                why="; ".join(error.messages) or error,
            ),
            self.env._(
                "Look at the contact in Xero. It is tried again with the next fetch of "
                "the groups."
            ),
            fix="xero_contact",
        )
        group.refused_ids |= link
        self.env["xero.log"]._add_problem(link, problem, operation="group")
        self._commit()
