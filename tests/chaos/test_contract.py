"""A short run of the API against its own description; ``make chaos`` takes longer."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.chaos import contract
from tests.journeys.product import open_stage

SECONDS = 12
PATHS: dict[str, dict[str, Any]] = {
    "/api/v1/cases/{case_id}/": {"get": {}},
    "/api/v1/cases/": {"get": {}},
}


@pytest.mark.chaos
def test_no_answer_breaks_the_description(
    django_db_setup: None, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("contract")
    with open_stage(folder, "web") as stage:
        key = stage.product.run("tests.chaos.furnish", "alpha").strip()
        tally = contract.run(
            stage.product.url,
            host=f"alpha.localhost:{stage.product.port}",
            key=key,
            seconds=SECONDS,
            seed=1,
            folder=folder,
        )
    assert tally.failures == []
    assert tally.operations > 90
    assert tally.cases > 100


def line(path: str, status: int, *, check: str = "success") -> str:
    case = {"value": {"method": "GET", "path": path}}
    recorder = {
        "label": "GET",
        "cases": {"a": case},
        "interactions": {"a": {"response": {"status_code": status}}},
        "checks": {"a": [{"name": "not_a_server_error", "status": check}]},
    }
    return json.dumps({"ScenarioFinished": {"recorder": recorder}})


def test_a_run_is_counted_by_operation() -> None:
    lines = [
        line("/api/v1/cases/{case_id}/", 404),
        line("/api/v1/cases/0190/", 200),
        line("/api/v1/cases/", 500, check="failure"),
        line("/elsewhere/", 200),
        json.dumps({"NonFatalError": {"label": "GET /x/", "message": "it broke"}}),
        json.dumps({"EngineFinished": {}}),
    ]
    tally = contract.read(lines, PATHS)
    assert tally.as_line() == {
        "operations": 2,
        "reached": 2,
        "granted": 1,
        "cases": 4,
        "statuses": {200: 2, 404: 1, 500: 1},
        "failures": 2,
    }
    assert tally.failures[0].startswith("not_a_server_error: GET /api/v1/cases/")
    assert tally.failures[1].startswith("GET /x/")


def test_a_product_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="refused"):
        contract.run("http://127.0.0.1:9", host="x", key="k", seconds=1, seed=1, folder=tmp_path)
