"""Keep the simulator's records in a file, so that a restarted demo finds its own ids.

Apps, tokens, connections and organisations are kept; counters and faults are not.
"""

import hashlib
import pickle
from pathlib import Path

from .organisation import Organisation
from .store import Store

PLAIN = (
    "details",
    "history",
    "attachments",
    "emails",
    "made_by",
    "rates",
    "email_limit",
    "_sequences",
)
# Of the file's form; a file of another one is not taken up.
VERSION = 2
OAUTH = ("apps", "access", "refreshes", "connections", "user_id")


def _organisation(org):
    with org.lock:
        stores = {
            name: [dict(record) for record in store.values()]
            for name, store in _stores(org)
        }
        plain = {name: getattr(org, name) for name in PLAIN}
        key = (org.name, org.country, org.base_currency, org.tenant_id)
        return pickle.dumps((key, plain, stores))


def _stores(org):
    return [(n, v) for n, v in vars(org).items() if isinstance(v, Store)]


def save_if_changed(xero, path, saved=None):
    """Write the file when it would differ from what was saved last.

    :param saved: what the last call returned
    :return: a mark for the next call
    """
    oauth = xero.oauth.snapshot(OAUTH)
    organisations = [_organisation(org) for org in list(xero.organisations.values())]
    content = pickle.dumps((VERSION, oauth, organisations))
    mark = hashlib.sha256(content).digest()
    if mark != saved:
        path = Path(path)
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_name(path.name + ".part")
        part.write_bytes(content)
        part.replace(path)
    return mark


def load(xero, path):
    """Take up what a file keeps.

    The file is the simulator's own (pickle): never load one from elsewhere.

    :return: whether there was one of the present form
    """
    path = Path(path)
    if not path.exists():
        return False
    version, *rest = pickle.loads(path.read_bytes())
    if version != VERSION:
        return False
    oauth, organisations = rest
    for name, value in pickle.loads(oauth).items():
        setattr(xero.oauth, name, value)
    for content in organisations:
        (name, country, currency, tenant_id), plain, stores = pickle.loads(content)
        org = Organisation(xero, name, country, currency, tenant_id)
        for field, value in plain.items():
            setattr(org, field, value)
        for field, records in stores.items():
            for record in records:
                getattr(org, field).put(record)
        xero.organisations[tenant_id] = org
    return True
