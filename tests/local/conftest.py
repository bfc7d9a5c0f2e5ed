"""Servers of the local stack for its own tests: started once, in a folder of their own."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from cxsaas.local.bootstrap import bootstrap_database
from cxsaas.local.postgres import EmbeddedPostgres

DATABASE = "walled"


@pytest.fixture(scope="session")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedPostgres]:
    """A running cluster with the log-ins and the walled database."""
    server = EmbeddedPostgres(tmp_path_factory.mktemp("cluster") / "pg", durable=False)
    server.start()
    bootstrap_database(server.superuser_dsn(), DATABASE)
    yield server
    server.stop()


@pytest.fixture
def short_tmp(tmp_path: Path) -> Path:
    """A private folder, named so that a test says what it needs."""
    folder = tmp_path / "data"
    folder.mkdir(mode=0o700)
    return folder
