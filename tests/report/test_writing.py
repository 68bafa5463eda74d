"""Figures and filled sentences agree with Babel and with the standard library."""

from __future__ import annotations

import json
import string

import pytest
from babel import Locale
from babel.numbers import format_decimal, format_percent
from hypothesis import given, settings
from hypothesis import strategies as st

from persona.report import locale as languages
from persona.report.data import as_json, plain
from persona.report.writing import Figures, fill

WORDS = st.text(st.characters(exclude_categories=["Cs"]))
NUMBERS = st.one_of(
    st.floats(-1e7, 1e7, allow_nan=False),
    st.integers(-8000, 8000).map(lambda eighths: eighths / 8),
    st.sampled_from([0.0, -0.0, 0.5, 1.5, 2.675, -0.4, 999.5, 1e-7, 1e16]),
)


@pytest.mark.parametrize("code", ["en", "pl", "ru", "nl", "de", "fr", "tr"])
@settings(max_examples=60, deadline=None)
@given(value=NUMBERS, decimals=st.integers(0, 4))
def test_figures_are_those_of_babel(code: str, value: float, decimals: int) -> None:
    locale = Locale.parse(code)
    pattern = "#,##0" + ("." + "0" * decimals if decimals else "")
    percents = locale.percent_formats[None].pattern.replace("#,##0", pattern)
    number = format_decimal(value, format=pattern, locale=locale)
    percent = format_percent(value / 100, format=percents, locale=locale)
    figures = Figures.of(locale)
    assert figures.decimal(value, decimals) == _unsigned_zero(number).replace("-", "−")
    assert figures.percent(value, decimals) == _unsigned_zero(percent)


def _unsigned_zero(text: str) -> str:
    return text if any(digit in "123456789" for digit in text) else text.replace("-", "")


def test_the_same_figure_is_written_alike_whatever_was_written_before() -> None:
    figures = Figures.of(Locale.parse("pl"))
    assert figures.decimal(-0.0, 1) == figures.decimal(0.0, 1) == "0,0"
    assert figures.percent(-0.2, 0) == figures.percent(0.0, 0) == "0%"


def test_sentences_are_filled_as_the_standard_library_fills_them() -> None:
    values = {"name": "Ann", "many": [1, 2]}
    for message in ("{name!r} is {name:>6}", "{{kept}} {many[1]}", "nothing"):
        expected = string.Formatter().vformat(message, (), values)
        assert fill(message, values, format) == expected
    with pytest.raises(KeyError):
        fill("{other}", values, format)


def test_specifications_are_written_as_the_language_does() -> None:
    polish = languages.load("pl")
    assert polish.gettext("{a:.2f} {b:.0%} {c} {d:>3}", a=1234.5, b=0.5, c=0.25, d="x") == (
        "1\xa0234,50 50% 0,25   x"
    )


@settings(max_examples=80, deadline=None)
@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | WORDS,
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(WORDS, inner, max_size=4),
        max_leaves=25,
    )
)
def test_results_are_indented_as_the_standard_library_does(value: object) -> None:
    whole = json.dumps(plain(value), ensure_ascii=False, indent=2, allow_nan=False)
    assert as_json(value) == f"{whole}\n".encode()
