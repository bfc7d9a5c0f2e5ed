"""``Idempotency-Key`` and the limit of a key."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import connections, transaction

from apps.core import clock
from apps.customers.models import Customer
from apps.journal.models import Entry
from apps.staff.models import ApiKey, IdempotencyRecord
from apps.staff.services import calls
from apps.tenants import wall
from apps.tenants.models import Business
from tests.api.conftest import Caller, KeyFor, make_key
from tests.api.test_door import problem
from tests.conftest import business_of
from tests.factories import NOW

NORA = {"first_name": "Nora", "email": "nora@example.com"}


def post(caller: Caller, body: Any, key: str, path: str = "customers/") -> Any:
    return caller.send("POST", path, body, headers={"Idempotency-Key": key})


def count(business: Business) -> tuple[int, int]:
    with wall.as_business(business):
        return Customer.objects.count(), Entry.objects.filter(kind="customer.created").count()


def test_the_same_request_again_has_one_effect(caller: Caller, alpha: Business) -> None:
    first, again = post(caller, NORA, "a-1"), post(caller, NORA, "a-1")
    assert first.status_code == again.status_code == 201
    assert first.content == again.content
    assert first["Location"] == again["Location"]
    assert not first.has_header("Idempotency-Replayed")
    assert again["Idempotency-Replayed"] == "true"
    assert count(alpha) == (1, 1)


def test_another_body_under_the_same_key_is_refused(caller: Caller, alpha: Business) -> None:
    post(caller, NORA, "a-1")
    other = post(caller, {"first_name": "Eve"}, "a-1")
    assert problem(other) == (422, "idempotency_key_reused", [])
    elsewhere = post(caller, NORA, "a-1", "transactions/")
    assert problem(elsewhere) == (422, "idempotency_key_reused", [])
    assert count(alpha) == (1, 1)


def test_a_refusal_is_given_again_too(caller: Caller, alpha: Business) -> None:
    caller.post("customers/", NORA)
    first, again = post(caller, NORA, "a-1"), post(caller, NORA, "a-1")
    assert problem(first) == problem(again) == (422, "address_taken", ["email"])
    assert first.content == again.content
    assert count(alpha) == (1, 1)


def test_an_unreadable_body_does_not_use_the_key_up(caller: Caller, alpha: Business) -> None:
    assert problem(post(caller, {"colour": "red"}, "a-1"))[0] == 422
    assert problem(post(caller, b"{", "a-1"))[0] == 400
    assert post(caller, NORA, "a-1").status_code == 201
    assert count(alpha) == (1, 1)


def test_each_key_of_a_business_has_its_own(key_for: KeyFor, alpha: Business) -> None:
    for caller in (key_for("*"), key_for("*")):
        assert post(caller, {"first_name": "Nora"}, "a-1").status_code == 201
    assert count(alpha) == (2, 2)


@pytest.mark.parametrize("key", ["", " ", "a b", "x" * 256, "é"])
def test_a_strange_key_is_refused(caller: Caller, alpha: Business, key: str) -> None:
    assert problem(post(caller, NORA, key)) == (422, "bad_idempotency_key", ["Idempotency-Key"])
    assert count(alpha) == (0, 0)


def test_a_key_is_kept_for_a_day(caller: Caller, alpha: Business) -> None:
    body = {"first_name": "Nora"}
    with time_machine.travel(NOW, tick=False):
        post(caller, body, "a-1")
        post(caller, body, "a-2")
    with time_machine.travel(NOW + timedelta(hours=23, minutes=59), tick=False):
        assert post(caller, body, "a-1").has_header("Idempotency-Replayed")
    with time_machine.travel(NOW + timedelta(hours=24), tick=False):
        assert not post(caller, body, "a-1").has_header("Idempotency-Replayed")
    assert count(alpha) == (3, 3)
    with wall.as_business(alpha):
        assert IdempotencyRecord.objects.count() == 1


@pytest.mark.usefixtures("committed")
def test_while_the_first_one_runs_it_is_a_conflict() -> None:
    alpha = business_of("alpha")
    caller = Caller(make_key(alpha, "*"))
    with wall.as_business(alpha):
        key = ApiKey.objects.get()
        with transaction.atomic():
            calls.begin_call(key=key, value="a-1", fingerprint="x", now=clock.now())

            def ask() -> Any:
                try:
                    return post(caller, NORA, "a-1")
                finally:
                    connections.close_all()

            with ThreadPoolExecutor(1) as pool:
                running = pool.submit(ask).result()
            assert problem(running) == (409, "idempotency_running", [])
            assert running["Retry-After"] == "1"
            transaction.set_rollback(True)  # as if it were killed here
    assert post(caller, NORA, "a-1").status_code == 201
    assert count(alpha) == (1, 1)


@pytest.mark.usefixtures("committed")
def test_fifty_at_once_have_one_effect() -> None:
    alpha = business_of("alpha")
    secret = make_key(alpha, "*")

    def ask(_number: int) -> tuple[int, bytes]:
        try:
            answer = post(Caller(secret), NORA, "a-1")
            return answer.status_code, answer.content
        finally:
            connections.close_all()

    with ThreadPoolExecutor(50) as pool:
        answers = list(pool.map(ask, range(50)))
    states = Counter(status for status, _ in answers)
    assert set(states) <= {201, 409}
    assert states[201] >= 1
    assert len({body for status, body in answers if status == 201}) == 1
    assert count(alpha) == (1, 1)


def test_a_key_has_a_limit_and_says_so(caller: Caller, alpha: Business) -> None:
    with wall.as_business(alpha):
        ApiKey.objects.update(per_minute=3, tokens=3)
    with time_machine.travel(NOW, tick=False):
        told = [caller.get("customers/")["RateLimit-Remaining"] for _ in range(3)]
        assert told == ["2", "1", "0"]
        over = caller.post("customers/", NORA)
        assert problem(over) == (429, "rate_limited", [])
        assert over["RateLimit-Limit"] == "3"
        assert over["Retry-After"] == "21"
    assert count(alpha) == (0, 0)
    with time_machine.travel(NOW + timedelta(seconds=21), tick=False):
        assert caller.get("customers/").status_code == 200
        assert caller.get("customers/").status_code == 429


def test_a_refused_scope_counts_and_tells_the_rest(key_for: KeyFor) -> None:
    answer = key_for("offers:read").get("customers/")
    assert (answer.status_code, answer["RateLimit-Limit"]) == (403, "600")


@pytest.mark.usefixtures("committed")
def test_threads_never_spend_a_token_twice() -> None:
    alpha = business_of("alpha")
    secret = make_key(alpha, "*")
    with wall.as_business(alpha):
        ApiKey.objects.update(per_minute=20, tokens=20)

    def ask(_number: int) -> int:
        try:
            status: int = Caller(secret).get("offers/").status_code
            return status
        finally:
            connections.close_all()

    with time_machine.travel(NOW, tick=False), ThreadPoolExecutor(16) as pool:
        states = Counter(pool.map(ask, range(60)))
    assert states == {200: 20, 429: 40}
