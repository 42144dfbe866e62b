"""Retry rules, webhook signatures, exact JSON, redaction, addresses: pure code."""

import base64
import hashlib
import hmac
import json
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xero_api import (
    XeroAuthError,
    XeroClient,
    XeroError,
    XeroReconnectError,
    XeroTransientError,
    is_retryable,
    retry_delay,
    sign,
    verify_signature,
    where_equals,
    where_one_of,
)
from xero_api.exact_json import dumps, loads
from xero_api.redact import plain_text, scrub
from xero_api.transport import clean_base

KEY = "webhook-key"
BODY = b'{"events":[],"firstEventSequence":0,"lastEventSequence":0,"entropy":"ABC"}'


# Retry


def test_delays_double_up_to_an_hour():
    assert [retry_delay(n) for n in range(1, 10)] == [
        15, 30, 60, 120, 240, 480, 960, 1920, 3600,
    ]  # fmt: skip
    assert retry_delay(10**6) == 3600
    assert retry_delay(0) == retry_delay(-3) == 15


@pytest.mark.parametrize(
    ("told", "seconds"), [(26, 26), (0, 1), (-1, 1), (86_400, 86_400)]
)
def test_what_xero_asks_for_wins(told, seconds):
    assert retry_delay(5, told) == seconds


def test_only_passing_troubles_are_retried():
    assert is_retryable(XeroTransientError("m", outcome_unknown=True))
    for error in (XeroError("m"), XeroAuthError("m"), XeroReconnectError("m")):
        assert not is_retryable(error)
    assert not is_retryable(ValueError())


# Webhooks


def test_a_signature_is_base64_of_hmac_sha256():
    expected = base64.b64encode(hmac.new(KEY.encode(), BODY, hashlib.sha256).digest())
    assert sign(BODY, KEY) == expected.decode()
    assert verify_signature(BODY, sign(BODY, KEY), KEY)
    assert verify_signature(b"", sign(b"", KEY), KEY)


@pytest.mark.parametrize("signature", [None, "", "x", "é", "\udc80", "A" * 44])
def test_a_wrong_signature_is_refused(signature):
    assert not verify_signature(BODY, signature, KEY)


@pytest.mark.parametrize("key", [None, "", False])
def test_without_a_key_nothing_is_true(key):
    assert not verify_signature(BODY, sign(BODY, ""), key)


@given(st.binary(), st.integers(min_value=0))
def test_one_changed_byte_breaks_the_signature(body, position):
    changed = bytearray(body or b"x")
    changed[position % len(changed)] ^= 1
    assert not verify_signature(bytes(changed), sign(body or b"x", KEY), KEY)


# JSON

scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.text(),
    st.decimals(
        allow_nan=False, allow_infinity=False, min_value=-(10**18), max_value=10**18
    ),
)
documents = st.recursive(
    scalars,
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)


@given(documents)
def test_json_keeps_every_digit(document):
    assert loads(dumps(document).encode()) == document


@given(st.dictionaries(st.text(), st.text() | st.integers() | st.floats(-1e9, 1e9)))
def test_json_is_what_the_standard_library_reads(document):
    assert json.loads(dumps(document)) == document


def test_decimals_are_written_plainly():
    values = [Decimal("1E+3"), Decimal("0.10"), Decimal("-0"), Decimal("1E-7")]
    assert dumps(values) == "[1000,0.10,-0,0.0000001]"


@pytest.mark.parametrize("value", [Decimal("NaN"), Decimal("Infinity"), float("nan")])
def test_what_is_no_number_is_not_sent(value):
    with pytest.raises(ValueError, match="cannot be sent"):
        dumps([value])


@pytest.mark.parametrize("value", [object(), {1: 2}, {None: 1}, b"bytes", {1, 2}])
def test_what_is_no_json_is_not_sent(value):
    with pytest.raises(TypeError):
        dumps(value)


# Redaction


@pytest.mark.parametrize(
    "text",
    [
        "Authorization: Bearer abcdefghijklmnopqrstuvwxyz0123",
        "eyJhbGciOiJSUzI1NiJ9.eyJhIjoxfQ.c2lnbmF0dXJl",
        '{"refresh_token":"abcdefghijkl0123"}',
        "client_secret=abcdefghijkl0123&x=1",
        "http://localhost/cb?code=abcdefghijkl0123&state=x",
    ],
)
def test_what_looks_like_a_secret_is_masked(text):
    assert "[secret]" in scrub(text)
    for part in ("abcdefghijkl", "eyJ", "c2lnbmF0dXJl"):
        assert part not in scrub(text)


@pytest.mark.parametrize(
    "text",
    [
        "Account code: 200 is not a valid code for this document.",
        "Basic information about the Bearer Bonds Ltd contact is missing",
        "TokenExpired: token expired at 01/01/2001 00:00:00",
    ],
)
def test_what_people_need_to_read_stays(text):
    assert scrub(text, ("", None, "no")) == text


@given(st.text(alphabet="abc+/= é", min_size=4), st.text(), st.text())
def test_a_known_secret_never_survives(secret, before, after):
    if secret not in "[secret]":
        assert secret not in scrub(f"{before}{secret}{after}", (secret,))


def test_markup_becomes_one_short_line():
    page = "<style>x</style><p>No&nbsp;such\n\n <b>page</b></p><!-- y -->" + "z" * 900
    line = plain_text(page)
    assert line.startswith("No such page zzz")
    assert len(line) == 500


# Addresses


@pytest.mark.parametrize(
    "url",
    [
        "https://api.xero.com/",
        "http://localhost:1234",
        "http://127.0.0.1:1",
        "http://[::1]:8080/",
    ],
)
def test_good_bases(url):
    assert clean_base(url) == url.rstrip("/")


@pytest.mark.parametrize(
    "url",
    [
        "http://api.xero.com",
        "http://localhost.evil.com",
        "ftp://localhost",
        "file:///etc/passwd",
        "api.xero.com",
        "",
        "https://user:pass@api.xero.com",
        "https://api.xero.com?x=1",
        "https://api.xero.com#x",
        "https://[::1",
        "https://localhost:port",
    ],
)
def test_bases_that_would_leak_tokens_are_refused(url):
    with pytest.raises(XeroError, match="address|https"):
        XeroClient("token", "tenant", api_url=url)


@pytest.mark.parametrize("token", ["", None, "a\nb", "a b", "é"])
def test_a_token_that_is_no_header_is_refused_without_quoting_it(token):
    with pytest.raises(ValueError, match="access token is empty or not readable"):
        XeroClient(token, "tenant")


def test_a_filter_expression_cannot_be_broken_out_of():
    assert where_equals("Name", "A & B <c>") == 'Name=="A & B <c>"'
    with pytest.raises(ValueError, match="double quote"):
        where_equals("Name", '" OR Name!="')
    ids = ["6f1e4c9a-0000-4000-8000-000000000001", "6F1E4C9A00004000800000000000000A"]
    assert where_one_of("Contact.ContactID", ids) == (
        'Contact.ContactID==Guid("6f1e4c9a-0000-4000-8000-000000000001") OR '
        'Contact.ContactID==Guid("6f1e4c9a-0000-4000-8000-00000000000a")'
    )
    with pytest.raises(ValueError, match="badly formed"):
        where_one_of("Contact.ContactID", ['1") OR Guid("2'])
