"""The API against its own description, over the running product: `python -m tests.chaos.contract`.

schemathesis makes up requests from the served OpenAPI document (examples, edges, random ones, and
sequences in which one answer feeds the next request) and holds every answer against it. Prints one
JSON line; a broken promise ends in 1.
"""

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
import urllib.request
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.rigs.processes import Product

CONFIG = Path(__file__).with_name("schemathesis.toml")
ROOT = CONFIG.parents[2]
SLUG = "demo"
MINUTES = 5.0
REFUSED = 400


@dataclass
class Tally:
    """What a run has seen."""

    operations: int = 0
    cases: int = 0
    reached: set[str] = field(default_factory=set)
    granted: set[str] = field(default_factory=set)
    statuses: Counter[int] = field(default_factory=Counter)
    failures: list[str] = field(default_factory=list)

    def as_line(self) -> dict[str, Any]:
        """Return the figures."""
        return {
            "operations": self.operations,
            "reached": len(self.reached),
            "granted": len(self.granted),
            "cases": self.cases,
            "statuses": dict(sorted(self.statuses.items())),
            "failures": len(self.failures),
        }


def run(url: str, *, host: str, key: str, seconds: int, seed: int, folder: Path) -> Tally:
    """Let schemathesis loose on a running product; what it said stands in the folder."""
    request = urllib.request.Request(  # noqa: S310 - the product on this machine
        f"{url}/api/v1/openapi.json", headers={"Host": host}
    )
    with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310 - as above
        known = json.load(answer)["paths"]
    report = folder / "contract.ndjson"
    command = [
        str(Path(sys.executable).with_name("st")), "--config-file", str(CONFIG),
        "run", f"{url}/api/v1/openapi.json", "--url", url,
        "--header", f"Host: {host}", "--header", f"Authorization: Bearer {key}",
        "--checks", "all", "--mode", "all", "--max-time", str(seconds), "--seed", str(seed),
        "--continue-on-failure", "--no-shrink", "--request-timeout", "30",
        "--suppress-health-check", "all", "--warnings", "off",
        "--report", "ndjson", "--report-ndjson-path", str(report),
    ]  # fmt: skip
    told = {
        "SCHEMATHESIS_HOOKS": "tests.chaos.contract_hooks",
        "PYTHONPATH": str(ROOT),
        "CONTRACT_URL": url,
        "CONTRACT_HOST": host,
        "CONTRACT_KEY": key,
        "CONTRACT_SEED": str(seed),
    }
    with (folder / "contract.txt").open("w", encoding="utf-8") as said:
        subprocess.run(
            command,
            stdout=said,
            stderr=subprocess.STDOUT,
            check=False,
            cwd=folder,
            env={**os.environ, **told},
        )
    if not report.exists():
        message = (folder / "contract.txt").read_text(encoding="utf-8")
        raise LookupError(message[-2000:])
    return read(report.read_text(encoding="utf-8").splitlines(), known)


def read(lines: Iterable[str], known: dict[str, Any]) -> Tally:
    """Return what the events of a run tell, of the operations that the document knows."""
    tally = Tally()
    names = {
        f"{method.upper()} {path}": re.compile(
            f"{method.upper()} {re.sub(r'{[^}]+}', '[^/]+', path)}"
        )
        for path, methods in known.items()
        for method in methods
    }
    tally.operations = len(names)
    for line in lines:
        ((kind, event),) = json.loads(line).items()
        if kind == "ScenarioFinished":
            _count(tally, event["recorder"], names)
        elif kind in {"NonFatalError", "FatalError"}:
            tally.failures.append(f"{event.get('label', '')}: {str(event)[:300]}")
    return tally


def _count(tally: Tally, recorder: dict[str, Any], names: dict[str, re.Pattern[str]]) -> None:
    answers = recorder.get("interactions", {})
    for one, found in recorder.get("cases", {}).items():
        response = answers.get(one, {}).get("response")
        if not response:
            continue
        tally.cases += 1
        tally.statuses[response["status_code"]] += 1
        asked = f"{found['value']['method']} {found['value']['path']}"
        fitting = (name for name, form in names.items() if form.fullmatch(asked))
        operation = asked if asked in names else next(fitting, "")
        if operation:
            tally.reached.add(operation)
        if operation and response["status_code"] < REFUSED:
            tally.granted.add(operation)
    for one, checks in recorder.get("checks", {}).items():
        case = recorder["cases"][one]["value"]
        tally.failures += [
            f"{check['name']}: {case['method']} {case['path']} "
            f"{str(check.get('failure_info', ''))[:300]}"
            for check in checks
            if check["status"] == "failure"
        ]


def measure(*, seconds: int, seed: int, folder: Path) -> Tally:
    """Start the product with the demo's data and let schemathesis loose on it."""
    with Product(folder / "data", durable=False) as product:
        product.start()
        product.manage("seed_demo")
        key = product.run("tests.chaos.furnish", SLUG).strip()
        host = f"{SLUG}.localhost:{product.port}"
        return run(product.url, host=host, key=key, seconds=seconds, seed=seed, folder=folder)


def main() -> int:
    """Measure and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=MINUTES)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="cxsaas-contract-"))
    tally = measure(seconds=round(given.minutes * 60), seed=given.seed, folder=folder)
    for failure in tally.failures:
        print(failure, file=sys.stderr)
    print(json.dumps({"chaos": "contract", **tally.as_line()}), flush=True)
    print(f"What was said is in {folder}.", file=sys.stderr)
    return 1 if tally.failures else 0


if __name__ == "__main__":
    sys.exit(main())
