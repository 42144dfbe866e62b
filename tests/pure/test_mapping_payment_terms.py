"""Payment terms: Odoo's ways of counting and Xero's."""

import datetime as dt

import pytest

from mapping import ContactData, MappingError
from mapping.payment_terms import TermRule, rule_of

DAY = dt.date(2026, 1, 15)


@pytest.mark.parametrize(
    ("rule", "date", "due"),
    [
        (TermRule(0, "DAYSAFTERBILLDATE"), DAY, dt.date(2026, 1, 15)),
        (TermRule(30, "DAYSAFTERBILLDATE"), DAY, dt.date(2026, 2, 14)),
        (TermRule(10, "DAYSAFTERBILLMONTH"), DAY, dt.date(2026, 2, 10)),
        (TermRule(0, "DAYSAFTERBILLMONTH"), DAY, dt.date(2026, 1, 31)),
        (TermRule(31, "OFCURRENTMONTH"), dt.date(2026, 2, 3), dt.date(2026, 2, 28)),
        (TermRule(10, "OFCURRENTMONTH"), DAY, DAY),
        (TermRule(20, "OFFOLLOWINGMONTH"), DAY, dt.date(2026, 2, 20)),
        (TermRule(31, "OFFOLLOWINGMONTH"), DAY, dt.date(2026, 2, 28)),
        (
            TermRule(20, "OFFOLLOWINGMONTH"),
            dt.date(2026, 12, 31),
            dt.date(2027, 1, 20),
        ),
    ],
)
def test_due_date(rule, date, due):
    assert rule.due_date(date) == due


@pytest.mark.parametrize(
    ("line", "text"),
    [
        (("days_after", 0, 0), "0 DAYSAFTERBILLDATE"),
        (("days_after", 15, 0), "15 DAYSAFTERBILLDATE"),
        (("days_after_end_of_month", 0, 0), "31 OFCURRENTMONTH"),
        (("days_after_end_of_month", 20, 0), "20 DAYSAFTERBILLMONTH"),
        (("days_after_end_of_next_month", 0, 0), "31 OFFOLLOWINGMONTH"),
        (("days_end_of_month_on_the", 0, 20), "20 OFFOLLOWINGMONTH"),
        (("days_end_of_month_on_the", 0, 0), "31 OFCURRENTMONTH"),
        # Xero has nothing like these.
        (("days_after_end_of_next_month", 10, 0), None),
        (("days_end_of_month_on_the", 30, 20), None),
        (("days_after", -5, 0), None),
        (("a_way_of_another_addon", 5, 0), None),
    ],
)
def test_line_of_an_odoo_term(line, text):
    rule = rule_of(*line)
    assert (rule and rule.text) == text


@pytest.mark.parametrize(
    "text", ["0 OFFOLLOWINGMONTH", "32 OFCURRENTMONTH", "5 SOMETIME", "x", "-1 " * 2]
)
def test_what_is_no_payment_term(text):
    with pytest.raises(ValueError):
        TermRule.from_text(text)


def test_text_and_back():
    rule = TermRule(20, "OFFOLLOWINGMONTH")
    assert TermRule.from_text(rule.text) == rule
    assert TermRule.from_xero(rule.to_xero()) == rule
    assert TermRule.from_xero({}) is None
    assert TermRule.from_xero({"Day": None, "Type": "OFCURRENTMONTH"}) is None


def test_terms_of_a_contact():
    payload = {
        "ContactID": "c",
        "Name": "Tui",
        "PaymentTerms": {
            "Sales": {"Day": 20, "Type": "OFFOLLOWINGMONTH"},
            "Bills": {"Day": 7, "Type": "DAYSAFTERBILLDATE"},
        },
    }
    contact = ContactData.from_xero(payload)
    assert contact.payment_terms == "20 OFFOLLOWINGMONTH"
    assert contact.aside()["bill_terms"] == "7 DAYSAFTERBILLDATE"
    assert "bill_terms" not in contact.values()
    assert (
        contact.to_xero({"payment_terms"}, contact.aside())["PaymentTerms"]
        == (payload["PaymentTerms"])
    )
    assert ContactData(name="Tui").to_xero({"payment_terms"}) == {}


def test_terms_that_a_read_does_not_carry_say_nothing():
    stub = {"ContactID": "c", "Name": "Tui", "UpdatedDateUTC": "/Date(0+0000)/"}
    assert "payment_terms" in ContactData.from_xero(stub).absent
    whole = {**stub, "HasAttachments": False}
    assert "payment_terms" not in ContactData.from_xero(whole).absent


def test_unreadable_terms_are_named():
    payload = {"Name": "Tui", "PaymentTerms": {"Sales": {"Day": 3, "Type": "NEVER"}}}
    with pytest.raises(MappingError, match="NEVER"):
        ContactData.from_xero(payload)
