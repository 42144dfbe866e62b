"""What can go wrong with Xero, by what the caller has to do next.

One vocabulary for the whole addon: nothing else leaves this package, neither the
SDK's exceptions nor those of ``requests``. No text in them holds a secret.
"""


class XeroError(Exception):
    """A call to Xero failed; the base of all errors here.

    :param str message: one plain English sentence for a person
    :param int | None status: the HTTP status, None when there was no answer
    :param str | None correlation_id: Xero's name of the call, for its support
    :param str detail: what Xero said, shortened and without secrets
    """

    def __init__(self, message, *, status=None, correlation_id=None, detail=""):
        super().__init__(message)
        self.message = message
        self.status = status
        self.correlation_id = correlation_id
        self.detail = detail

    def __repr__(self):
        return f"{type(self).__name__}({self.message!r}, status={self.status!r})"


class XeroAuthError(XeroError):
    """401: the access token has expired (refresh it), or lacks a scope.

    :param bool scope_missing: only a new consent with more scopes will help
    """

    def __init__(self, message, *, scope_missing=False, **info):
        super().__init__(message, **info)
        self.scope_missing = scope_missing


class XeroReconnectError(XeroAuthError):
    """The consent is gone (``invalid_grant``): a person must connect again."""


class XeroOAuthError(XeroError):
    """Xero's sign-in refused the app or its settings, not the consent.

    :param str code: OAuth's own word, such as ``invalid_client``, ``invalid_scope``,
        ``unauthorized_client``, ``access_denied``
    """

    def __init__(self, message, *, code="", **info):
        super().__init__(message, **info)
        self.code = code


class XeroPermissionError(XeroError):
    """403: the organisation is not (or no longer) open to this app or user."""


class XeroNotFoundError(XeroError):
    """404: no such document in this organisation."""


class XeroValidationError(XeroError):
    """400: Xero refuses what was sent; sending it again will not help.

    :param elements: the messages of each refused element, in the order of the answer
    """

    def __init__(self, message, *, elements=(), **info):
        super().__init__(message, **info)
        self.elements = [list(messages) for messages in elements]

    @property
    def messages(self):
        """All messages in one list, each once.

        :rtype: list[str]
        """
        flat = [message for messages in self.elements for message in messages]
        return list(dict.fromkeys(flat)) or [self.detail or self.message]


class XeroRateLimitError(XeroError):
    """429: too many calls; nothing was done.

    :param int | None retry_after: seconds to wait, None when Xero does not say
        (too many calls at the same time: a short pause is enough)
    :param str problem: ``minute``, ``day``, ``concurrent`` or ``appminute``
    """

    def __init__(self, message, *, retry_after=None, problem="concurrent", **info):
        super().__init__(message, **info)
        self.retry_after = retry_after
        self.problem = problem


class XeroTransientError(XeroError):
    """No usable answer: 5xx, time-out, dropped connection or malformed body.

    :param bool outcome_unknown: True when a write may have been done all the same,
        so that the document must be looked for before it is sent again
    """

    def __init__(self, message, *, outcome_unknown=False, **info):
        super().__init__(message, **info)
        self.outcome_unknown = outcome_unknown
