"""Read what became of each document of a write; a refused one fails alone."""

from dataclasses import dataclass

from .answers import malformed, read_documents
from .resource import ZERO_GUID

SAVED = ("OK", "WARNING")
NO_REASON = "Xero refused this without giving a reason."


@dataclass(frozen=True)
class Element:
    """What became of one document of a write.

    :param dict payload: the document as Xero returned it
    :param tuple[str] errors: why it was refused; empty when it was saved
    :param tuple[str] warnings: what Xero remarked although it was saved
    :param str | None xero_id: its id in Xero, None when it was refused
    """

    payload: dict
    errors: tuple = ()
    warnings: tuple = ()
    xero_id: str | None = None

    @property
    def ok(self):
        """Whether Xero saved it.

        :rtype: bool
        """
        return not self.errors


def read_elements(response, resource, payloads):
    """Read what became of each document of a write.

    :param requests.Response response: a 2xx answer
    :param Resource resource: what was written
    :param list[dict] payloads: what was sent, in this order
    :rtype: list[Element]
    :raise XeroTransientError: if the answer does not match what was sent
    """
    _body, documents = read_documents(response, resource.collection)
    if len(documents) != len(payloads):
        raise malformed(response)
    if not all(map(_matches(resource), payloads, documents)):
        raise malformed(response)
    return [_element(document, resource) for document in documents]


def collect_messages(document, key="ValidationErrors"):
    """Gather the messages in a document, also those of its lines and its contact.

    :param document: a dict or list of an answer
    :param str key: ``ValidationErrors`` or ``Warnings``
    :return: each message once, the document's own first
    :rtype: list[str]
    """
    found = {}
    queue = [document]
    while queue:
        node = queue.pop(0)
        if isinstance(node, dict):
            found.update(dict.fromkeys(_texts(node.get(key))))
            queue.extend(value for name, value in node.items() if name != key)
        elif isinstance(node, list):
            queue.extend(node)
    return list(found)


def _element(document, resource):
    document = document if isinstance(document, dict) else {}
    errors = tuple(collect_messages(document))
    warnings = tuple(collect_messages(document, "Warnings"))
    if _is_refused(document, resource, errors):
        return Element(document, errors or (NO_REASON,), warnings)
    return Element(document, (), errors + warnings, document[resource.id_field])


def _is_refused(document, resource, errors):
    if document.get(resource.id_field) in (None, "", ZERO_GUID):
        return True
    if document.get("HasErrors") is True or document.get("HasValidationErrors") is True:
        return True
    status = document.get("StatusAttributeString")
    # Saved is saved: what Xero adds to it is a remark, and sending it again would
    # make a second one.
    return status == "ERROR" or bool(errors and status not in SAVED)


def _matches(resource):
    """A check that an element of the answer belongs to the payload at its place."""

    def matches(payload, document):
        if not isinstance(document, dict):
            return True
        for field in filter(None, (resource.id_field, resource.echo_field)):
            sent, told = payload.get(field), document.get(field)
            if sent and told and told != ZERO_GUID and _key(sent) != _key(told):
                return False
        return True

    return matches


def _key(value):
    return " ".join(str(value).split()).casefold()


def _texts(errors):
    for error in errors if isinstance(errors, list) else ():
        text = error
        if isinstance(error, dict):
            text = error.get("Message") or error.get("Description")
        if isinstance(text, str) and text.strip():
            yield text.strip()
