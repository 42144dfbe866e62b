from odoo import models
from odoo.tools.mail import generate_tracking_message_id

# Field whose group decides who sees what the chatter tells of money.
SECRET_FIELD = "xero_payment_status"


class XeroAlert(models.Model):
    """Notes in the chatter of many records at once."""

    _inherit = "xero.alert"

    def _log(self, rows):
        """Write notes into the chatters of records, all in one create.

        :param list rows: (record, text or Markup that all may read, text that only who
            may see the payment status may read, or None)
        """
        if not rows:
            return
        note = self.env["ir.model.data"]._xmlid_to_res_id("mail.mt_note")
        thread = self.env["mail.thread"].sudo()
        author_id, email_from = thread._message_compute_author()
        reply_to = thread._notify_get_reply_to(default=email_from, author_id=author_id)
        shared = {
            "author_id": author_id,
            "email_from": email_from,
            "record_alias_domain_id": False,
            "record_company_id": False,
            "message_type": "notification",
            "is_internal": True,
            "subtype_id": note,
            "email_add_signature": False,
            "reply_to": reply_to[False],
        }
        messages = thread._message_create(
            [
                {
                    **shared,
                    "model": record._name,
                    "res_id": record.id,
                    "message_id": generate_tracking_message_id("message-notify"),
                    "body": body,
                }
                for record, body, _secret in rows
            ]
        )
        self.env["mail.tracking.value"].sudo().create(
            [
                {**self._prepare_secret(record, secret), "mail_message_id": message.id}
                for message, (record, _body, secret) in zip(messages, rows, strict=True)
                if secret
            ]
        )

    def _prepare_secret(self, record, text):
        """Return a text as a change of a field: the chatter hides those from people who
        may not see the field."""
        return self.env["mail.tracking.value"]._create_tracking_values(
            "", text, SECRET_FIELD, {"type": "char"}, record
        )
