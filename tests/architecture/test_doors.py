"""Every staff page, now and later: who may open it, found through the resolver."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from apps.accounts.choices import Role
from apps.staff.rules import permissions_of
from tests.conftest import ClientFor

NOBODY = UUID(int=7)
SAMPLES = {
    "uuid": str(NOBODY),
    "int": "7",
    "slug": "seven",
    "str": "seven",
    "path": "seven",
}
MEMBERS = {"alice": Role.OWNER, "mona": Role.MANAGER, "bob": Role.AGENT, "ana": Role.ANALYST}


def walk(patterns: list[Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Yield (address with samples filled in, view) of every pattern below."""
    for entry in patterns:
        route = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from walk(entry.url_patterns, route)
        elif isinstance(entry, URLPattern):
            yield fill(route, entry.pattern.converters, prefix), entry.callback


def fill(route: str, converters: dict[str, Any], prefix: str) -> str:
    parts = []
    for piece in route.split("<"):
        if ">" not in piece:
            parts.append(piece)
            continue
        name, rest = piece.split(">", 1)
        kind = name.split(":", 1)[0] if ":" in name else "str"
        parts.append(SAMPLES[kind] + rest)
    return "/" + "".join(parts)


def staff_pages() -> list[tuple[str, str]]:
    """Return (address, permission) of every view behind ``staff_required``."""
    found = [
        (address, view.permission)
        for address, view in walk(get_resolver("cxsaas.urls").url_patterns)
        if hasattr(view, "permission")
    ]
    assert found
    return sorted(set(found))


def test_every_view_of_the_staff_door_asks_for_a_permission() -> None:
    open_views = [
        address
        for address, view in walk(get_resolver("cxsaas.urls").url_patterns)
        if getattr(view, "__module__", "").startswith("apps.web.")
        and not getattr(view, "__module__", "").startswith(
            ("apps.web.styleguide", "apps.web.sandbox", "apps.web.platform")
        )
        and not hasattr(view, "permission")
    ]
    assert open_views == []


def both(client: Client, address: str) -> set[int]:
    """Return the answers to GET and POST, without "this method is not for this page"."""
    answers = {client.get(address).status_code, client.post(address, {}).status_code}
    return answers - {405}


def test_nobody_opens_a_page_without_signing_in(client_for: ClientFor) -> None:
    client = client_for()
    assert {a: both(client, a) for a, _ in staff_pages() if both(client, a) != {302}} == {}


def test_a_stranger_and_another_business_are_refused(client_for: ClientFor) -> None:
    for name in ("charlie", "dora"):
        client = client_for(name)
        assert {a: both(client, a) for a, _ in staff_pages() if both(client, a) != {403}} == {}


@pytest.mark.parametrize("name", MEMBERS)
def test_a_role_opens_its_pages_and_no_others(client_for: ClientFor, name: str) -> None:
    client = client_for(name)
    allowed = permissions_of(MEMBERS[name])
    wrong = {}
    for address, permission in staff_pages():
        status = client.get(address).status_code
        if status == 405:
            status = client.post(address, {}).status_code
        if (status == 403) != (permission not in allowed) or status >= 500:
            wrong[address] = (permission, status)
    assert wrong == {}


def test_nothing_a_member_can_post_breaks_a_page(client_for: ClientFor) -> None:
    client = client_for("alice")
    broken = {}
    for address, _ in staff_pages():
        for body in (
            {},
            {"text": "\x01", "name": "x" * 5000},
            {"id": "not-an-id", "rating": "9e9"},
        ):
            status = client.post(address, body).status_code
            if status >= 500:
                broken[address] = status
    assert broken == {}
