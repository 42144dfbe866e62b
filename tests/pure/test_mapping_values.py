"""Text, numbers and dates as Xero writes them."""

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mapping import values

NZ = dt.timezone(dt.timedelta(hours=13))


@pytest.mark.parametrize(
    ("given_value", "expected"),
    [
        ("25.06", "25.06"),
        (25.06, "25.06"),
        (0.1 + 0.2, "0.30000000000000004"),
        (7, "7"),
        (Decimal("12345678901234567.89"), "12345678901234567.89"),
        ("-1.50", "-1.5"),
        (" 3 ", "3"),
        ("1e3", "1000"),
        (1e-07, "0.0000001"),
        (".5", "0.5"),
        ("+2.", "2"),
        ("-0.00", "0"),
        ("100", "100"),
    ],
)
def test_decimal_is_exact_and_has_one_spelling(given_value, expected):
    number = values.to_decimal(given_value)
    assert number == Decimal(expected)
    assert values.decimal_text(number) == expected


@pytest.mark.parametrize(
    "bad",
    [
        *(None, True, False, "", "abc", "1,5", "1_000", "١٢", "NaN", "Infinity"),
        *(float("nan"), float("-inf"), Decimal("NaN"), Decimal("sNaN"), [], {}, b"1"),
        *("1e999", "1e-99", "1e9999999999", "--1", "1.2.3", "0x10"),
    ],
)
def test_decimal_of_anything_else_is_refused(bad):
    with pytest.raises(ValueError):
        values.to_decimal(bad)


@given(st.decimals(allow_nan=False, allow_infinity=False, places=6, max_value=10**15))
def test_decimal_text_comes_back_the_same(number):
    if abs(number.adjusted()) <= 30:
        text = values.decimal_text(number)
        assert values.to_decimal(text) == number
        assert "e" not in text.lower()


@pytest.mark.parametrize(
    ("number", "digits", "expected"),
    [
        ("2.165", 2, "2.17"),
        ("2.164999", 2, "2.16"),
        ("-2.165", 2, "-2.17"),
        ("0.005", 2, "0.01"),
        ("1.005", 2, "1.01"),
        ("0.06117", 4, "0.0612"),
        ("2.5", 0, "3"),
        ("12345678901234567890123456.785", 2, "12345678901234567890123456.79"),
    ],
)
def test_halves_round_away_from_zero(number, digits, expected):
    assert values.round_half_up(Decimal(number), digits) == Decimal(expected)


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("/Date(1789344000000+0000)/", dt.date(2026, 9, 14)),
        ("/Date(1789344000000)/", dt.date(2026, 9, 14)),
        ("/Date(1789344000000+1300)/", dt.date(2026, 9, 14)),
        ("/Date(1789430399999+0000)/", dt.date(2026, 9, 14)),
        ("/Date(-86400000+0000)/", dt.date(1969, 12, 31)),
        ("/Date(-1+0000)/", dt.date(1969, 12, 31)),
        ("2026-09-14T00:00:00", dt.date(2026, 9, 14)),
        ("2019-03-11 00:00:00", dt.date(2019, 3, 11)),
        ("2026-09-14", dt.date(2026, 9, 14)),
        ("2026-09-14T00:00:00+13:00", dt.date(2026, 9, 14)),
        ("2024-02-29", dt.date(2024, 2, 29)),
        (dt.date(2026, 1, 2), dt.date(2026, 1, 2)),
        (dt.datetime(2026, 1, 2, 23, 59), dt.date(2026, 1, 2)),
        ("/Date(-62135596800000+0000)/", None),
        ("0001-01-01T00:00:00", None),
        ("", None),
        (None, None),
        (False, None),
    ],
)
def test_date_is_the_calendar_day(written, expected):
    assert values.parse_date(written) == expected


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("/Date(1503348546760+0000)/", dt.datetime(2017, 8, 21, 20, 49, 6, 760000)),
        ("/Date(1503348546760+1300)/", dt.datetime(2017, 8, 21, 20, 49, 6, 760000)),
        ("2018-11-02 16:31:30+00:00", dt.datetime(2018, 11, 2, 16, 31, 30)),
        ("2018-11-02T16:31:30Z", dt.datetime(2018, 11, 2, 16, 31, 30)),
        ("2018-11-02T16:31:30+13:00", dt.datetime(2018, 11, 2, 3, 31, 30)),
        ("2018-11-02T16:31:30-0530", dt.datetime(2018, 11, 2, 22, 1, 30)),
        ("2025-05-01T14:32:04.198", dt.datetime(2025, 5, 1, 14, 32, 4, 198000)),
        ("2025-05-01T14:32:04.1234567Z", dt.datetime(2025, 5, 1, 14, 32, 4, 123456)),
        (dt.datetime(2026, 1, 1, 1, tzinfo=NZ), dt.datetime(2025, 12, 31, 12)),
        (dt.datetime(2026, 1, 1, 1), dt.datetime(2026, 1, 1, 1)),
        (dt.date(2026, 1, 1), dt.datetime(2026, 1, 1)),
        (None, None),
    ],
)
def test_instant_is_naive_utc(written, expected):
    assert values.parse_datetime(written) == expected


@pytest.mark.parametrize(
    "bad",
    [
        *("yesterday", "2026-13-01", "2026-02-30", "14/09/2026", "/Date(x)/", 5, []),
        *("/Date(99999999999999999)/", "2026-09-14T25:00:00", "2026-09-14Txx", True),
        *("0001-01-01T00:00:00+14:00", {"Date": 1}),
    ],
)
def test_anything_else_is_no_date(bad):
    for parse in (values.parse_date, values.parse_datetime):
        with pytest.raises(ValueError):
            parse(bad)


@given(st.dates(min_value=dt.date(2, 1, 1)))
def test_day_goes_there_and_back_in_every_form(day):
    midnight = dt.datetime.combine(day, dt.time(), dt.timezone.utc)
    milliseconds = int(midnight.timestamp()) * 1000
    assert values.parse_date(values.iso_date(day)) == day
    assert values.parse_date(f"/Date({milliseconds}+0000)/") == day


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        ("  Acme \t  Ltd\n", "Acme Ltd"),
        ("Acme\xa0 Ltd\u3000NZ", "Acme Ltd NZ"),
        (None, ""),
        (False, ""),
        (42, "42"),
        (Decimal("200"), "200"),
        ("שלום עולם", "שלום עולם"),
        ("🥝 Kiwi 👩‍👩‍👧", "🥝 Kiwi 👩‍👩‍👧"),
        ("<b>Bold & Co</b>", "<b>Bold & Co</b>"),
        ("a\x00b\x07c", "a b c"),
        ("half \ud83d pair", "half \ufffd pair"),
    ],
)
def test_text_is_one_clean_line(raw, clean):
    assert values.clean_text(raw) == clean


def test_only_said_characters_are_dropped():
    assert values.clean_text(" <Acme>  & Co ", drop="<>") == "Acme & Co"


@pytest.mark.parametrize(
    ("raw", "limit", "expected"),
    [
        ("abcdef", 3, "abc"),
        ("abc def", 4, "abc"),
        ("🥝🥝🥝", 4, "🥝🥝"),
        ("🥝🥝🥝", 5, "🥝🥝"),
        ("é" * 300, 255, "é" * 255),
        ("abc", None, "abc"),
        ("abc", 3, "abc"),
    ],
)
def test_text_is_cut_as_xero_counts(raw, limit, expected):
    assert values.clean_text(raw, limit) == expected


@pytest.mark.parametrize("bad", [True, 1.5, [], {}, b"x", ("a",)])
def test_text_of_another_kind_is_refused(bad):
    for clean in (values.clean_text, values.clean_block):
        with pytest.raises(ValueError):
            clean(bad)


@given(st.text())
def test_clean_text_is_storable_and_stays_as_it_is(raw):
    for clean in (values.clean_text, values.clean_block):
        once = clean(raw)
        assert clean(once) == once
        assert "\x00" not in once
        once.encode("utf-8")


def test_block_keeps_its_lines():
    raw = "\r\n Two  days \r\nof work\u2028\n\nin May  \n"
    assert values.clean_block(raw) == "Two  days\nof work\n\n\nin May"


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        ("New Zealand", "New Zealand"),
        ("Côte d'Ivoire", "Cote dIvoire"),
        ("Türkiye", "Turkiye"),
        ("U.S.A.", "USA"),
        ("Guinea-Bissau", "Guinea Bissau"),
        ("Åland Islands", "Aland Islands"),
        ("日本", "日本"),
        ("", ""),
        (None, ""),
        ("64", "64"),
    ],
)
def test_country_has_plain_letters(raw, clean):
    assert values.clean_country(raw) == clean
    assert values.clean_country(clean) == clean


@pytest.mark.parametrize(
    ("normalise", "one", "other"),
    [
        (values.normalise_name, "ACME  Ltd", " acme ltd"),
        (values.normalise_name, "Straße", "STRASSE"),
        (values.normalise_name, "Cafe\u0301", "Café"),
        (values.normalise_name, "\u200eשלום\u200f", "שלום"),
        (values.normalise_email, " Kat@Clampett.COM ", "kat@clampett.com"),
        (values.normalise_tax_number, "nz 49-091-850", "NZ49091850"),
    ],
)
def test_same_for_comparison(normalise, one, other):
    assert normalise(one) == normalise(other)


def test_accents_make_a_difference_in_names():
    assert values.normalise_name("Rene") != values.normalise_name("René")


def test_zero_guid_is_no_id():
    assert values.clean_guid(values.ZERO_GUID) == ""
    assert values.clean_guid("ABCD-1") == "abcd-1"
