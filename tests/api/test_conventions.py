"""What every operation of the API keeps, found by walking the OpenAPI document."""

import json
import os
from collections.abc import Iterable
from typing import Any

import pytest

from apps.staff.services import SCOPES
from apps.tenants import wall
from apps.tenants.models import Business
from tests.api.conftest import Caller, KeyFor
from tests.api.document import (
    ALL,
    LISTS,
    NOBODY,
    POSTS,
    SINGLE,
    WITH_BODY,
    Operation,
    document,
    label,
    smallest,
)
from tests.api.test_door import problem
from tests.factories import make_customer
from tests.isolation.canaries import key_of, seed, tenant_models
from tests.isolation.test_crawl import snapshot

# One in so many strange values for each field; 1 for all of them.
SHARE = int(os.environ.get("CONVENTIONS_SHARE", "4"))
SHORT = 4
LIMITS = ("RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset")


def ask(caller: Caller, operation: Operation, body: Any = None, **extra: Any) -> Any:
    """Send an operation to an object that is not there, with the smallest body if none is given."""
    sent = (operation.body or {}) if body is None else body
    if operation.method in {"GET", "DELETE"}:
        address = f"/api/v1/{operation.address()}"
        return caller.client.generic(operation.method, address, **extra)
    return caller.send(operation.method, operation.address(), sent, **extra)


def test_the_document_holds_every_noun_of_the_path() -> None:
    nouns = {one.path.split("/")[3] for one in ALL}
    assert nouns >= {
        "campaigns", "cases", "consents", "customers", "events", "failures", "kpis", "locations",
        "messages", "offers", "promises", "redemptions", "response-templates", "responses",
        "reviews", "staff", "text-checks", "transactions",
    }  # fmt: skip
    assert len({one.name for one in ALL}) == len(ALL)


def test_refusals_are_told_as_problems() -> None:
    parts = document()["components"]["responses"]
    for operation in ALL:
        for status, answer in operation.about["responses"].items():
            name = answer.get("$ref", "").rpartition("/")[2]
            content = (parts[name] if name else answer).get("content", {})
            kind = "application/problem+json" if status >= "400" else "application/json"
            assert set(content) <= {kind}
        assert {"400", "401", "403", "406", "429", "503"} <= set(operation.about["responses"])


def test_without_a_key_there_is_nothing(key_for: KeyFor) -> None:
    stranger, foreign = Caller(""), key_for("*", host="beta")
    for operation in ALL:
        answer = ask(stranger, operation)
        assert (operation.name, *problem(answer)[:2]) == (operation.name, 401, "not_authenticated")
        assert problem(ask(foreign, operation))[:2] == (401, "authentication_failed")


def test_a_key_without_the_scope_is_told_which_one(key_for: KeyFor) -> None:
    holders = {scope: key_for(scope) for scope in SCOPES}
    poor, wanted = key_for(), set()
    for operation in ALL:
        answer = ask(poor, operation)
        assert (operation.name, *problem(answer)[:2]) == (operation.name, 403, "permission_denied")
        words = answer.json()["detail"]
        scope = words.removeprefix("This key lacks the scope ").removesuffix(".")
        assert scope in SCOPES
        assert all(answer.has_header(name) for name in LIMITS)
        # With that scope alone the same request gets further.
        assert (operation.name, ask(holders[scope], operation).status_code) != (operation.name, 403)
        wanted.add(scope)
    assert wanted == set(SCOPES)


def slip_of(names: Iterable[str]) -> tuple[str, str]:
    """Return a name as somebody might mistype it, and the one that was meant."""
    known = next((name for name in names if len(name) > SHORT), "")
    return (f"{known[:-1]}x", known) if known else ("colour", "")


def with_query(caller: Caller, operation: Operation, query: str) -> Any:
    address = f"/api/v1/{operation.address()}?{query}"
    raw = json.dumps(operation.body or {})
    return caller.client.generic(operation.method, address, raw, "application/json")


def test_an_unknown_parameter_is_named(caller: Caller) -> None:
    for operation in ALL:
        slip, known = slip_of(operation.queries)
        answer = with_query(caller, operation, f"{slip}=1")
        assert (operation.name, *problem(answer)) == (operation.name, 400, "invalid", [slip])
        (error,) = answer.json()["errors"]
        assert error["code"] == "unknown_field"
        assert (f"Did you mean {known}?" in error["message"]) == bool(known)


def test_a_parameter_stands_once(caller: Caller) -> None:
    for operation in ALL:
        answer = with_query(caller, operation, "limit=1&limit=2")
        assert (operation.name, *problem(answer)) == (operation.name, 400, "invalid", ["limit"])
        assert answer.json()["errors"][0]["code"] == "twice"


def test_an_unknown_field_is_named(caller: Caller) -> None:
    for operation in WITH_BODY:
        slip, known = slip_of((operation.schema or {})["properties"])
        answer = ask(caller, operation, {**(operation.body or {}), slip: "x"})
        assert (operation.name, *problem(answer)) == (operation.name, 422, "invalid", [slip])
        (error,) = answer.json()["errors"]
        assert error["code"] == "unknown_field"
        assert (f"Did you mean {known}?" in error["message"]) == bool(known)


WRONG: list[tuple[bytes, int]] = [
    (b"{", 400),
    (b"[]", 422),
    (b"null", 422),
    (b'"text"', 422),
    (b'{"a": 1, "a": 2}', 400),
    (b'{"a": "\\u0000"}', 400),
    (b'{"\\u0000": 1}', 400),
    (b'{"a": "\\ud800"}', 400),
    (b'{"a": NaN}', 400),
    (b'{"a": ' + b"9" * 5000 + b"}", 400),
    (b'{"a": ' + b"[" * 40 + b"]" * 40 + b"}", 400),
    (b"[" * 50_000, 400),
    (b'{"a": "\xff"}', 400),
]


def test_what_is_no_clean_json_object_is_refused(caller: Caller) -> None:
    for operation in WITH_BODY:
        for raw, status in WRONG:
            answer = ask(caller, operation, raw)
            told = (operation.name, raw[:30], problem(answer)[0])
            assert told == (operation.name, raw[:30], status)
            assert answer.has_header("X-Request-ID")
            assert answer.has_header("RateLimit-Limit")


STRANGE: tuple[Any, ...] = (
    None, True, 7, -1, 0.5, 10**30, "", " ", "x", "\x7f\u202e", "x" * 30_000, "2026-02-30",
    "9999-12-31T23:59:59-23:59", [], [[]], [None], {}, {"x": []}, NOBODY, "1e400", "0x10",
)  # fmt: skip


@pytest.mark.parametrize("operation", WITH_BODY, ids=label)
def test_no_value_of_any_field_is_a_crash(
    caller: Caller, alpha: Business, operation: Operation
) -> None:
    with wall.as_business(alpha):
        before = snapshot()
    schema = operation.schema or {}
    for number, name in enumerate(schema["properties"]):
        for value in STRANGE[number % SHARE :: SHARE]:
            answer = ask(caller, operation, {**(operation.body or {}), name: value})
            assert (name, value, answer.status_code) != (name, value, 500)
            if answer.status_code >= 400:
                problem(answer)
    with wall.as_business(alpha):
        after = snapshot()
    # Refused or taken: with an object that is not there nothing changes.
    if "{" in operation.path:
        changed = {table for table in after if before[table] != after[table]}
        assert changed <= {"staff_apikey"}


def test_every_required_field_is_missed_by_name(caller: Caller) -> None:
    for operation in WITH_BODY:
        required = (operation.schema or {}).get("required", [])
        if required:
            answer = ask(caller, operation, {})
            status, code, fields = problem(answer)
            assert (operation.name, status, code) == (operation.name, 422, "invalid")
            assert set(required) <= set(fields)


@pytest.mark.parametrize("operation", POSTS, ids=label)
def test_the_same_post_again_has_one_answer(caller: Caller, operation: Operation) -> None:
    key = {"headers": {"Idempotency-Key": "a-1"}}
    first, again = ask(caller, operation, **key), ask(caller, operation, **key)
    assert not first.has_header("Idempotency-Replayed")
    assert again["Idempotency-Replayed"] == "true"
    assert (first.status_code, first.content) == (again.status_code, again.content)
    assert again["Content-Type"] == first["Content-Type"]
    other = ask(caller, operation, b" " + json.dumps(operation.body or {}).encode(), **key)
    assert problem(other) == (422, "idempotency_key_reused", [])


def test_other_methods_are_refused(caller: Caller) -> None:
    for operation in ALL:
        address = f"/api/v1/{operation.address()}"
        allowed = {one.method for one in ALL if one.path == operation.path}
        for method in {"GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"} - allowed:
            answer = caller.client.generic(method, address)
            assert (method, address, problem(answer)[0]) == (method, address, 405)
            assert set(answer["Allow"].split(", ")) - {"HEAD"} == allowed
            assert answer.has_header("RateLimit-Limit")


def test_only_json_is_answered_and_read(caller: Caller) -> None:
    for operation in ALL:
        picky = ask(caller, operation, headers={"Accept": "text/html"})
        assert problem(picky)[:2] == (406, "not_acceptable")
        assert picky.has_header("RateLimit-Limit")
        if operation.schema is not None:
            address = f"/api/v1/{operation.address()}"
            form = caller.client.generic(operation.method, address, "a=1", "text/plain")
            assert problem(form)[:2] == (415, "unsupported_media_type")


@pytest.mark.parametrize("operation", LISTS, ids=label)
def test_lists_keep_their_bounds(caller: Caller, operation: Operation) -> None:
    given = operation.queries.items()
    needed = {name: smallest(one["schema"], name) for name, one in given if one.get("required")}
    for name, value in (
        ("limit", "0"), ("limit", "201"), ("limit", "many"), ("limit", "9" * 400),
        ("cursor", "abc"), ("cursor", "WyJuIiwiYSIsImIiXQ"), ("ordering", "secret"),
        ("ordering", "-"), ("ordering", "created_at,id"),
    ):  # fmt: skip
        if name in operation.queries:
            answer = caller.get(operation.address(), **{**needed, name: value})
            assert (name, value, problem(answer)[::2]) == (name, value, (400, [name]))
    orders = operation.queries.get("ordering", {"schema": {"enum": []}})["schema"]["enum"]
    for order in orders:
        answer = caller.get(operation.address(), **{**needed, "ordering": order, "limit": 200})
        assert (order, answer.status_code) == (order, 200)


@pytest.mark.parametrize("operation", LISTS, ids=label)
def test_every_filter_takes_what_it_says(caller: Caller, operation: Operation) -> None:
    for name, query in operation.queries.items():
        if name != "cursor":
            answer = caller.get(operation.address(), **{name: str(_query(query, name))})
            assert (name, answer.status_code) == (name, 200)


def _query(query: dict[str, Any], name: str) -> Any:
    value = smallest(query["schema"], name)
    return str(value).lower() if isinstance(value, bool) else value


@pytest.fixture
def ids(alpha: Business) -> list[str]:
    """Seed Alpha with a row of everything; return their keys."""
    with wall.as_business(alpha):
        made = [key for key in seed("alphacanary7").values() if key_of(key)]
        # The one among them is erased.
        return [str(key) for key in [*made, make_customer().pk]]


def test_single_objects_carry_their_version(caller: Caller, ids: list[str]) -> None:
    seen = set()
    for operation in SINGLE:
        for one in ids:
            answer = caller.get(operation.address(one))
            if answer.status_code != 200:
                problem(answer)
                continue
            seen.add(operation.name)
            address = f"/api/v1/{operation.address(one)}"
            same = caller.client.get(address, headers={"If-None-Match": answer["ETag"]})
            assert (operation.name, same.status_code, same.content) == (operation.name, 304, b"")
            assert same["ETag"] == answer["ETag"]
    assert seen == {one.name for one in SINGLE}


def test_a_stale_version_changes_nothing(caller: Caller, ids: list[str], alpha: Business) -> None:
    with wall.as_business(alpha):
        before = snapshot()
    stale, seen = {"If-Match": '"stale"'}, set()
    for operation in ALL:
        if "If-Match" not in str(operation.about.get("parameters", "")):
            continue
        for one in ids:
            if caller.get(operation.address(one)).status_code == 200:
                address = f"/api/v1/{operation.address(one)}"
                raw = json.dumps(operation.body or {})
                answer = caller.client.generic(
                    operation.method, address, raw, "application/json", headers=stale
                )
                assert problem(answer)[:2] == (412, "changed")
                seen.add(operation.name)
    wanted = {one.name for one in ALL if one.method in {"PATCH", "DELETE"}} - {"change_plan_item"}
    assert seen == wanted
    with wall.as_business(alpha):
        after = snapshot()
    assert {table for table in after if before[table] != after[table]} <= {"staff_apikey"}


def test_no_write_takes_a_column_that_it_does_not_name(caller: Caller) -> None:
    columns = {field.attname for model in tenant_models() for field in model._meta.fields}
    for operation in WITH_BODY:
        foreign = dict.fromkeys(columns - set((operation.schema or {})["properties"]), "x")
        answer = ask(caller, operation, {**(operation.body or {}), **foreign})
        status, _code, fields = problem(answer)
        assert (operation.name, status, set(fields)) == (operation.name, 422, set(foreign))
