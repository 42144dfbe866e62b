"""Webhooks on the wire: their events, and the bound on who fails again and again."""

import json
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xero_api import FailureBound, WebhookEvent, read_events

EVENT = {
    "resourceUrl": "https://api.xero.com/api.xro/2.0/Invoices/44AA0707",
    "resourceId": "44AA0707",
    "tenantId": "C2CC9B6E",
    "tenantType": "ORGANISATION",
    "eventCategory": "INVOICE",
    "eventType": "Update",
    "eventDateUtc": "2025-05-01T14:32:04.198",
}


def body(*events):
    return json.dumps({"events": events, "firstEventSequence": 1}).encode()


def test_an_event_is_read_in_one_form():
    moment = datetime(2025, 5, 1, 14, 32, 4, 198000)
    event = WebhookEvent("c2cc9b6e", "INVOICE", "UPDATE", "44aa0707", moment)
    assert read_events(body(EVENT)) == [event]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2025-05-01T14:32:04", datetime(2025, 5, 1, 14, 32, 4)),
        ("2025-05-01T14:32:04.1234567", datetime(2025, 5, 1, 14, 32, 4, 123456)),
        ("2025-05-01T14:32:04.5Z", datetime(2025, 5, 1, 14, 32, 4, 500000)),
        ("2025-13-01T14:32:04", None),
        ("yesterday", None),
        (None, None),
    ],
)
def test_moments(text, expected):
    [event] = read_events(body({**EVENT, "eventDateUtc": text}))
    assert event.moment == expected


def test_strange_events_are_empty_and_hide_no_good_one():
    strange = ({}, 5, None, {**EVENT, "resourceId": None}, {**EVENT, "tenantId": 7})
    *events, good = read_events(body(*strange, EVENT))
    assert len(events) == len(strange)
    assert not any(event.tenant_id and event.resource_id for event in events)
    assert good.resource_id == "44aa0707"


@pytest.mark.parametrize("text", ["", "no json", "[]", "{}", '{"events": null}', "5"])
def test_no_list_of_events(text):
    with pytest.raises(ValueError):
        read_events(text.encode())


_JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from([*EVENT, "events"]), inner, max_size=4)
    ),
)


@given(_JSON)
def test_any_json_gives_events_or_a_value_error(value):
    try:
        events = read_events(json.dumps({"events": value}).encode())
    except ValueError:
        return
    assert all(isinstance(event, WebhookEvent) for event in events)


def test_bound_counts_each_address_in_its_window(monkeypatch):
    now = 1000.0
    monkeypatch.setattr("xero_api.bound.time.monotonic", lambda: now)
    bound = FailureBound(limit=3, seconds=60)
    assert [bound.note("a") for _time in range(3)] == [1, 2, 3]
    bound.note("b")
    assert bound.is_reached("a")
    assert not bound.is_reached("b")
    assert not bound.is_reached("c")
    now += 61
    assert not bound.is_reached("a")
    assert bound.note("a") == 1


def test_bound_remembers_no_more_than_it_must():
    bound = FailureBound(limit=1, seconds=60)
    for number in range(1500):
        bound.note(number)
    assert not bound.is_reached(0)
    assert bound.is_reached(1499)
    assert len(bound._windows) == 1000
