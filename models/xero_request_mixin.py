from odoo import api, fields, models

from .xero_change import Problem, XeroProblem


class XeroRequestMixin(models.AbstractModel):
    """What a person wants done with a credit note in Xero: done exactly once, after the
    credit note itself is there. What came of it is mirrored like anything of Xero's."""

    _name = "xero.request.mixin"
    _inherit = ["xero.bulk.mixin", "xero.sync.mixin"]
    _description = "Request to Xero About a Credit Note"
    _order = "id desc"

    connection_id = fields.Many2one(related="credit_note_id.connection_id", store=True)
    company_id = fields.Many2one(related="credit_note_id.company_id", store=True)
    credit_note_id = fields.Many2one(
        "xero.credit.note", required=True, ondelete="cascade", index=True
    )
    currency_id = fields.Many2one(related="credit_note_id.currency_id")
    amount = fields.Monetary(required=True, readonly=True)
    date = fields.Date(required=True, readonly=True)

    @api.model
    def _get_xero_tracked_fields(self):
        """Nobody edits a request."""
        return frozenset()

    # === OUTBOX === #

    @api.model
    def _request(self, vals_list):
        """Make requests and put them into the outbox.

        :return: the requests
        """
        requests = self.create(vals_list)
        for connection, mine in requests.grouped("connection_id").items():
            self.env["xero.link"]._ensure(connection, mine)._mark_pending()
        return requests

    def _before_xero_push(self, connection, links):
        """There is nothing to look for beforehand: each is asked for once."""

    def _read_before_push(self, connection, links):
        """Look at the documents as they are now: what is left of the credit, what was
        done with it already."""
        credits = self.credit_note_id.filtered("xero_id")
        pull = self.env["xero.pull"]
        if credits:
            ids = credits.mapped("xero_id")
            pull._pull_records(connection, "CreditNotes", ids)

    def _after_xero_batch(self, connection):
        """Show what came of it: amounts and statuses are Xero's."""
        self._read_before_push(connection, self.env["xero.link"])

    def _plan_xero_push(self, connection, change):
        """Plan what Xero is sent. See `xero.push`. One record.

        :raise XeroProblem: if it cannot be done
        """
        if change.link.xero_id:
            change.operation = "unchanged"
            return
        self._check_credit(connection)
        change.operation = "create"
        change.payload = self._prepare_xero_payload(connection)
        change.fields = {"amount": ("", f"{self._get_wanted():.2f}")}

    def _get_wanted(self):
        """Return the amount that is sent."""
        return self.amount

    def _check_credit(self, connection):
        """:raise XeroProblem: unless Xero has the credit note, as it was asked for"""
        credit = self.credit_note_id
        link = self.env["xero.link"]._of(credit, connection)
        if not credit.xero_id:
            raise XeroProblem(
                Problem(
                    self.env._("The credit note is not in Xero yet."),
                    self.env._("Put right what keeps it from Xero; this follows it."),
                    wait=True,
                )
            )
        if link.state == "error":
            raise XeroProblem(
                Problem(link.error, self.env._("Look at the credit note in Xero."))
            )
        if credit.status not in ("authorised", "paid"):
            raise XeroProblem(
                Problem(
                    self.env._(
                        "Credit note %(credit)s is not approved in Xero any more.",
                        credit=credit.display_name,
                    ),
                    self.env._("Nothing is done with it. Look at it in Xero."),
                )
            )

    def _after_xero_push(self, connection, change, element):
        """Nothing is taken over: the documents themselves are fetched after it."""
        change.link._mark_synced(element.xero_id)

    # === RECOVERY === #

    def _read_lost(self, connection):
        """Each is looked for on its own credit note."""

    def _get_credit_payload(self, connection):
        """Return the credit note as Xero has it now."""
        return self.env["xero.gateway"]._call(
            connection, "get_one", "CreditNotes", self.credit_note_id.xero_id
        )

    def _adopt_from_xero(self, connection, link, payload):
        """What a lost call did was found. One record."""
        link._mark_synced(payload["name"])
        self._after_xero_batch(connection)
        self.env["xero.log"]._resolve_for(link)
        self.env["xero.log"]._add_success(link, "pull", "link")
