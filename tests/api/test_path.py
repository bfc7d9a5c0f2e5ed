"""The whole path by the API alone, its workers' jobs done in between."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
import time_machine
from django.test import Client

from apps.core import clock
from apps.core.facts import SYSTEM
from apps.jobs import services as jobs
from apps.jobs.choices import Lane
from apps.messaging import queries as messaging
from apps.tenants import wall
from apps.tenants.models import Business
from tests.api.conftest import Caller
from tests.api.walk import walk
from tests.factories import NOW


class Here:
    """The product in this process: the jobs are done when somebody waits for them."""

    zone = "Europe/London"

    def __init__(self, caller: Caller, business: Business, clock_: Any) -> None:
        self.caller, self.business, self.clock = caller, business, clock_
        self.customer = Client(SERVER_NAME="alpha.localhost")

    def ask(self, method: str, path: str, body: Any = None) -> tuple[int, Any]:
        if method == "GET":
            answer = self.caller.client.get(f"/api/v1/{path}")
        else:
            answer = self.caller.send(method, path, body)
        return answer.status_code, answer.json()

    def settle(self, holds: Callable[[], bool]) -> None:
        for _turn in range(3):
            self.clock.shift(timedelta(seconds=20))
            jobs.drain(lanes=list(Lane), now=clock.now())
            if holds():
                return
        pytest.fail("It never came true.")

    def find_link(self, address: str, purpose: str) -> str:
        with wall.as_business(self.business):
            mails = messaging.list_sandbox("email", actor=SYSTEM, to=address)
        found = [re.search(rf"http\S+/{purpose}/[\w-]+/", mail.text) for mail in mails]
        return urlsplit(next(one.group() for one in found if one)).path

    def visit(self, path: str, form: dict[str, str] | None = None) -> str:
        answer = self.customer.get(path) if form is None else self.customer.post(path, form)
        assert answer.status_code in {200, 303}, answer.content
        return str(answer.content.decode())


def test_the_whole_path_by_the_api_alone(caller: Caller, alpha: Business) -> None:
    with time_machine.travel(NOW, tick=False) as standing:
        walk(Here(caller, alpha, standing))
