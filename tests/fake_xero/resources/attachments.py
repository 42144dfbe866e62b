"""Attachments of documents: raw bytes under a file name (facts file section 7)."""

import mimetypes
import re

from .. import wire
from ..answer import Answer
from ..errors import BadRequest, NotFound, NotImplementedByXero

MAX_SIZE = 10 * 1024 * 1024
MAX_COUNT = 10
FORBIDDEN = re.compile(r'[<>:"/\\|?*\x00+]')


class WithAttachments:
    """Mixin for resources that carry attachments."""

    def sub(self, ctx, method, record, parts):
        """Attachments, else what the base class has."""
        if parts[0].lower() != "attachments":
            return super().sub(ctx, method, record, parts)
        if len(parts) == 1:
            return self._list_attachments(ctx, method, record)
        if method == "GET":
            return self._download(ctx, record, parts[1])
        if method in ("PUT", "POST"):
            return self._upload(ctx, record, parts[1])
        raise NotImplementedByXero()

    def _attached(self, ctx, record):
        place = (self.name, record[self.id_field])
        return ctx.org.attachments.setdefault(place, {})

    def _attachments_answer(self, ctx, shown):
        payload = wire.envelope("Attachments", shown, ctx.xero.now)
        return Answer(payload=payload)

    def _list_attachments(self, ctx, method, record):
        if method != "GET":
            raise NotImplementedByXero()
        attached = self._attached(ctx, record)
        return self._attachments_answer(ctx, [entry[0] for entry in attached.values()])

    def _download(self, ctx, record, name):
        for meta, content in self._attached(ctx, record).values():
            if name in (meta["FileName"], meta["AttachmentID"]):
                return Answer(body=content, content_type=meta["MimeType"])
        raise NotFound()

    def _upload(self, ctx, record, name):
        attached = self._attached(ctx, record)
        if FORBIDDEN.search(name):
            raise BadRequest("The file name contains invalid characters", 10)
        if len(ctx.body) > MAX_SIZE:
            raise BadRequest("The file is larger than 10 MB", 10)
        if name not in attached and len(attached) >= MAX_COUNT:
            raise BadRequest("A document can have at most 10 attachments", 10)
        kind = ctx.headers.get("Content-Type") or ""
        if not kind or kind.startswith("application/octet-stream"):
            kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
        xero_id = record[self.id_field]
        meta = {
            "AttachmentID": wire.new_guid(),
            "FileName": name,
            "Url": f"{ctx.xero.base_url}/api.xro/2.0/{self.name}/{xero_id}"
            f"/Attachments/{name}",
            "MimeType": kind,
            "ContentLength": len(ctx.body),
            "IncludeOnline": ctx.flag("IncludeOnline"),
        }
        attached[name] = (meta, ctx.body)
        with ctx.org.transaction():
            store = self.store(ctx)
            store.put(
                {**record, "HasAttachments": True, "UpdatedDateUTC": ctx.org.stamp()}
            )
        ctx.org.note(self.name, xero_id, "Attached a file", f"Attached the file {name}")
        return self._attachments_answer(ctx, [meta])
