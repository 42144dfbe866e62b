"""Which Xero tax rate a tax may be: names of Odoo's charts against Xero's."""

import itertools
from decimal import Decimal

import pytest

from fake_xero.seed_chart import TAX_RATES
from mapping.tax_match import TaxOption, propose, read_kinds


def options(country):
    return [
        TaxOption(number, row[1], Decimal(row[3]), row[0], (Decimal(row[3]),))
        for number, row in enumerate(TAX_RATES[country])
        if row[4]
    ]


def find(country, text, rate, *components):
    """Return the tax type that is proposed, and how sure."""
    found = propose(text, Decimal(rate), options(country), components)
    names = {option.key: option.tax_type for option in options(country)}
    return names.get(found.key), found.sureness


@pytest.mark.parametrize(
    ("country", "text", "rate", "expected"),
    [
        ("NZ", "15% Sale (15%)", "15", ("OUTPUT2", "sure")),
        ("NZ", "0% EX Zero/Export (0%) Sale", "0", ("ZERORATED", "likely")),
        ("NZ", "Zero rated", "0", ("ZERORATED", "sure")),
        ("NZ", "Exempt", "0", (None, "unclear")),
        ("NZ", "0%", "0", (None, "unclear")),
        ("NZ", "No GST", "0", ("NONE", "sure")),
        ("NZ", "12.5%", "12.5", (None, "unclear")),
        ("AU", "10% GST GST Sales", "10", ("OUTPUT", "sure")),
        ("AU", "0% EX GST Free on Export Sales", "0", ("EXEMPTEXPORT", "sure")),
        ("AU", "0% F GST Free Sales", "0", ("EXEMPTOUTPUT", "sure")),
        ("AU", "0% INP Input Taxed Sales", "0", ("INPUTTAXED", "sure")),
        ("AU", "BAS Excluded", "0", ("BASEXCLUDED", "sure")),
        ("GB", "20%", "20", ("OUTPUT2", "sure")),
        ("GB", "20% Services", "20", ("OUTPUT2", "sure")),
        ("GB", "20% on capital goods", "20", ("CAPEXOUTPUT2", "sure")),
        ("GB", "5%", "5", ("RROUTPUT", "sure")),
        ("GB", "0% Zero Rated Sales", "0", ("ZERORATEDOUTPUT", "sure")),
        ("GB", "Exempt", "0", ("EXEMPTOUTPUT", "sure")),
        ("GB", "EC goods, zero rated", "0", ("ECZROUTPUT", "sure")),
        ("GB", "EC services", "0", ("ECZROUTPUTSERVICES", "likely")),
        ("GB", "0% EU (NIR)", "0", (None, "unclear")),
        ("GB", "0% RC Reverse Charge (Domestic)", "0", (None, "unclear")),
        ("GB", "0% EX", "0", (None, "unclear")),
        ("GB", "Outside the scope", "0", ("NONE", "sure")),
        ("US", "Goods 8.75%", "8.75", ("TAX001", "sure")),
        ("US", "Springfield 8.75%", "8.75", ("TAX001", "likely")),
        ("US", "Tax exempt", "0", ("NONE", "sure")),
        ("US", "0%", "0", ("NONE", "likely")),
    ],
)
def test_names_of_real_charts(country, text, rate, expected):
    assert find(country, text, rate) == expected


def test_no_percentage_is_never_proposed():
    found = propose("Recycling fee", None, options("NZ"))
    assert (found.key, found.why) == (None, "no_percent")


def test_components_tell_rates_of_the_same_sum_apart():
    known = [
        TaxOption(1, "A", Decimal(10), "TAX001", (Decimal(7), Decimal(3))),
        TaxOption(2, "B", Decimal(10), "TAX002", (Decimal(6), Decimal(4))),
    ]
    found = propose("State + City", Decimal(10), known, (Decimal(4), Decimal(6)))
    assert (found.key, found.sureness) == (2, "sure")
    found = propose("State + City", Decimal(10), known, (Decimal(5), Decimal(5)))
    assert found.key is None
    assert found.fitting == (1, 2)


def test_what_is_proposed_does_not_depend_on_the_order():
    known = options("GB")[:5]
    for some in itertools.permutations(known):
        found = propose("Zero rated", Decimal(0), some)
        assert found.key == propose("Zero rated", Decimal(0), known).key


def test_what_fits_by_rate_alone_is_never_sure():
    known = [TaxOption(1, "Standard", Decimal(15), "TAX004")]
    assert propose("GST", Decimal(15), known).sureness == "likely"


def test_goods_and_services_tell_nothing_but_within_the_ec():
    assert read_kinds("20% Services") == frozenset()
    assert read_kinds("EC services") == {"EC", "services"}
