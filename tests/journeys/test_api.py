"""The main job by the API alone, over real HTTP, with the key that the command prints."""

import json
import os
import re
import subprocess
from collections.abc import Callable, Iterator
from email import message_from_string
from email.policy import default
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests

from tests.api.walk import walk
from tests.journeys import product
from tests.journeys.product import Stage, awake_country

pytestmark = pytest.mark.journey
PATIENCE_S = 10
GUIDE = Path(__file__).resolve().parents[2] / "docs" / "api.md"
GUIDE_S = 180


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


@pytest.fixture
def key(stage: Stage) -> str:
    """Return a key as the command prints it."""
    words = ("create_api_key", "alpha", "--name", "Till", "--scopes", "*")
    (found,) = re.findall(r"cx_live_\w+", stage.product.manage(*words))
    return str(found)


def test_the_whole_path_by_the_api_over_http(stage: Stage, key: str) -> None:
    walk(There(stage, key))
    run_guide(stage, key)


def run_guide(stage: Stage, key: str) -> None:
    """Run the lines of the guide, one block after the other, in one shell."""
    blocks = re.findall(
        r"^```sh\n(.*?)^```$", GUIDE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL
    )
    done = subprocess.run(
        ["bash", "-eu", "-o", "pipefail"],  # noqa: S607 - the shell of whoever reads the guide
        input="\n".join(blocks),
        env={**os.environ, "API": stage.url("/api/v1"), "KEY": key},
        capture_output=True,
        text=True,
        check=False,
        timeout=GUIDE_S,
    )
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    case, _timeline = done.stdout.splitlines()[-2:]
    assert '"outcome":"returned"' in case
