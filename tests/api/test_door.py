"""What every address of the API does: keys, scopes, refusals, pages, clean reading."""

from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.core.management import call_command
from django.test import Client

from apps.api.shared.views import Door
from apps.customers.models import Customer, Transaction
from apps.staff.models import ApiKey
from apps.staff.services import SCOPES
from apps.tenants import wall
from apps.tenants.models import Business
from tests.api.conftest import Caller, KeyFor, make_key
from tests.factories import NOW, make_customer

ROOT = Path(__file__).resolve().parents[2]
NOBODY = UUID(int=7)
ONES = ["customers", "transactions", "offers", "messages", "failures", "cases", "reviews"]
READS = [*ONES, "events"]
WRITES = ["customers", "transactions", "redemptions", "failures", "offers", "reviews"]


def problem(response: Any) -> tuple[int, str, list[str]]:
    """Return status, code and the fields named, of an answer that must be a problem."""
    assert response["Content-Type"] == "application/problem+json"
    body = response.json()
    assert body["status"] == response.status_code
    assert body["detail"]
    return response.status_code, body["code"], [e["field"] for e in body.get("errors", [])]


@pytest.mark.parametrize("noun", READS)
def test_reading_asks_for_the_scope_of_the_noun(key_for: KeyFor, noun: str) -> None:
    assert key_for(f"{noun}:read").get(f"{noun}/").status_code == 200
    other = "redemptions:write"
    assert problem(key_for(other).get(f"{noun}/")) == (403, "permission_denied", [])


@pytest.mark.parametrize("noun", WRITES)
def test_writing_asks_for_the_scope_and_leaves_no_trace_without(
    key_for: KeyFor, alpha: Business, noun: str
) -> None:
    body = {"first_name": "Nora"}
    reader = key_for("customers:read", "transactions:read", "offers:read", "failures:read")
    assert problem(reader.post(f"{noun}/", body)) == (403, "permission_denied", [])
    with wall.as_business(alpha):
        assert Customer.objects.count() == 0
        assert Transaction.objects.count() == 0


def views(kind: type[Door]) -> list[type[Door]]:
    """Return all views of the API."""
    direct = kind.__subclasses__()
    return [*direct, *(view for one in direct for view in views(one))]


def test_every_scope_that_an_address_asks_for_can_be_given() -> None:
    wanted = {
        view.scope or f"{view.noun}:{'read' if method == 'get' else 'write'}"
        for view in views(Door)
        for method in ("get", "post", "patch", "delete")
        if hasattr(view, method)
    }
    assert wanted - set(SCOPES) == set()


def test_without_a_key_one_is_asked_for(alpha: Business) -> None:
    for secret in ("", "cx_live_nothing"):
        response = Caller(secret).get("customers/")
        assert problem(response)[0] == 401
        assert response["WWW-Authenticate"] == 'Bearer realm="cxsaas"'


def test_a_log_in_is_no_key(client_for: Any) -> None:
    client = client_for("alice")
    assert problem(client.get("/api/v1/customers/"))[0] == 401


@pytest.mark.parametrize("header", ["Basic YTpi", "Bearer", "Bearer  ", "bearer \x7f", "x" * 9000])
def test_a_strange_header_is_no_key(alpha: Business, header: str) -> None:
    client = Client(SERVER_NAME="alpha.localhost", headers={"authorization": header})
    assert problem(client.get("/api/v1/customers/"))[0] == 401


def test_a_key_of_another_business_does_not_exist_here(key_for: KeyFor, beta: Business) -> None:
    here = key_for("*", host="beta")
    assert problem(here.get("customers/"))[0] == 401
    assert problem(here.post("customers/", {"first_name": "Eve"}))[0] == 401
    with wall.as_business(beta):
        assert Customer.objects.count() == 0


def test_what_belongs_to_another_business_is_not_there(caller: Caller, beta: Business) -> None:
    with wall.as_business(beta):
        theirs = make_customer()
    assert problem(caller.get(f"customers/{theirs.pk}/"))[0] == 404
    assert caller.get("customers/").json()["results"] == []


@pytest.mark.parametrize("change", ["revoked_at", "expires_at"])
def test_a_key_ends(caller: Caller, alpha: Business, change: str) -> None:
    with wall.as_business(alpha):
        ApiKey.objects.update(**{change: NOW - timedelta(days=1)})
    assert problem(caller.get("customers/"))[0] == 401


def test_the_platform_has_no_api(alpha: Business) -> None:
    client = Client(headers={"authorization": f"Bearer {make_key(alpha, '*')}"})
    assert client.get("/api/v1/customers/", headers={"host": "localhost"}).status_code == 404


@pytest.mark.parametrize("noun", ONES)
def test_what_is_not_there_is_404(caller: Caller, noun: str) -> None:
    assert problem(caller.get(f"{noun}/{NOBODY}/")) == (404, "not_found", [])


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "DELETE"])
@pytest.mark.parametrize("path", ["customers", "nothing/", "customers/not-an-id/"])
def test_an_unknown_address_is_a_problem_too(caller: Caller, method: str, path: str) -> None:
    response = caller.send(method, path, {})
    assert problem(response) == (404, "not_found", [])
    assert response.json()["detail"].endswith("end with a slash.") == (path == "customers")


def test_an_unknown_method_is_a_problem(caller: Caller) -> None:
    assert problem(caller.send("DELETE", "customers/", {})) == (405, "method_not_allowed", [])


def test_every_answer_carries_the_reference(caller: Caller) -> None:
    asked = caller.client.get("/api/v1/customers/", headers={"x-request-id": "till-4-0001"})
    assert asked["X-Request-ID"] == "till-4-0001"
    assert len(caller.get("nothing/")["X-Request-ID"]) == 32


@pytest.mark.parametrize("noun", READS)
@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"colour": "red"}, "colour"),
        ({"limit": "0"}, "limit"),
        ({"limit": "201"}, "limit"),
        ({"limit": "many"}, "limit"),
        ({"limit": "9" * 400}, "limit"),
        ({"cursor": "abc"}, "cursor"),
        ({"cursor": "WyJuIiwiYSIsImIiXQ"}, "cursor"),
        ({"cursor": "WyJuIiwiOTk5OTk5OTk5OTk5OTk5OTk5OTk5OTkiLCIiXQ"}, "cursor"),
        ({"cursor": "x" * 500}, "cursor"),
    ],
)
def test_a_strange_parameter_is_refused_by_name(
    caller: Caller, noun: str, query: dict[str, str], field: str
) -> None:
    status, _, fields = problem(caller.get(f"{noun}/", **query))
    assert (status, fields) == (400, [field])


def test_pages_lead_on_and_back(caller: Caller, alpha: Business) -> None:
    with wall.as_business(alpha):
        for number in range(5):
            make_customer(
                first_name=f"P{number}", email="", phone="", now=NOW + timedelta(minutes=number)
            )
    first = caller.get("customers/", limit=2).json()
    assert first["previous"] is None
    assert first["next"].startswith("http://alpha.localhost/api/v1/customers/?")
    second = caller.client.get(first["next"]).json()
    third = caller.client.get(second["next"]).json()
    names = [[row["first_name"] for row in page["results"]] for page in (first, second, third)]
    assert names == [["P4", "P3"], ["P2", "P1"], ["P0"]]
    assert third["next"] is None
    assert caller.client.get(third["previous"]).json()["results"] == second["results"]


HOSTILE: list[tuple[bytes, int]] = [
    (b"", 422),
    (b"{", 400),
    (b"[]", 422),
    (b"null", 422),
    (b'"text"', 422),
    (b"7", 422),
    (b'{"first_name": "a", "first_name": "b"}', 400),
    (b'{"first_name": "\\u0000"}', 400),
    (b'{"first_name": "\\ud800"}', 400),
    (b'{"first_name": NaN}', 400),
    (b'{"first_name": 1e999}', 422),
    (b'{"first_name": ' + b"9" * 5000 + b"}", 400),
    (b'{"first_name": {"$ne": ""}}', 422),
    (b'{"first_name": true}', 422),
    (b"[" * 50_000, 400),
    (b'{"tags": ' + b"[" * 40 + b"]" * 40 + b"}", 400),
    (b'{"first_name": "\xff"}', 400),
    (b"\xef\xbb\xbf{}", 400),
    (b'{"first_name": "' + b"x" * 3_000_000 + b'"}', 413),
]


@pytest.mark.parametrize("noun", WRITES)
@pytest.mark.parametrize(("raw", "status"), HOSTILE)
def test_hostile_bodies_are_refused(caller: Caller, noun: str, raw: bytes, status: int) -> None:
    assert problem(caller.post(f"{noun}/", raw))[0] == status


def test_only_json_is_read(caller: Caller) -> None:
    response = caller.client.post("/api/v1/customers/", {"first_name": "Nora"})
    assert problem(response) == (415, "unsupported_media_type", [])


def test_the_document_is_the_one_in_the_repository(
    alpha: Business, tmp_path: Path, capsys: Any
) -> None:
    file = tmp_path / "openapi.yaml"
    call_command("spectacular", file=str(file), validate=True, fail_on_warn=True)
    assert file.read_text() == (ROOT / "docs" / "openapi.yaml").read_text()


def test_the_document_is_served_to_everybody(alpha: Business) -> None:
    client = Client(SERVER_NAME="alpha.localhost")
    response = client.get("/api/v1/openapi.json")
    assert response.status_code == 200
    document = response.json()
    assert document["openapi"] == "3.1.0"
    assert "Idempotency-Key" in document["info"]["description"]


def test_the_page_for_people_has_no_inline_script(alpha: Business) -> None:
    response = Client(SERVER_NAME="alpha.localhost").get("/api/v1/docs/")
    assert response.status_code == 200
    page = response.content.decode()
    assert 'data-url="/api/v1/openapi.json"' in page
    assert page.count("<script src=") == page.count("<script") == 2
    assert "style=" not in page
