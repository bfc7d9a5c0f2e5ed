"""Which settings a local process gets, and which of them it must not get."""

from pathlib import Path

import pytest

from cxsaas.local.catalogue import product
from cxsaas.local.environment import choose_servers, local_environment, without_owner
from cxsaas.local.layout import Layout
from cxsaas.local.table import start_table

KEYS = {"SECRET_KEY": "s", "MASTER_KEYS": "m"}


@pytest.fixture
def place(tmp_path: Path) -> Layout:
    made = Layout(tmp_path / ".local")
    made.create()
    return made


def compose(place: Layout, **given: str) -> dict[str, str]:
    return local_environment(given, place, choose_servers(given, place), KEYS)


def test_embedded_servers_serve_when_nothing_is_set(place: Layout) -> None:
    environment = compose(place)
    sockets = choose_servers({}, place)
    assert sockets.postgres is not None
    assert sockets.valkey is not None
    assert environment["DATABASE_URL"] == sockets.postgres.url("cxsaas_app", "cxsaas")
    assert environment["DATABASE_OWNER_URL"] == sockets.postgres.url("cxsaas_owner", "cxsaas")
    assert environment["CELERY_BROKER_URL"] == sockets.valkey.url(0)
    assert environment["CACHE_URL"] == sockets.valkey.cache_url(1)
    assert environment["LOCAL_MODE"] == "1"


def test_what_the_user_sets_wins(place: Layout) -> None:
    given = {
        "DATABASE_URL": "postgresql://a@db/x",
        "DATABASE_OWNER_URL": "postgresql://o@db/x",
        "CELERY_BROKER_URL": "amqp://broker",
        "SECRET_KEY": "mine",
        "PORT": "9000",
    }
    environment = compose(place, **given)
    assert {name: environment[name] for name in given} == given
    servers = choose_servers(given, place)
    assert (servers.postgres, servers.valkey) == (None, None)
    assert "CACHE_URL" not in environment


def test_only_the_owners_worker_sees_the_owners_address(place: Layout) -> None:
    services = {service.name: service for service in product(compose(place), place, 8000)}
    assert sorted(services) == ["beat", "bulk", "fast", "owner", "web"]
    holders = [name for name, one in services.items() if "DATABASE_OWNER_URL" in one.environment]
    assert holders == ["owner"]
    lanes = {name: services[name].environment["CXSAAS_LANES"] for name in ("fast", "bulk", "owner")}
    assert lanes == {"fast": "0", "bulk": "0,1,2", "owner": "owner"}
    assert "DATABASE_OWNER_URL" not in without_owner(compose(place))


def test_web_listens_on_this_machine_only(place: Layout) -> None:
    web = product(compose(place), place, 8123)[0]
    assert web.command[web.command.index("--bind") + 1] == "127.0.0.1:8123"


def test_table_shows_addresses_log_ins_and_the_key(place: Layout) -> None:
    place.demo_key.write_text("cx_demo_123\n")
    text = start_table(compose(place, PORT="8123"), place, 8123)
    for shown in (
        "http://localhost:8123/",
        "http://demo.localhost:8123/",
        "http://rival.localhost:8123/",
        "http://demo.localhost:8123/sandbox/",
        "owner@demo.example, manager@demo.example, agent@demo.example, analyst@demo.example",
        "owner@rival.example, agency@demo.example",
        "demo-demo",
        "cx_demo_123",
        "Ctrl-C stops everything",
    ):
        assert shown in text


def test_table_says_where_the_key_is_missing(place: Layout) -> None:
    assert f"none found in {place.demo_key}" in start_table(compose(place), place, 8000)
