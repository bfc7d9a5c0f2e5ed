"""Hostile input at every address and in every form field: refused or taken, never a crash.

The slice here is small; ``make chaos`` sends more.
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from itertools import cycle, islice
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from apps.core import clock
from apps.staff import services as staff
from apps.tenants import wall
from apps.tenants.models import Business
from tests.architecture.test_doors import SAMPLES
from tests.conftest import ClientFor
from tests.isolation.canaries import key_of, seed
from tests.isolation.test_crawl import ALPHA, routes

REQUESTS = int(os.environ.get("HOSTILE_REQUESTS", "600"))
TEXTS = (
    "", " ", "\x00", "\x01\x02", "\ud7ff\ufffe", "'; DROP TABLE x; --", "<script>alert(1)</script>",
    "{{ 7*7 }}{% for x in y %}", "${7*7}", "../../etc/passwd", "=cmd|' /C calc'!A0", "a" * 70_000,
    "-1", "0", "9" * 30, "1e400", "NaN", "0x10", "1,5", "9999-12-31T23:59:59-23:59", "0001-01-01",
    "2026-02-30", "2026-05-14T25:61", "null", "[]", "{}", "true", "\u202eabc", "\u0000\u0000",
    "%00", "%ff", "\r\nBcc: x@example.com", "00000000-0000-0000-0000-000000000000", "👩‍👩‍👧‍👦" * 50,
)  # fmt: skip
QUERY = (
    "q", "cursor", "limit", "page", "status", "state", "view", "rating", "source", "location",
    "tag", "since", "until", "ordering", "whose", "next", "kind", "channel", "after", "stage",
)  # fmt: skip
BODIES = (
    b"", b"{", b"[]", b"null", b'{"a":' * 2000 + b"1" + b"}" * 2000, b"\xff\xfe", b'{"a":1,"a":2}',
    b'{"x":"\\u0000"}', b'{"x":"\\ud800"}', b'{"x":NaN}', b'{"x":1e999}', b"[" * 50_000,
)  # fmt: skip


@dataclass
class Form:
    """A form as a browser would see it."""

    action: str
    fields: dict[str, str] = field(default_factory=dict)
    files: list[str] = field(default_factory=list)


class Forms(HTMLParser):
    """Collects the POST forms of a page."""

    def __init__(self, address: str) -> None:
        super().__init__()
        self.address = address
        self.found: list[Form] = []
        self.current: Form | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a form or a field of it."""
        values = {name: value or "" for name, value in attrs}
        if tag == "form":
            is_post = values.get("method", "").lower() == "post"
            self.current = Form(values.get("action") or self.address) if is_post else None
            if self.current:
                self.found.append(self.current)
        elif self.current and tag in {"input", "textarea", "select", "button"}:
            name = values.get("name")
            if name and values.get("type") == "file":
                self.current.files.append(name)
            elif name and name != "csrfmiddlewaretoken":
                self.current.fields[name] = values.get("value", "")

    def handle_endtag(self, tag: str) -> None:
        """Leave a form."""
        if tag == "form":
            self.current = None


def pages_of(client: Client, keys: list[str]) -> Iterator[tuple[str, Any]]:
    """Yield every page a client can open, those of an object with the first key that fits."""
    for address in routes():
        sample = SAMPLES["uuid"]
        for one in keys if sample in address else [sample]:
            response = client.get(address.replace(sample, one))
            if response.status_code == 200 and not response.streaming:
                yield address.replace(sample, one), response
                break


def forms_of(client: Client, keys: list[str]) -> list[Form]:
    """Return the forms of every page a client can open."""
    found: dict[tuple[str, tuple[str, ...]], Form] = {}
    for address, response in pages_of(client, keys):
        parser = Forms(address)
        parser.feed(response.content.decode("utf-8", "replace"))
        for form in parser.found:
            if form.action.startswith("/") and not form.action.startswith("/account/"):
                found[form.action, tuple(form.fields)] = form
    return list(found.values())


def hostile_posts(forms: list[Form]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield (address, body): each value in each field, the others as they stood."""
    for text in TEXTS:
        for form in forms:
            for name in form.fields:
                yield form.action, {**form.fields, name: text}
            for name in form.files:
                upload = SimpleUploadedFile(f"x{text[:5]}.csv", text.encode("utf-8", "replace"))
                yield form.action, {**form.fields, name: upload}


def broken(response: Any) -> bool:
    """Tell whether an answer is a crash or shows the inside."""
    body = b"" if response.streaming else response.content
    return response.status_code >= 500 or b"Traceback" in body or b"DataError" in body


def test_no_query_string_breaks_a_page(
    client_for: ClientFor, alpha: Business, beta: Business
) -> None:
    with wall.as_business(alpha):
        seed(ALPHA)
    client = client_for("alice")
    client.raise_request_exception = False
    pairs = cycle((name, text) for text in TEXTS for name in QUERY)
    wrong = []
    for address in islice(cycle(routes()), REQUESTS // 4):
        query = dict(islice(pairs, 3))
        response = client.get(address, query)
        if broken(response):
            wrong.append(f"{response.status_code} {address} {str(query)[:120]}")
    assert wrong == []


def test_no_field_of_a_form_breaks_a_page(client_for: ClientFor, alpha: Business) -> None:
    with wall.as_business(alpha):
        keys = [str(key) for key in seed(ALPHA).values() if key_of(key)]
    client = client_for("alice")
    client.raise_request_exception = False
    forms = forms_of(client, keys)
    assert len(forms) > 10
    posts = list(hostile_posts(forms))
    step = max(1, len(posts) // (REQUESTS // 5))
    wrong = []
    for address, body in posts[::step]:
        response = client.post(address, body)
        if broken(response):
            wrong.append(f"{response.status_code} {address} {str(body)[:160]}")
    assert wrong == []


def test_no_body_breaks_the_api(client_for: ClientFor, alpha: Business) -> None:
    with wall.as_business(alpha):
        seed(ALPHA)
        secret = staff.create_api_key(name="x", scopes=["*"], now=clock.now())
    client = Client(HTTP_HOST="alpha.localhost", raise_request_exception=False)
    headers = {"authorization": f"Bearer {secret}"}
    wrong = []
    addresses = [address for address in routes() if address.startswith("/api/")]
    for address in addresses:
        for method in ("post", "patch"):
            for body in BODIES:
                call = getattr(client, method)
                response = call(address, body, content_type="application/json", headers=headers)
                if broken(response):
                    wrong.append(f"{response.status_code} {method} {address} {body[:60]!r}")
    assert wrong == []
