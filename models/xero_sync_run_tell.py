from odoo import SUPERUSER_ID, models


class XeroSyncRun(models.Model):
    """Who started a run follows it, and is told once how it ended."""

    _inherit = "xero.sync.run"

    def _notify(self):
        """Let the open form of the person who started the run follow."""
        self.create_uid._bus_send("xero_crm.run", {"id": self.id, "state": self.state})

    def _tell(self):
        """Tell the person who started the run that it ended: on the screen, wherever
        they are in Odoo; and by a message where they have left."""
        self.ensure_one()
        in_request = self.env.context.get("xero_run_in_request")
        if self.is_told or in_request or self.create_uid.id == SUPERUSER_ID:
            return
        self.is_told = True
        run = self.with_context(lang=self.create_uid.lang or self.env.lang)
        subject, text = run._get_subject(), run._get_summary()
        self.create_uid._bus_send(
            "xero_crm.run_end",
            {
                "id": self.id,
                "kind": self.kind,
                "title": subject,
                "message": text,
                "type": "success" if self.state == "done" else "warning",
            },
        )
        if self._has_left():
            self.env["mail.thread"].message_notify(
                partner_ids=self.create_uid.partner_id.ids,
                subject=subject,
                body=text,
                model=self._name,
                res_id=self.id,
            )

    def _has_left(self):
        """Whether the person who started the run is not in front of Odoo now."""
        return "online" not in self.create_uid.sudo().presence_ids.mapped("status")

    def _get_subject(self):
        texts = {
            "done": self.env._("%(name)s is done", name=self.name),
            "failed": self.env._("%(name)s stopped", name=self.name),
            "cancelled": self.env._("%(name)s was cancelled", name=self.name),
        }
        return texts[self.state]

    def _get_summary(self):
        """Return in a sentence or two how the run ended."""
        if self.kind != "sync":
            return self.message or self.env._(
                "%(count)s records were looked at, nothing was changed.",
                count=self.records_done,
            )
        counts = [
            (self.created_count, self.env._("created")),
            (self.linked_count, self.env._("matched")),
            (self.updated_count, self.env._("updated")),
            (self.unchanged_count, self.env._("unchanged")),
            (self.sent_count, self.env._("sent to Xero")),
        ]
        done = ", ".join(f"{count} {word}" for count, word in counts if count)
        problems = self.held_count + self.conflict_count + self.failed_count
        sentences = [f"{done}." if done else self.env._("Nothing was to be done.")]
        if problems:
            sentences.append(self.env._("%(count)s need a look.", count=problems))
        if self.message:
            sentences.append(self.message)
        return " ".join(sentences)
