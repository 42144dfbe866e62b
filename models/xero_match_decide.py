from functools import partial

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL, split_every

from .xero_match_keep import AT_ONCE


class XeroMatch(models.Model):
    """What a person says: it is this customer, it is new, it does not matter.

    A decision is written down first, then the contact is fetched once more and goes
    through the same plan as any other: the plan finds the decision.
    """

    _inherit = "xero.match"

    # === ACTION METHODS === #

    def action_confirm(self):
        """These contacts are the customers that are chosen for them.

        :return: an action that tells how it went
        """
        return self._decide("link")

    def action_create(self):
        """These contacts are new: make customers of them."""
        return self._decide("create")

    def action_merge(self):
        """Several customers are the same: ask which, merge them, and match."""
        self._check_may_merge()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Merge Customers"),
            "res_model": "xero.match.merge",
            "view_mode": "form",
            "target": "new",
            "context": {"default_match_ids": self.ids},
        }

    def action_ignore(self):
        """These contacts do not matter in Odoo: never ask again, create nothing."""
        rows, missed = self._take(("waiting",))
        rows.write({**self._prepare_decided(), "state": "ignored", "message": False})
        logs = self.env["xero.log"].sudo()
        for connection, mine in rows.grouped("connection_id").items():
            logs._settle_xero_ids(connection, "Contacts", mine.mapped("xero_id"), [])
        rows._retry_held()
        return rows._tell(self.env._("%(count)s ignored.", count=len(rows)), missed)

    def action_undo(self):
        """These contacts matter after all: ask again."""
        rows, missed = self._take(("ignored",))
        rows.write({"state": "waiting", "decided_by_id": False, "decided_at": False})
        return rows._tell(self.env._("%(count)s wait again.", count=len(rows)), missed)

    # === DECIDING === #

    def _decide(self, decision):
        """Write a decision down and carry it out: a few at once, many by the scheduled
        action.

        :param str decision: 'link', 'merge' or 'create'
        :return: an action that tells how it went
        :raise UserError: if it cannot be done, where it is about one contact
        """
        rows, missed = self._take(("waiting",))
        rows._hold_choices()
        problems = rows._get_problems() if decision != "create" else {}
        if len(self) == 1 and problems:
            raise UserError(next(iter(problems.values())))
        for row, problem in problems.items():
            row.message = problem
        rows -= self.browse([row.id for row in problems])
        vals = {**self._prepare_decided(), "decision": decision, "message": False}
        rows.write(vals)
        done, later = rows[:AT_ONCE], rows[AT_ONCE:]
        for connection, mine in done.grouped("connection_id").items():
            connection._check_connected()
            with self.env["xero.log"]._explained():
                mine._apply(connection)
        if later:
            self.env.ref("xero_crm.ir_cron_xero_pull").sudo()._trigger()
        return done._tell_decided(len(later), missed, list(problems.values()))

    def _take(self, states):
        """Return those that are still to be decided, locked, and how many are not.

        Two people who decide at once: the second one waits here, before anything is
        done. When the first is through, Odoo repeats the second one's request, which
        then finds the decision, and says so.

        :raise AccessError: if the user may not decide
        """
        self.check_access("write")
        rows = self.sudo()
        rows.flush_recordset()
        ids = self.env.execute_query(
            SQL(
                "SELECT id FROM xero_match WHERE id = ANY(%s) ORDER BY id "
                "FOR NO KEY UPDATE",
                self.ids,
            )
        )
        rows = rows.browse(id_ for [id_] in ids)
        rows.invalidate_recordset()
        rows = rows.filtered(lambda r: r.state in states and not r.decision)
        return rows, len(self) - len(rows)

    def _hold_choices(self):
        """Keep the customers that are chosen from being deleted meanwhile: who deletes
        one waits, and does so after the match."""
        self.env["res.partner"].flush_model()
        self.env.execute_query(
            SQL(
                "SELECT id FROM res_partner WHERE id = ANY(%s) ORDER BY id "
                "FOR KEY SHARE",
                self.partner_id.ids,
            )
        )

    @api.model
    def _drop_choices(self, partners):
        """Customers are about to be deleted: what was decided for them is not carried
        out, and asked anew.

        :param partners: `res.partner`
        """
        rows = self.search(
            [
                ("partner_id", "in", partners.ids),
                ("decision", "in", ("link", "merge")),
            ]
        )
        for partner, mine in rows.grouped("partner_id").items():
            message = self.env._(
                "%(customer)s, who was chosen, was deleted before the match was made. "
                "Choose another customer, or create one.",
                customer=partner.display_name,
            )
            mine.write(
                {
                    "decision": False,
                    "partner_id": False,
                    "asks_again": True,
                    "message": message,
                }
            )

    def _prepare_decided(self):
        return {
            "decided_by_id": self.env.uid,
            "decided_at": fields.Datetime.now(),
            "asks_again": False,
        }

    def _get_problems(self):
        """Return why contacts cannot be matched with the customer that is chosen.

        :return: sentence by `xero.match`
        :rtype: dict
        """
        problems, chosen = {}, set()
        for connection, rows in self.grouped("connection_id").items():
            links = self.env["xero.link"]._of(rows.partner_id, connection)
            linked = set(links.filtered("xero_id").mapped("res_id"))
            for row in rows:
                partner = row.partner_id
                problem = row._get_problem_of_choice(partner, linked)
                if not problem and (connection, partner) in chosen:
                    problem = self.env._(
                        "%(customer)s is chosen for two contacts.",
                        customer=partner.display_name,
                    )
                chosen.add((connection, partner))
                if problem:
                    problems[row] = problem
        return problems

    def _get_problem_of_choice(self, partner, linked):
        """Return why this contact cannot be that customer, or None. One record."""
        if not partner:
            return self.env._("Choose a customer for %(name)s first.", name=self.name)
        partner.with_user(self.env.user).check_access("read")
        reasons = (
            (
                partner.id in linked,
                self.env._("is matched with another Xero contact already"),
            ),
            (
                partner.parent_id,
                self.env._("belongs to a company: choose the company"),
            ),
            (not partner.active, self.env._("is archived: restore it first")),
            (partner.xero_do_not_sync, self.env._("is excluded from Xero")),
            (
                partner.company_id and partner.company_id != self.company_id,
                self.env._("belongs to another company"),
            ),
        )
        for applies, reason in reasons:
            if applies:
                return f"{partner.display_name} {reason}."
        return None

    @api.model
    def _work_decided(self, connection):
        """Carry out what people decided for more contacts than a click could take.

        Commits: call it with a cursor of its own.

        :param connection: `xero.connection`, one record
        """
        rows = self.search(
            [("connection_id", "=", connection.id), ("decision", "!=", False)]
        )
        repeat = self.env["xero.pull"]._commit_or_repeat
        for part in split_every(AT_ONCE, rows.ids, self.browse):
            repeat(partial(part._apply_decided, connection))

    def _apply_decided(self, connection):
        """Carry out what is still decided of these, with their customers held."""
        rows = self.exists().filtered("decision")
        rows._hold_choices()
        rows._apply(connection)

    # === TELLING === #

    def _tell_decided(self, later, missed, problems):
        """Say what became of contacts.

        :param int later: how many are left to the scheduled action
        :param int missed: how many somebody else had decided
        :param list problems: sentences
        """
        names = {"linked": [], "created": [], "merged": [], "gone": []}
        for row in self:
            if row.state in names:
                names[row.state].append(row.name)
            elif row.message:
                problems.append(row.message)
        said = {
            "linked": self.env._("%(count)s matched.", count=len(names["linked"])),
            "created": self.env._("%(count)s created.", count=len(names["created"])),
            "merged": self.env._("%(count)s merged.", count=len(names["merged"])),
            "gone": self.env._(
                "%(names)s: archived in Xero meanwhile, so nothing was done.",
                names=", ".join(names["gone"]),
            ),
        }
        parts = [text for state, text in said.items() if names[state]]
        if later:
            parts.append(self.env._("%(count)s go on in the background.", count=later))
        return self._tell(" ".join(parts), missed, problems)

    def _tell(self, message, missed=0, problems=()):
        """Return an action that shows a sentence and reloads the screen."""
        parts = [message] if message else []
        if missed:
            parts.append(
                self.env._("%(count)s had been decided meanwhile.", count=missed)
            )
        parts += problems
        clean = not missed and not problems
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success" if clean else "warning",
                "message": " ".join(parts),
                "sticky": bool(problems),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }
