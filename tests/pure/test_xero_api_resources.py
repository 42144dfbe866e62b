"""The table of resources agrees with the SDK and with Xero's OpenAPI file."""

import inspect

import pytest
from xero_python.accounting import AccountingApi

from xero_api import RESOURCES

ROWS = [pytest.param(row, id=name) for name, row in RESOURCES.items()]
FIRST = "self, xero_tenant_id"


def parameters(method):
    return list(inspect.signature(getattr(AccountingApi, method)).parameters)


@pytest.mark.parametrize("row", ROWS)
def test_reading_arguments_are_those_of_the_sdk(row):
    known = parameters(row.list_method)
    assert row.paged == ("page" in known)
    assert (row.paged and row.sizable) == ("page_size" in known)
    assert row.modified_since == ("if_modified_since" in known)
    assert row.where == ("where" in known)
    assert row.order == ("order" in known)
    assert row.ids == ("i_ds" in known)
    assert (row.contacts_arg in ("contact_i_ds", "contact_id")) == bool(
        {"contact_i_ds", "contact_id"} & set(known)
    )
    assert row.include_archived == ("include_archived" in known)
    assert bool(row.search_arg) == ("search_term" in known)
    for argument in (row.numbers_arg, row.statuses_arg, row.search_arg):
        assert not argument or argument in known


@pytest.mark.parametrize("row", ROWS)
def test_writing_arguments_are_those_of_the_sdk(row):
    for method in filter(None, (row.create_method, row.update_method)):
        known = parameters(method)
        by_id = row.update_by_id and method == row.update_method
        assert "idempotency_key" in known
        assert known.index("idempotency_key") >= (4 if by_id else 3)
        assert row.unitdp == ("unitdp" in known)
        assert by_id or row.summarize_errors == ("summarize_errors" in known)
    if row.history_method:
        assert parameters(row.history_method)[3] == "history_records"


@pytest.mark.parametrize("row", ROWS)
def test_four_decimals_are_asked_in_every_read(row):
    for method in filter(None, (row.list_method, row.one_method)):
        # The SDK has it for these two lists, but not for single documents of them.
        if row.path not in ("Overpayments", "Prepayments"):
            assert row.unitdp == ("unitdp" in parameters(method))
