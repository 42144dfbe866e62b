import logging

from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

from .sale_order_approval import ACTIVITY_APPROVAL

_logger = logging.getLogger(__name__)


class SaleOrder(models.Model):
    """Orders that wait for a manager go on once nothing of their customer's account
    speaks against them any more: because they paid, or more is allowed to them.

    What the customer has accepted online is confirmed, as it would have been at once;
    of the others, who asked is told that they can confirm.
    """

    _inherit = "sale.order"

    _xero_waiting_index = models.Index(
        "(xero_approval_partner_id) WHERE xero_approval = 'waiting'"
    )

    @api.model
    def _wake_xero_release(self, families=None):
        """Something has changed that may let waiting orders go on: have them looked
        at, not in this transaction.

        :param families: companies of customers, `res.partner`; all when None
        """
        waiting = self._get_xero_waiting_domain()
        if families is not None:
            waiting &= Domain("xero_approval_partner_id", "in", families.ids)
        if self.sudo().search_count(waiting, limit=1):
            self.env.ref("xero_crm.ir_cron_xero_release").sudo()._trigger()

    @api.model
    def _get_xero_waiting_domain(self):
        return Domain("xero_approval", "=", "waiting") & Domain(
            "state", "in", ("draft", "sent")
        )

    # === SCHEDULED ACTIONS === #

    @api.model
    def _cron_xero_release(self):
        """Let orders go on, those that have waited longest first. One with which it
        fails does not stop the others."""
        waiting = self.search(self._get_xero_waiting_domain(), order="id")
        free = waiting - self.browse().union(
            *waiting._get_xero_risks(("ask", "block")),
            *waiting._get_without_xero_connection(),
        )
        cron = self.env["ir.cron"]
        cron._commit_progress(remaining=len(free))
        for order in free:
            try:
                order[0]._release_from_xero_policy()
            except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
                # Somebody has just worked on it: it has its turn next time.
                self.env.cr.rollback()
            except Exception:  # of an automation rule, for one
                self.env.cr.rollback()
                _logger.exception("%s cannot go on by itself", order)
            if not cron._commit_progress(1):
                break

    def _get_without_xero_connection(self):
        """Return those whose company has no organisation any more: nothing is known of
        their customers' accounts."""
        connections = self.env["xero.connection"]
        known = self.company_id.filtered(connections._get_for_company)
        return self.filtered(lambda order: order.company_id not in known)

    # === BUSINESS METHODS === #

    def _release_from_xero_policy(self):
        """Let an order go on, if nobody decides about it at this moment. One record."""
        order = self.try_lock_for_update()
        still = order.filtered_domain(self._get_xero_waiting_domain())
        # Looked at again: others of the same customer may have been confirmed.
        if not still or order._get_xero_risks(("ask", "block")):
            return
        accepted = order._is_accepted_online() and not order._has_xero_changed()
        problem = order._confirm_accepted() if accepted else None
        if accepted and not problem and order.state != "sale":
            return  # held back again
        people = order._get_people_who_wait()
        order.xero_approval = False
        order.activity_unlink([ACTIVITY_APPROVAL])
        this = order.with_context(lang=people[:1].lang or order.env.lang)
        this._tell_xero_decision(this._get_release_text(problem), people)

    def _get_people_who_wait(self):
        """Return who asked; the salesperson where a customer or an automation did;
        where there is none, who was to decide."""
        kind = self.env.ref(ACTIVITY_APPROVAL)
        asked = self.activity_ids.filtered(lambda a: a.activity_type_id == kind)
        return self.xero_asked_by_id or self.user_id or asked.user_id

    def _confirm_accepted(self):
        """Confirm what the customer has accepted online. One record.

        :return: why it cannot be, as a sentence; None if it went well
        """
        try:
            with self.env.cr.savepoint():
                self.with_company(self.company_id)._validate_order()
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            raise
        except UserError as error:
            return str(error)
        except Exception:
            _logger.exception("%s could not be confirmed", self)
            return self.env._("Odoo has met an error, which is in its log.")
        return None

    def _get_release_text(self, problem):
        if problem:
            return self.env._(
                "%(order)s needs no approval any more, and the customer has accepted "
                "it online, but it could not be confirmed: %(problem)s Put that right, "
                "then confirm it.",
                order=self.name,
                problem=problem,
            )
        if self.state == "sale":
            return self.env._(
                "%(order)s is confirmed: the customer has accepted it online, and it "
                "needs no approval any more.",
                order=self.name,
            )
        return self.env._(
            "%(order)s needs no approval any more: you can confirm it now.",
            order=self.name,
        )
