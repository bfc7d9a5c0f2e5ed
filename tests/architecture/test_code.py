"""Rules of the house that no linter knows."""

import ast
import re
import tomllib
from collections.abc import Iterator
from importlib import import_module
from inspect import Parameter, getmembers, isfunction, signature
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps as registry
from django.conf import settings
from django.db import models

from apps.core.facts import Fact
from apps.flows.routes import ROUTES
from apps.jobs.registry import job_names

ROOT = Path(__file__).resolve().parents[2]
APPS = ROOT / "apps"
CONTRACTS = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"][
    "contracts"
]
DOORS = {"web", "public", "api", "callbacks"}
CORE = {
    "apps", "clock", "crypto", "db", "errors", "facts", "failpoints", "files", "http", "models",
    "money", "pages", "stats", "tables", "tokens",
}  # fmt: skip
ROOM_FILES = {
    "admin", "apps", "checks", "choices", "errors", "events", "handlers", "middleware", "models",
    "providers", "queries", "routes", "rules", "services", "sql", "tasks",
}  # fmt: skip
# What one room alone needs, and why.
OWN_FILES = {
    "accounts": {"adapter", "backends", "cache", "sessions"},  # what allauth and Django ask for
    "flows": {"handlers", "routes"},
    # The worker's second ear; names of jobs; who holds a lease, and is he dead; for /metrics.
    "jobs": {"poller", "registry", "owners", "figures"},
    "messaging": {"bodies", "merge", "progress"},  # texts; merge language; what survives a kill
    "tenants": {"postgres", "routers", "wall"},  # the database engine and its wall
    "text": None,  # pure functions, one file a subject
    "core": CORE,
}
LONGEST_FILE, LONGEST_FUNCTION = 400, 50


def floors() -> dict[str, int]:
    """Return the floor of each room, the ground being 0, from the import contract."""
    lines = next(c for c in CONTRACTS if c["name"].startswith("Floors"))["layers"]
    order = [re.findall(r"\w+", line) for line in reversed(lines)]
    return {room: floor for floor, rooms in enumerate(order) for room in rooms}


def sources() -> Iterator[tuple[Path, ast.Module]]:
    for path in sorted(APPS.rglob("*.py")):
        if "migrations" not in path.parts:
            yield path, ast.parse(path.read_text())


def nodes(tree: ast.Module) -> Iterator[Any]:
    yield from ast.walk(tree)


def place(path: Path) -> str:
    return str(path.relative_to(ROOT))


def own_models() -> list[type[models.Model]]:
    return [m for m in registry.get_models() if m.__module__.startswith("apps.")]


def is_tenant(model: type[models.Model]) -> bool:
    return model._meta.app_config.name in settings.TENANT_APPS


def relations() -> Iterator[tuple[type[models.Model], Any]]:
    for model in own_models():
        for field in model._meta.get_fields():
            if isinstance(field, models.ForeignKey):
                yield model, field


def test_relations_point_down_and_hide_their_reverse() -> None:
    order = floors()
    wrong = []
    for model, field in relations():
        below = order.get(field.related_model._meta.app_label, -1)
        if below > order[model._meta.app_label]:
            wrong.append(f"{model.__name__}.{field.name} points up")
        inherited = model._meta.app_label == "tenants"  # django-tenants names its own
        if not inherited and field.remote_field.related_name != "+":
            wrong.append(f"{model.__name__}.{field.name} has a reverse name")
    assert wrong == []


def test_no_relation_crosses_from_a_business_to_the_platform() -> None:
    crossing = [
        f"{model.__name__}.{field.name}"
        for model, field in relations()
        if is_tenant(model) and not is_tenant(field.related_model)
    ]
    assert crossing == []


WRITES = {"save", "create", "update_or_create", "get_or_create", "bulk_create", "bulk_update"}


def _is_write(node: Any) -> bool:
    if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
        return False
    name = node.func.attr
    if name in WRITES - {"save", "create"}:
        return True
    if name not in {"save", "create", "update", "delete"}:
        return False
    chain = ast.unparse(node.func.value)
    return ".objects" in chain or (name == "save" and not chain.startswith("super"))


def test_only_services_write() -> None:
    writing = [
        f"{place(path)}:{node.lineno}"
        for path, tree in sources()
        if "services" not in path.parts
        and path.name not in {"services.py", "models.py", "sessions.py"}
        and path.parent.name != "services"
        for node in nodes(tree)
        if _is_write(node)
    ]
    assert writing == []


def test_every_queued_name_is_a_registered_job() -> None:
    queued = {
        node.args[0].value
        for _, tree in sources()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in {"enqueue", "enqueue_many"}
        and node.args
        and isinstance(node.args[0], ast.Constant)
    }
    assert len(queued) > 2
    assert queued - set(job_names()) == set()


def test_every_fact_has_a_row_in_the_routes() -> None:
    def all_facts(base: type[Fact]) -> set[type[Fact]]:
        found = set(base.__subclasses__())
        return found | {deeper for fact in found for deeper in all_facts(fact)}

    facts = {fact for fact in all_facts(Fact) if "kind" in vars(fact)}
    assert {fact.__name__ for fact in facts - set(ROUTES)} == set()
    kinds = [fact.kind for fact in facts]
    assert len(kinds) == len(set(kinds))


def test_public_services_take_keywords_only() -> None:
    wrong = []
    positional = (Parameter.POSITIONAL_ONLY, Parameter.POSITIONAL_OR_KEYWORD)
    for room in sorted(path.parent.name for path in APPS.glob("*/services.py")):
        module = import_module(f"apps.{room}.services")
        for name, function in getmembers(module, isfunction):
            if name.startswith("_") or not function.__module__.startswith(f"apps.{room}.services"):
                continue
            kinds = [p.kind for p in signature(function).parameters.values()]
            if sum(kind in positional for kind in kinds) > FREE.get(f"{room}.{name}", 0):
                wrong.append(f"{room}.{name}")
    assert wrong == []


# Read as a sentence at every call: jobs.enqueue("room.verb", …), journal.record(fact, …).
FREE = {
    "journal.record": 1,
    "journal.record_many": 1,
    "consent.record_many": 1,
    "imports.enqueue": 1,
}


def test_files_and_functions_keep_their_measure() -> None:
    long = []
    for path, tree in sources():
        lines = path.read_text().count("\n")
        if lines > LONGEST_FILE:
            long.append(f"{place(path)}: {lines} lines")
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                size = (node.end_lineno or node.lineno) - node.lineno + 1
                if size > LONGEST_FUNCTION:
                    long.append(f"{place(path)}:{node.lineno} {node.name}: {size} lines")
    assert long == []


def test_rooms_hold_known_files_only() -> None:
    unknown = []
    for room in sorted(path for path in APPS.iterdir() if path.is_dir() and path.name not in DOORS):
        own = OWN_FILES.get(room.name, set())
        if own is None or room.name == "demo":
            continue
        allowed = own if room.name == "core" else ROOM_FILES | own
        for entry in room.iterdir():
            name = entry.stem
            if name in {"__init__", "__pycache__", "migrations", "management"}:
                continue
            if entry.suffix in {"", ".py"} and name not in allowed:
                unknown.append(f"{room.name}/{entry.name}")
    assert unknown == []


def test_env_example_names_every_setting_and_no_other() -> None:
    text = "\n".join(p.read_text() for p in (ROOT / "cxsaas").glob("*.py"))
    read = set(re.findall(r"""env\.\w+\(\s*"([A-Z_]+)\"""", text))
    listed = set(
        re.findall(r"^#?\s?([A-Z][A-Z_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE)
    )
    assert read - listed == set()
    assert len(read) > 15


def test_every_template_is_used() -> None:
    texts = [
        path.read_text()
        for folder in (APPS, ROOT / "templates")
        for path in folder.rglob("*")
        if path.suffix in {".py", ".html", ".txt"}
    ]
    everything = "\n".join(texts)
    unused = []
    for path in sorted((ROOT / "templates").rglob("*.html")):
        name = str(path.relative_to(ROOT / "templates"))
        if name.startswith("components/"):
            tag = "<c-" + name.removeprefix("components/").removesuffix(".html").replace("_", "-")
            used = re.search(re.escape(tag) + r"[\s>/]", everything) is not None
        else:
            used = name in everything or name.startswith(
                ("account/", "allauth/", "errors/", "mfa/")
            )
        if not used:
            unused.append(name)
    assert unused == []


@pytest.mark.parametrize(
    "path", sorted(p for p in APPS.rglob("*.py") if "migrations" not in p.parts)
)
def test_no_statement_is_pasted_together(path: Path) -> None:
    """``cursor.execute`` with an f-string never passes; statements stand in sql.py."""
    pasted = [
        node.lineno
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in {"execute", "executemany", "raw"}
        and node.args
        and isinstance(node.args[0], ast.JoinedStr)
    ]
    assert pasted == []
