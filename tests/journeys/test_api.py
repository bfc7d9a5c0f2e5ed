"""The main job by the API alone, over real HTTP, with the key that the command prints."""

import json
import re
from collections.abc import Callable, Iterator
from email import message_from_string
from email.policy import default
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests

from tests.api.walk import walk
from tests.journeys import product
from tests.journeys.product import Stage, awake_country

pytestmark = pytest.mark.journey
PATIENCE_S = 10


class There:
    """The product in its own processes, asked as integrators and customers ask it."""

    def __init__(self, stage: Stage, key: str) -> None:
        self.stage, self.zone = stage, awake_country().zone
        self.host = {"Host": f"alpha.localhost:{stage.product.port}"}
        self.key = {**self.host, "Authorization": f"Bearer {key}"}

    def ask(self, method: str, path: str, body: Any = None) -> tuple[int, Any]:
        address = f"{self.stage.product.url}/api/v1/{path}"
        answer = requests.request(
            method, address, headers=self.key, json=body, timeout=PATIENCE_S, allow_redirects=False
        )
        return answer.status_code, answer.json()

    def settle(self, holds: Callable[[], bool]) -> None:
        self.stage.settle(holds, what="what the walk waits for")

    def find_link(self, address: str, purpose: str) -> str:
        for line in reversed(self.stage.smtp.journal.read()):
            if line["to"] == [address]:
                body = message_from_string(line["content"], policy=default).get_body(("plain",))
                found = re.search(rf"http\S+/{purpose}/[\w-]+/", body.get_content() if body else "")
                if found:
                    return urlsplit(found.group()).path
        pytest.fail(f"No mail to {address} has such a link.")

    def visit(self, path: str, form: dict[str, str] | None = None) -> str:
        answer = requests.request(
            "GET" if form is None else "POST",
            f"{self.stage.product.url}{path}",
            headers=self.host,
            data=form,
            timeout=PATIENCE_S,
            allow_redirects=False,
        )
        assert answer.status_code in {200, 303}, answer.text
        return answer.text


@pytest.fixture
def stage(django_db_setup: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """Start the product with an Alpha whose mails leave by a real server."""
    with product.open_stage(tmp_path_factory.mktemp("journey")) as opened:
        opened.product.run("tests.journeys.posting", json.dumps(opened.smtp.settings()))
        yield opened


def test_the_whole_path_by_the_api_over_http(stage: Stage) -> None:
    words = ("create_api_key", "alpha", "--name", "Till", "--scopes", "*")
    (key,) = re.findall(r"cx_live_\w+", stage.product.manage(*words))
    walk(There(stage, key))
