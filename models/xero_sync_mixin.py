from odoo import api, fields, models

# Set while a pull writes, so that what comes from Xero
# is not sent back to it. Read in `_xero_mark_changed` alone.
NO_ENQUEUE = "xero_no_enqueue"
# So many lost records are looked for one by one; beyond, all that changed is fetched.
LOOK_UP_LIMIT = 5


class XeroSyncMixin(models.AbstractModel):
    """Makes a model synced with Xero; its state and its outbox are files of their own.

    A model that inherits answers the hooks of the section HOOKS.
    """

    _name = "xero.sync.mixin"
    _inherit = "xero.labels.mixin"
    _description = "Synced With Xero"

    # Xero's path name, and the dataclass that a document of it passes through.
    _xero_resource = None
    _xero_data = None
    # Field of the model that shows the id in Xero.
    _xero_id_name = None
    # Kind of fix (see `Problem`) that a change of a record of this model may be.
    _xero_fix = None
    # Field of the dataclass -> function that merges a list element by element.
    _xero_mergers = {}
    # Fields of the dataclass that Xero's API cannot write.
    _xero_read_only = ()
    # Fields of the dataclass that no two documents in Xero may share.
    _xero_unique = ()
    # Fields of the dataclass that are worked out here: nobody maps anything to them.
    _xero_derived = ()

    xero_link_ids = fields.One2many(
        "xero.link",
        "res_id",
        "Xero Links",
        domain=lambda self: [("res_model", "=", self._name)],
        groups="xero_crm.group_xero_accountant",
        bypass_search_access=True,
        copy=False,
    )
    xero_do_not_sync = fields.Boolean(
        "Do Not Sync With Xero",
        copy=False,
        groups="xero_crm.group_xero_user",
        help="Nothing of this record goes to Xero, and Xero changes nothing in it.",
    )

    def _check_xero_user(self, operation):
        """:raise AccessError: unless the user sees Xero and may do this to them"""
        self.env["xero.invoice"].check_access("read")
        self.check_access(operation)

    def _get_xero_link(self, connection):
        """Return the links of these records, read for all their companions at once.

        :param connection: `xero.connection`, one record
        :return: `xero.link`, as superuser
        """
        links = self.sudo().xero_link_ids
        return links.filtered(lambda link: link.connection_id == connection)

    def _xero_owner(self):
        """Return the records that carry the link of these (e.g. the company)."""
        return self

    def _get_xero_values(self, data=None):
        """Return what of a document both sides hold: the fields of `_xero_fields`.

        :param data: a dataclass of the resource; this record's own when None
        :return: JSON-able values by field of the dataclass, without those that what
            was read from Xero did not carry
        :rtype: dict
        """
        data = data or self._get_xero_data()
        values = data.values()
        return {
            name: values[name] for name in self._xero_fields if name not in data.absent
        }

    def _in_xero(self, connection):
        """Return these records as a connection sees them: in its company.

        :param connection: `xero.connection`, one record
        """
        return self.with_company(connection.company_id)

    def _get_xero_unwritable(self, data=None):
        """Return the fields of the dataclass that Xero does not take of a record.

        :param data: what Xero holds of it, where that is known
        """
        return self._xero_read_only

    def _get_xero_odoo_only(self):
        """Return the fields of the dataclass that go to Xero and never come from it."""
        return ()

    def _get_xero_refusals(self, connection):
        """Return what Xero would refuse of this record. One record.

        :return: pairs of a field of the dataclass and a sentence
        """
        return self._get_xero_data().problems()

    def _find_deleted_in_xero(self, connection, link):
        """Ask Xero for the document of a record that was deleted while it was sent.

        :param link: `xero.link` of the record
        :return: the document as Xero sent it; None where nothing tells which it is
        """
        return None

    def _after_xero_agreed(self, change):
        """Called when nothing of this record had to be sent. One record.

        :param change: `Change`
        """

    def _after_xero_batch(self, connection):
        """Fetch what sending these records has changed in other documents of Xero."""

    # === HOOKS === #

    def _get_xero_data(self):
        """Return this record as the dataclass of its resource. One record."""
        raise NotImplementedError()

    def _get_xero_rules(self):
        """Return what may be done with each field of a document in the data map.

        :return: `mapping.FieldRule` by field of the dataclass
        :rtype: dict
        """
        raise NotImplementedError()

    def _prepare_xero_payload(self, connection=None, changed=None, data=None):
        """Return what Xero is sent for this record. One record.

        :param connection: `xero.connection`; where it goes
        :param set changed: fields of the dataclass to send; None sends all (a create)
        :param data: the dataclass to send; this record's own when None
        :rtype: dict
        """
        raise NotImplementedError()

    @api.model
    def _take_over_answers(self, connection, answers):
        """Take over what Xero made of records, all at once.

        :param connection: `xero.connection`, one record
        :param list answers: pairs of `Change` and `Element`, none of them refused
        """

    def _after_xero_refused(self, messages):
        """Xero refused this record. One record.

        :param list messages: Xero's own sentences
        """

    def _read_before_push(self, connection, links):
        """Read from Xero what has to be known before these links are sent."""

    def _read_lost(self, connection):
        """Read what calls for these records that were never answered may have made,
        where that is better done for all of them at once."""
        if len(self) > LOOK_UP_LIMIT:
            self.env["xero.pull"]._pull(connection, [self._xero_resource])

    def _prepare_vals_from_xero(self, payload):
        """Return the values that a Xero document means for this model.

        :param payload: the dataclass of the resource, read from Xero
        :rtype: dict
        """
        raise NotImplementedError()

    def _get_xero_domain(self, connection):
        """Return the domain of the records that may be sent to a connection."""
        raise NotImplementedError()

    def _get_xero_held(self, connection):
        """Return which of these records must not be sent before a person has decided.

        :param connection: `xero.connection`, one record
        :return: `Problem` by id
        :rtype: dict
        """
        return {}

    def _get_xero_problem(self, connection):
        """Return why Xero would refuse this record (a `Problem`), or None."""
        raise NotImplementedError()
