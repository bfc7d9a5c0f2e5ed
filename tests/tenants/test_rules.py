"""What counts as a name typed to confirm."""

import pytest

from apps.tenants.rules import is_same_name


@pytest.mark.parametrize(
    ("typed", "is_same"),
    [
        ("Holt’s “Café” – Bakery", True),
        ('Holt\'s "Café" - Bakery', True),
        ("  holt`s  «café» — BAKERY ", True),
        ("Holt’s “Cafe\u0301” – Bakery", True),
        ("Holt’s “Café” Bakery", False),
        ("Holts “Café” – Bakery", False),
        ("", False),
    ],
)
def test_a_typed_name_is_read_as_it_is_meant(typed: str, *, is_same: bool) -> None:
    assert is_same_name(typed, "Holt’s “Café” – Bakery") is is_same
