"""Contract checking against the official OpenAPI file."""


def contract_from_environment():
    """:return: a checker, or None where XERO_OPENAPI is not set."""
    return None
