"""Keyset pages: every row once, both ways, and a clear answer to a made-up cursor."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.core.errors import NotFoundError
from apps.core.pages import decode_cursor, encode_cursor, keyset_page
from apps.locations.models import Location
from apps.tenants.models import Business

START = datetime(2026, 3, 1, tzinfo=UTC)


def make(count: int) -> list[str]:
    # Pairs share a moment, so that only the id tells them apart.
    places = [
        Location(
            name=str(number),
            country="GB",
            time_zone="UTC",
            created_at=START + timedelta(days=number // 2),
        )
        for number in range(count)
    ]
    Location.objects.bulk_create(places)
    return [place.name for place in Location.objects.order_by("-created_at", "-id")]


def test_pages_forward_and_back_show_each_row_once(inside: Business) -> None:
    expected = make(7)
    first = keyset_page(Location.objects.all(), by="created_at", limit=3)
    second = keyset_page(Location.objects.all(), by="created_at", limit=3, cursor=first.next_cursor)
    third = keyset_page(Location.objects.all(), by="created_at", limit=3, cursor=second.next_cursor)
    names = [[place.name for place in page.items] for page in (first, second, third)]
    assert names == [expected[:3], expected[3:6], expected[6:]]
    assert (first.previous_cursor, third.next_cursor) == ("", "")
    back = keyset_page(
        Location.objects.all(), by="created_at", limit=3, cursor=third.previous_cursor
    )
    assert [place.name for place in back.items] == expected[3:6]
    home = keyset_page(
        Location.objects.all(), by="created_at", limit=3, cursor=back.previous_cursor
    )
    assert [place.name for place in home.items] == expected[:3]
    assert home.previous_cursor == ""


@given(st.text(max_size=80))
def test_made_up_cursor_is_not_found(text: str) -> None:
    with pytest.raises(NotFoundError):
        decode_cursor(text)


@pytest.mark.parametrize("key", [("x", "y"), ("9999-99-99", "1"), ("", "")])
def test_cursor_with_impossible_values_is_not_found(inside: Business, key: tuple[str, str]) -> None:
    with pytest.raises(NotFoundError):
        keyset_page(Location.objects.all(), by="created_at", cursor=encode_cursor("n", *key))
