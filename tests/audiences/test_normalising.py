"""Addresses, numbers and hashes in one form, whatever people type."""

from __future__ import annotations

import datetime as dt
import hashlib
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from persona.audiences.normalising import (
    email_address,
    moment_text,
    phone_number,
    sha256_of,
    tidy,
)

_LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789"
locals_ = st.text(_LETTERS, min_size=1, max_size=20)
domains = st.lists(st.text(_LETTERS, min_size=1, max_size=12), min_size=1, max_size=3)
addresses = st.builds(lambda a, b: f"{a}@{'.'.join(b)}.com", locals_, domains)
blanks = st.sampled_from(["", " ", "  ", "\t", "\n", "\u00a0", "\u200b", "\ufeff"])


@given(addresses, blanks, blanks, st.booleans())
def test_addresses_are_the_same_whatever_stands_around_them(
    address: str, before: str, behind: str, capitals: bool
) -> None:
    typed = f"{before}{address.upper() if capitals else address}{behind}"
    assert email_address(typed) == address


@given(st.text(max_size=40))
def test_what_comes_out_is_an_address_and_stays_one(text: str) -> None:
    found = email_address(text)
    if found is not None:
        assert email_address(found) == found == found.lower()
        assert re.fullmatch(r"[a-z0-9][!-~]*@[^@\s]+\.[^@\s.]{2,}", found)
        assert not found.startswith(("=", "+", "-", "@"))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "anna",
        "anna@",
        "@example.com",
        "anna@example",
        "an na@example.com",
        "anna@exa mple.com",
        "anna@example..com",
        ".anna@example.com",
        "anna.@example.com",
        "anna@-example.com",
        "anna@example.c",
        "anna@127.0.0.1",
        "żółć@example.com",
        "=cmd|' /C calc'!A0@example.com",
        "+anna@example.com",
        "anna@example.com, ola@example.com",
        "Anna <anna@example.com>",
        "a" * 65 + "@example.com",
        "anna@" + "x" * 250 + ".com",
    ],
)
def test_what_is_no_address(text: str) -> None:
    assert email_address(text) is None


def test_letters_of_any_alphabet_may_stand_behind_the_at_sign() -> None:
    assert email_address("anna@zażółć.pl") == "anna@zażółć.pl"


@given(st.integers(100_000_000, 999_999_999), st.sampled_from([" ", "-", ".", "", "/"]))
def test_polish_numbers_in_every_spelling(number: int, sign: str) -> None:
    digits = str(number)
    parts = sign.join((digits[:3], digits[3:6], digits[6:]))
    for text in (f"+48 {parts}", f"0048{parts}", f"(+48) {parts}".replace("(+48)", "+48"), parts):
        assert phone_number(text, 48) == f"48{digits}"
    assert phone_number(f"48{digits}", 48) == f"48{digits}"
    assert phone_number(float(digits), 48) == f"48{digits}"


@pytest.mark.parametrize(
    ("text", "country", "found"),
    [
        ("8 (999) 555-11-11", 7, "79995551111"),
        ("+7 999 555 11 11", None, "79995551111"),
        ("9995551111", 7, "79995551111"),
        ("06-12345678", 31, "31612345678"),
        ("+31 (0)6 12345678", None, "31612345678"),
        ("601234567", None, None),
        ("12", 48, None),
        ("call me", 48, None),
        ("601 234 567 ext 4", 48, None),
        ("0000000000", 48, None),
        ("１２３４５６７８９", 48, "48123456789"),
        ("1" * 16, None, None),
        ("+1 234 567 8901", None, "12345678901"),
        ("01234 567", 355, "3551234567"),
    ],
)
def test_telephone_numbers(text: str, country: int | None, found: str | None) -> None:
    assert phone_number(text, country) == found


@given(st.text(max_size=30), st.sampled_from([None, 1, 7, 31, 48, 355]))
def test_numbers_are_digits_with_a_country_code(text: str, country: int | None) -> None:
    found = phone_number(text, country)
    if found is not None:
        assert re.fullmatch(r"[1-9]\d{7,14}", found) and found.isascii()
        assert phone_number(f"+{found}") == found


@given(st.text(max_size=50))
def test_the_hash_is_that_of_the_bytes_in_utf8(text: str) -> None:
    if "\ud800" <= max(text, default="") <= "\udfff":
        return
    assert sha256_of(text) == hashlib.sha256(text.encode("utf-8")).hexdigest()


@given(addresses)
def test_two_spellings_of_one_person_have_one_hash(address: str) -> None:
    first, second = email_address(f" {address.upper()} "), email_address(address)
    assert first is not None and second is not None
    assert sha256_of(first) == sha256_of(second) != sha256_of(address.upper())


@given(st.text(max_size=40))
def test_tidy_texts_are_one_line_and_stay_as_they_are(text: str) -> None:
    once = tidy(text)
    assert tidy(once) == once == once.strip()
    assert not re.search(r"[\x00-\x1f\x7f\u200b]", once)


def test_moments_as_each_destination_writes_them() -> None:
    day = dt.date(2026, 10, 31)
    forms = ("unix", "milliseconds", "iso", "day", "points")
    assert [moment_text(day, form) for form in forms] == [
        1793404800,
        1793404800000,
        "2026-10-31T00:00:00Z",
        "2026-10-31",
        "31.10.2026",
    ]
