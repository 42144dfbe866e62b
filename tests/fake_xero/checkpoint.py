"""A moment of the simulator that tests come back to, each to the same records."""

import pickle

GRANTS = ("codes", "access", "refreshes", "connections")


class Checkpoint:
    """What the simulator holds at this moment, but for queued webhooks and counters.

    Records come back as the objects they are now, so that who holds one still sees
    what the organisation has.

    :param FakeXero xero: the simulator
    """

    def __init__(self, xero):
        self.xero = xero
        self.offset = xero.clock.offset
        self.exempt = set(xero.contract.exempt) if xero.contract else set()
        self.grants = xero.oauth.snapshot(GRANTS)
        self.organisations = [(org, _keep(org)) for org in xero.organisations.values()]

    def restore(self):
        """Forget all that has happened since; faults, limits, counters as well."""
        self.xero.reset()
        self.xero.clock.offset = self.offset
        if self.xero.contract:
            self.xero.contract.exempt = set(self.exempt)
        for name, value in pickle.loads(self.grants).items():
            setattr(self.xero.oauth, name, value)
        for org, kept in self.organisations:
            _restore(org, *kept)
            self.xero.organisations[org.tenant_id] = org


def _keep(org):
    stores = {id(store) for store in org.stores}
    plain = {
        name: value
        for name, value in vars(org).items()
        if name not in ("xero", "lock", "journal", "stores") and id(value) not in stores
    }
    records = [list(store.values()) for store in org.stores]
    with org.lock:
        return records, pickle.dumps((plain, [list(map(dict, r)) for r in records]))


def _restore(org, records, content):
    plain, values = pickle.loads(content)
    with org.lock:
        vars(org).update(plain)
        for store, its_records, its_values in zip(
            org.stores, records, values, strict=True
        ):
            store.restore(its_records, its_values)
