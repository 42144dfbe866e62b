from odoo import api, models


def _to_json(value):
    simple = value is None or isinstance(value, (bool, int, float, str, list, dict))
    return value if simple else str(value)


class XeroLog(models.Model):
    """How rows come into the log: one for each movement, one open for each problem."""

    _inherit = "xero.log"

    @api.model
    def _add(self, connection, **vals):
        """Add a row.

        :param connection: `xero.connection`, one record
        :param vals: field values
        """
        return self.sudo().create(
            {
                "connection_id": connection.id,
                "run_id": self.env.context.get("xero_run_id"),
                **vals,
            }
        )

    @api.model
    def _prepare_link_vals(self, link):
        return {
            "connection_id": link.connection_id.id,
            "company_id": link.company_id.id,
            "resource": link.resource,
            "res_model": link.res_model,
            "res_id": link.res_id,
            "record_name": link.record_name,
            "xero_id": link.xero_id,
            "run_id": self.env.context.get("xero_run_id"),
        }

    @api.model
    def _add_success(
        self, link, direction, operation, changes=None, element=None, reasons=None
    ):
        """Log one movement.

        :param dict changes: field: (old, new)
        :param dict reasons: field: why it moved, as from `mapping.merge`
        """
        return self.sudo().create(
            self._prepare_success_vals(
                link, direction, operation, changes, element, reasons
            )
        )

    @api.model
    def _prepare_success_vals(
        self, link, direction, operation, changes, element, reasons=None
    ):
        message = self.env._("Done.")
        if element is not None and element.warnings:
            message = " ".join(element.warnings)
        return {
            **self._prepare_link_vals(link),
            "direction": direction,
            "operation": operation,
            "state": "success",
            **self._prepare_problem_vals(None),
            "message": message,
            "changes": self._prepare_changes(changes, reasons),
        }

    @api.model
    def _add_problem(self, link, problem, operation, direction="push"):
        """Log why a record could not be sent, replacing its open row."""
        self._resolve_for(link)
        return self.sudo().create(
            self._prepare_failure_vals(link, problem, operation, direction)
        )

    @api.model
    def _prepare_failure_vals(self, link, problem, operation, direction="push"):
        return {
            **self._prepare_link_vals(link),
            "direction": direction,
            "operation": operation,
            "state": "error",
            **self._prepare_problem_vals(problem),
            "changes": {},
        }

    @api.model
    def _add_failure(self, links, cause):
        """Log a call that failed as a whole: a row for each record of it."""
        self._resolve_for(links)
        self._insert(
            [self._prepare_failure_vals(link, cause, "send") for link in links]
        )

    @api.model
    def _add_pull_failure(self, connection, resource, cause):
        """Log a fetch that failed: one open row a resource, however often it fails."""
        self._resolve_fetch(connection, resource)
        return self._add(
            connection,
            direction="pull",
            resource=resource,
            operation="fetch",
            state="error",
            **self._prepare_problem_vals(cause),
        )

    @api.model
    def _add_changes(self, connection, resource, changes):
        """Log what a page from Xero did, one row a record, in one batch."""
        moved = [c for c in changes if c.outcome not in ("unchanged", "skip")]
        settled = self.env["xero.link"].union(
            *(c.link for c in changes if c.link and c.operation != "conflict")
        )
        # Not all of them: to read the agreed values back costs more than the rest.
        settled.fetch(["state", "connection_id", "res_model", "res_id"])
        synced = settled.filtered(lambda link: link.state == "synced")
        self._resolve_for(synced)
        self._resolve_for(settled - synced, direction="pull")
        states = {"refuse": "error", "conflict": "conflict", "hold": "held"}
        vals_list = [
            {
                "connection_id": connection.id,
                "company_id": connection.company_id.id,
                "direction": "pull",
                "resource": resource,
                "operation": change.operation,
                "state": states.get(change.operation, "success"),
                "res_model": change.record and change.record._name,
                "res_id": change.record and change.record.id,
                "record_name": change.name,
                "xero_id": change.xero_id,
                "run_id": self.env.context.get("xero_run_id"),
                "changes": self._prepare_changes(change.fields, change.reasons),
                **self._prepare_problem_vals(change.problem, change.notes),
            }
            for change in moved
        ]
        xero_ids = [change.xero_id for change in changes if change.xero_id]
        told = self._settle_xero_ids(connection, resource, xero_ids, vals_list)
        self._insert([vals for vals in vals_list if self._get_key(vals) not in told])

    @api.model
    def _prepare_changes(self, changes, reasons=None):
        """Return old and new value and the reason by field, as the log keeps them."""
        reasons = reasons or {}
        return {
            name: [_to_json(old), _to_json(new), reasons.get(name, "")]
            for name, (old, new) in (changes or {}).items()
        }

    @api.model
    def _prepare_problem_vals(self, problem, notes=()):
        done = " ".join(notes) or self.env._("Done.")
        return {
            "message": problem.message if problem else done,
            "remedy": problem and problem.remedy,
            "fix": problem and problem.fix,
            "fix_id": problem and problem.fix_id,
        }

    # === CLOSING ROWS === #

    @api.model
    def _resolve_fetch(self, connection, resource):
        """Close the open row of a fetch that failed and works now."""
        self.sudo().search(
            [
                ("connection_id", "=", connection.id),
                ("resource", "=", resource),
                ("operation", "=", "fetch"),
                ("state", "=", "error"),
            ]
        ).write({"state": "resolved"})

    @api.model
    def _resolve_for(self, links, direction=None):
        """Close the open rows of records that are in order now.

        :param links: `xero.link`
        :param str direction: only the rows of this direction
        """
        if not links:
            return
        domain = [
            ("connection_id", "in", links.connection_id.ids),
            ("res_model", "in", list(set(links.mapped("res_model")))),
            ("res_id", "in", links.mapped("res_id")),
            ("state", "in", ("error", "conflict")),
        ]
        if direction:
            domain.append(("direction", "=", direction))
        rows = self.sudo().search(domain)
        if "conflict" in rows.mapped("state"):
            # Sent or not, what is disputed waits for a person.
            disputed = set(links.filtered("conflict_ids").mapped("res_id"))
            rows = rows.filtered(
                lambda row: row.state == "error" or row.res_id not in disputed
            )
        rows.write({"state": "resolved"})

    @api.model
    def _settle_xero_ids(self, connection, resource, xero_ids, vals_list):
        """Close the open rows about Xero records, but for those that say what would be
        said again: a bad record is told once, however often it comes.

        :param list vals_list: values of the rows that are about to be added
        :return: what is told already, as `_get_key` gives it
        :rtype: set
        """
        open_rows = self.sudo().search(
            [
                ("connection_id", "=", connection.id),
                ("resource", "=", resource),
                ("xero_id", "in", xero_ids),
                ("direction", "=", "pull"),
                ("state", "in", ("error", "conflict", "held")),
            ]
        )
        again = {self._get_key(vals) for vals in vals_list}
        standing = open_rows.filtered(lambda row: self._get_key(row) in again)
        (open_rows - standing).write({"state": "resolved"})
        if run_id := self.env.context.get("xero_run_id"):
            standing.write({"run_id": run_id})
        return {self._get_key(row) for row in standing}

    @api.model
    def _get_key(self, row):
        """What makes two rows of a fetch say the same: records or values."""
        return row["xero_id"], row["state"], row["message"]
