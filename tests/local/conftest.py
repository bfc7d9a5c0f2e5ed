"""Servers of the local stack for its own tests: started once, in a folder of their own."""

from collections.abc import Iterator

import pytest

from cxsaas.local.bootstrap import bootstrap_database
from cxsaas.local.postgres import EmbeddedPostgres

DATABASE = "walled"


@pytest.fixture(scope="session")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedPostgres]:
    """Run a cluster with the log-ins and the walled database."""
    server = EmbeddedPostgres(tmp_path_factory.mktemp("cluster") / "pg", durable=False)
    server.start()
    bootstrap_database(server.superuser_dsn(), DATABASE)
    yield server
    server.stop()
