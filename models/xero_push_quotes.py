from odoo import fields, models


class XeroPush(models.AbstractModel):
    """Before a quote is replaced, what people have done to it in Xero is fetched."""

    _inherit = "xero.push"

    def _fetch_rivals(self, connection, resource, among):
        if resource != "Quotes":
            return super()._fetch_rivals(connection, resource, among)
        domain = self.env["xero.link"]._get_due_domain(connection, resource, "pending")
        domain &= fields.Domain("xero_id", "!=", False)
        if among is not None:
            domain &= fields.Domain("id", "in", among)
        links = self.env["xero.link"].search(domain)
        if not links:
            return None
        behind = self._get_records(links).filtered(lambda q: q._is_behind(connection))
        pull = self.env["xero.pull"]
        if behind and connection._get_cursor(resource).is_complete:
            pull._pull(connection, [resource])
        elif behind:
            pull._pull_records(connection, resource, behind.mapped("xero_id"))
            self._commit()
        self._hold_unread(connection, links)
        return None

    def _hold_unread(self, connection, links):
        """Nothing goes over a quote of which the newest version could not be read."""
        rows = self.env["xero.log"].search(
            [
                ("connection_id", "=", connection.id),
                ("resource", "=", "Quotes"),
                ("direction", "=", "pull"),
                ("state", "=", "error"),
                ("xero_id", "in", links.mapped("xero_id")),
            ]
        )
        for row in rows:
            links.filtered(
                lambda link, row=row: link.xero_id == row.xero_id
            )._mark_error(row.message)
        self._commit()

    def _get_success_message(self, links):
        quotes = links.filtered(lambda link: link.resource == "Quotes")
        if not quotes:
            return super()._get_success_message(links)
        return self.env._(
            "Quote %(numbers)s is in Xero.",
            numbers=", ".join(quotes.mapped("record_name")),
        )
