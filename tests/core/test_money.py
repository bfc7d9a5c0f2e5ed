"""Amounts as people type them."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.core.errors import AppError
from apps.core.money import Money, read_amount


@pytest.mark.parametrize(
    ("typed", "currency", "minor"),
    [
        ("5", "GBP", 5_00),
        ("£5", "GBP", 5_00),
        ("5 £", "GBP", 5_00),
        ("5,00", "GBP", 5_00),
        ("12,5", "GBP", 12_50),
        (" 12.50 gbp ", "GBP", 12_50),
        ("GBP 12.50", "GBP", 12_50),
        (".5", "GBP", 50),
        ("0,99", "GBP", 99),
        ("1,250.00", "GBP", 1250_00),
        ("1.250,00 €", "EUR", 1250_00),
        ("1 250,5", "EUR", 1250_50),
        ("1\u2019250.50", "CHF", 1250_50),
        ("1,250,000", "GBP", 1_250_000_00),
        ("1.250.000,99", "EUR", 1_250_000_99),
        ("A$7", "AUD", 7_00),
        ("$7", "USD", 7_00),
        ("$7", "AUD", 7_00),
        ("¥1,250", "JPY", 1250),
        ("0.005", "KWD", 5),
    ],
)
def test_read_amount(typed: str, currency: str, minor: int) -> None:
    assert read_amount(typed, currency) == Money(minor, currency)


@pytest.mark.parametrize(
    ("typed", "currency", "code"),
    [
        ("1,250", "GBP", "two_ways"),
        ("1.005", "GBP", "two_ways"),
        ("1.250", "KWD", "two_ways"),
        ("1,25.50", "GBP", "two_ways"),
        ("1,250,00", "GBP", "two_ways"),
        ("12.5055", "GBP", "too_many_decimals"),
        ("0.005", "GBP", "too_many_decimals"),
        ("5.5", "JPY", "too_many_decimals"),
        ("€5", "GBP", "no_amount"),
        ("5 USD", "GBP", "no_amount"),
        ("-5", "GBP", "no_amount"),
        ("five", "GBP", "no_amount"),
        ("", "GBP", "no_amount"),
        ("5.", "GBP", "no_amount"),
        ("1e5", "GBP", "no_amount"),
        ("٥", "GBP", "no_amount"),
        ("9999999999999", "GBP", "no_amount"),
    ],
)
def test_read_amount_refuses(typed: str, currency: str, code: str) -> None:
    with pytest.raises(AppError) as caught:
        read_amount(typed, currency)
    assert caught.value.code == code


@given(minor=st.integers(0, 10**11), currency=st.sampled_from(["GBP", "EUR", "JPY", "CHF"]))
def test_what_is_printed_with_its_cents_is_read_again(minor: int, currency: str) -> None:
    money = Money(minor, currency)
    assert (
        read_amount(f"{money.decimal:.2f}" if currency != "JPY" else str(minor), currency) == money
    )


@given(typed=st.text(max_size=20))
def test_anything_is_read_or_refused_in_words(typed: str) -> None:
    with suppress(AppError):
        assert read_amount(typed, "GBP").minor >= 0
