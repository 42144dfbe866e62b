from datetime import timedelta

from babel.dates import format_timedelta

from odoo import api, fields, models
from odoo.tools.misc import babel_locale_parse


class XeroLog(models.Model):
    """What moved, as a person reads it: field, before, after, and why."""

    _inherit = "xero.log"

    changes_text = fields.Text("Changes", compute="_compute_changes_text")
    changes_html = fields.Html(
        "What Changed", compute="_compute_changes_html", sanitize=False
    )

    @api.depends("changes")
    @api.depends_context("lang")
    def _compute_changes_text(self):
        for log in self:
            log.changes_text = "\n".join(
                f"{row['label']}: {row['old']} → {row['new'] or '-'}"
                if row["old"]
                else f"{row['label']}: {row['new'] or '-'}"
                for row in log._get_change_rows()
            )

    @api.depends("changes")
    @api.depends_context("lang")
    def _compute_changes_html(self):
        for log in self:
            rows = log._get_change_rows()
            log.changes_html = rows and self.env["ir.qweb"]._render(
                "xero_crm.log_changes",
                {"rows": rows, "has_reasons": any(row["why"] for row in rows)},
            )

    def _get_change_rows(self):
        """Return what moved, one dict a field: label, old, new, why.

        :rtype: list of dict of str
        """
        self.ensure_one()
        words = self.env.get(self.res_model or "")
        if not hasattr(words, "_describe_xero_value"):
            words = self.env["xero.labels.mixin"]
        return [
            {
                "label": words._get_xero_field_label(name),
                "old": words._describe_xero_value(name, old),
                "new": words._describe_xero_value(name, new),
                "why": self._explain_reason("".join(why)),
            }
            # Rows of before the reasons were kept have none.
            for name, (old, new, *why) in (self.changes or {}).items()
        ]

    @api.model
    def _explain_reason(self, reason):
        """Return why a value stands, as a sentence.

        :param str reason: as from `mapping.merge`
        :rtype: str
        """
        code, _colon, seconds = reason.partition(":")
        texts = {
            "only_odoo": self.env._("Only Odoo had changed it"),
            "only_xero": self.env._("Only Xero had changed it"),
            "filled_odoo": self.env._("First match: it was empty in Xero"),
            "filled_xero": self.env._("First match: it was empty in Odoo"),
            "one_way_odoo": self.env._("Both had changed it; it goes to Xero only"),
            "policy_odoo": self.env._(
                "Both had changed it; the rule is that Odoo wins"
            ),
            "policy_xero": self.env._(
                "Both had changed it; the rule is that Xero wins"
            ),
            "newest_odoo": self.env._("Both had changed it; Odoo's change was newer"),
            "newest_xero": self.env._("Both had changed it; Xero's change was newer"),
            "choice_odoo": self.env._(
                "Both had changed it; a person chose Odoo's value"
            ),
            "choice_xero": self.env._(
                "Both had changed it; a person chose Xero's value"
            ),
        }
        text = texts.get(code, "")
        if not int(seconds or 0):
            return text
        return self.env._(
            "%(reason)s by %(time)s",
            reason=text,
            time=format_timedelta(
                timedelta(seconds=int(seconds)),
                locale=babel_locale_parse(self.env.lang or "en_US"),
            ),
        )
