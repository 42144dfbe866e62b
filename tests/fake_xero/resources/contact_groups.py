"""Contact groups: PUT, rename or delete by POST, members by PUT and DELETE."""

from .. import wire
from ..answer import Answer
from ..errors import BadRequest, NotFound, NotImplementedByXero, Refused
from . import contact_use
from .base import Resource
from .rules import known_guid


class ContactGroups(Resource):
    """Groups; the members are ids in ``_members`` and never go out raw."""

    name = "ContactGroups"
    store_name = "contact_groups"
    id_field = "ContactGroupID"
    error_flag = "HasValidationErrors"
    has_status_attribute = False
    fields = {"Name", "Status", "ContactGroupID"}

    def filter_rows(self, ctx, rows):
        """Deleted groups are not listed."""
        return [row for row in rows if row["Status"] == "ACTIVE"]

    def view(self, ctx, record, detail):
        """Members only on a single get."""
        members = record["_members"] if detail == "full" else ()
        shown = {k: v for k, v in record.items() if k != "_members"}
        shown["Contacts"] = [contact_use.stub(ctx, xero_id) for xero_id in members]
        shown["HasValidationErrors"] = False
        return shown

    def save(self, ctx, payload, create_only=False):
        """Create, rename or delete a group."""
        org = ctx.org
        xero_id = known_guid(payload, "ContactGroupID")
        known = None if create_only else org.contact_groups.get(xero_id or "")
        name = payload.get("Name") or (known or {}).get("Name")
        if not name:
            raise Refused("A contact group must have a Name")
        for group in org.contact_groups.values():
            same = group["Name"].casefold() == name.casefold()
            if same and group["Status"] == "ACTIVE" and group is not known:
                raise Refused(f"A contact group named {name} already exists")
        record = {
            "ContactGroupID": wire.new_guid(),
            "Status": "ACTIVE",
            "_members": [],
            **(known or {}),
            "Name": name,
        }
        if payload.get("Status") in ("ACTIVE", "DELETED"):
            record["Status"] = payload["Status"]
        return org.contact_groups.put(record)

    def sub(self, ctx, method, record, parts):
        """/Contacts of a group."""
        if parts[0].lower() != "contacts":
            raise NotFound()
        if method == "PUT" and len(parts) == 1:
            return self._add_members(ctx, record)
        if method == "DELETE":
            return self._remove_members(ctx, record, parts[1:])
        raise NotImplementedByXero()

    def _add_members(self, ctx, record):
        members = list(record["_members"])
        for element in ctx.elements("Contacts"):
            xero_id = known_guid(element, "ContactID")
            if xero_id not in ctx.org.contacts:
                raise BadRequest("The contact could not be found", 10)
            if xero_id not in members:
                members.append(xero_id)
        self._set_members(ctx, record, members)
        shown = [contact_use.stub(ctx, xero_id) for xero_id in members]
        return Answer(payload=wire.envelope("Contacts", shown, ctx.xero.now))

    def _remove_members(self, ctx, record, parts):
        if parts and parts[0].lower() not in record["_members"]:
            raise NotFound()
        gone = set(parts[:1]) or set(record["_members"])
        gone = {xero_id.lower() for xero_id in gone}
        self._set_members(ctx, record, [m for m in record["_members"] if m not in gone])
        return Answer(204, content_type="")

    def _set_members(self, ctx, record, members):
        with ctx.org.transaction():
            ctx.org.contact_groups.put({**record, "_members": members})
