"""The environment of a local process: the embedded defaults under whatever the user has set."""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass

from cxsaas.local.errors import LocalError
from cxsaas.local.layout import Layout, layout, read_keys
from cxsaas.local.postgres import EmbeddedPostgres
from cxsaas.local.valkey import EmbeddedValkey

DATABASE = "cxsaas"
OWNER = "cxsaas_owner"
APP = "cxsaas_app"
DEFAULT_PORT = 8000
LARGEST_PORT = 65535
OWNER_URL = "DATABASE_OWNER_URL"


@dataclass(frozen=True)
class Servers:
    """Which servers are embedded, because the user named no server of their own."""

    postgres: EmbeddedPostgres | None
    valkey: EmbeddedValkey | None


def choose_servers(given: Mapping[str, str], place: Layout) -> Servers:
    """Embed what the user has not given; half a database address is refused."""
    urls = [name for name in ("DATABASE_URL", OWNER_URL) if given.get(name)]
    if len(urls) == 1:
        other = OWNER_URL if urls == ["DATABASE_URL"] else "DATABASE_URL"
        message = f"{urls[0]} is set, so {other} must be set too (see .env.example)."
        raise LocalError(message)
    return Servers(
        postgres=None if urls else EmbeddedPostgres(place.postgres),
        valkey=None if given.get("CELERY_BROKER_URL") else EmbeddedValkey(place.valkey),
    )


def local_environment(
    given: Mapping[str, str], place: Layout, servers: Servers, keys: Mapping[str, str]
) -> dict[str, str]:
    """Compose the full environment, the owner's address included; what is given wins."""
    defaults = {
        **keys,
        "LOCAL_MODE": "1",
        "DJANGO_SETTINGS_MODULE": "cxsaas.settings",
        "DATA_DIR": str(place.root),
        "BASE_DOMAIN": "localhost",
        "PORT": str(DEFAULT_PORT),
        "CXSAAS_DEMO_KEY_FILE": str(place.demo_key),
        "PYTHONUNBUFFERED": "1",
    }
    if servers.postgres:
        defaults["DATABASE_URL"] = servers.postgres.url(APP, DATABASE)
        defaults[OWNER_URL] = servers.postgres.url(OWNER, DATABASE)
    if servers.valkey:
        defaults["CELERY_BROKER_URL"] = servers.valkey.url(0)
        defaults["CACHE_URL"] = servers.valkey.cache_url(1)
    return defaults | {name: value for name, value in given.items() if value}


def without_owner(environment: Mapping[str, str]) -> dict[str, str]:
    """Leave out the address that may change tables: web and workers never see it."""
    return {name: value for name, value in environment.items() if name != OWNER_URL}


def port_of(environment: Mapping[str, str]) -> int:
    """Read the port, or say in one line what is wrong with it."""
    text = environment.get("PORT", "")
    if not re.fullmatch(r"[0-9]{1,5}", text) or not 0 < int(text) <= LARGEST_PORT:
        message = f"PORT must be a number from 1 to {LARGEST_PORT}, not “{text}”."
        raise LocalError(message)
    return int(text)


def set_local_defaults() -> None:
    """Let a bare `manage.py` in this checkout find the embedded servers that `make run` keeps."""
    place = layout()
    if os.environ.get("SECRET_KEY") or not place.secrets.exists():
        return
    servers = choose_servers(os.environ, place)
    os.environ.update(local_environment(os.environ, place, servers, read_keys(place.secrets)))
