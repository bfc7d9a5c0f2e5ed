"""The embedded PostgreSQL: addresses, sockets, and getting up again after any death."""

import os
import signal
import stat
import subprocess
import sys
import time
from pathlib import Path

import environ
import psycopg
import pytest

from cxsaas.local import children
from cxsaas.local.errors import LocalError
from cxsaas.local.layout import CHECKOUT
from cxsaas.local.postgres import EmbeddedPostgres

SLEEP = "import time; time.sleep(60)"
HOLDER = """
import sys, time
from pathlib import Path
from cxsaas.local.postgres import EmbeddedPostgres
server = EmbeddedPostgres(Path(sys.argv[1]), durable=False)
server.start()
print(server._process.pid, flush=True)
time.sleep(600)
"""


def ask(server: EmbeddedPostgres, query: str) -> object:
    with psycopg.connect(server.superuser_dsn()) as connection:
        row = connection.execute(query).fetchone()
    return row and row[0]


def hold(data_dir: Path) -> tuple[subprocess.Popen[str], int]:
    command = [sys.executable, "-c", HOLDER, str(data_dir)]
    holder = subprocess.Popen(command, cwd=CHECKOUT, stdout=subprocess.PIPE, text=True)
    assert holder.stdout is not None
    return holder, int(holder.stdout.readline())


def test_url_is_read_by_libpq_and_by_django_environ(cluster: EmbeddedPostgres) -> None:
    url = cluster.url("cxsaas_app", "walled")
    assert url == f"postgresql://cxsaas_app@/walled?host={cluster.socket_dir}"
    config = environ.Env.db_url_config(url)
    assert config["NAME"] == "walled"
    assert config["USER"] == "cxsaas_app"
    assert config["OPTIONS"] == {"host": str(cluster.socket_dir)}
    with psycopg.connect(url) as connection:
        assert connection.info.user == "cxsaas_app"


def test_server_listens_on_no_network_address(cluster: EmbeddedPostgres) -> None:
    assert ask(cluster, "SHOW listen_addresses") == ""


def test_data_of_the_product_is_durable(tmp_path: Path) -> None:
    settings = EmbeddedPostgres(tmp_path / "pg").command()
    for setting in ("fsync=on", "full_page_writes=on", "synchronous_commit=on"):
        assert setting in settings


def test_folder_of_the_data_is_private(cluster: EmbeddedPostgres) -> None:
    assert stat.S_IMODE(cluster.data_dir.stat().st_mode) == 0o700


@pytest.mark.parametrize("name", ["a folder with spaces", "x" * 120, "Größe"])
def test_awkward_paths_get_a_short_private_socket_folder(tmp_path: Path, name: str) -> None:
    server = EmbeddedPostgres(tmp_path / name / "pg", durable=False)
    assert server.socket_dir.name.startswith(f"cxsaas-{os.getuid()}-")
    server.start()
    try:
        assert ask(server, "SELECT 1") == 1
        assert stat.S_IMODE(server.socket_dir.stat().st_mode) == 0o700
    finally:
        server.stop()
        server.socket_dir.rmdir()


def test_socket_folder_made_by_somebody_else_is_refused(tmp_path: Path) -> None:
    server = EmbeddedPostgres(tmp_path / "with spaces" / "pg", durable=False)
    server.socket_dir.symlink_to(tmp_path)
    try:
        with pytest.raises(LocalError, match="is not a folder of this user"):
            server.start()
        assert not (server.data_dir / "PG_VERSION").exists()
    finally:
        server.socket_dir.unlink()


def test_stale_process_id_of_another_program_is_no_obstacle_and_no_target(tmp_path: Path) -> None:
    server = EmbeddedPostgres(tmp_path / "pg", durable=False)
    server.start()
    server.stop()
    stranger = subprocess.Popen([sys.executable, "-c", SLEEP])
    pid_file = server.data_dir / "postmaster.pid"
    pid_file.write_text(
        f"{stranger.pid}\n{server.data_dir}\n1\n5432\n{server.socket_dir}\n\n\nready\n"
    )
    try:
        server.start()
        assert ask(server, "SELECT 1") == 1
        assert stranger.poll() is None
    finally:
        server.stop()
        stranger.kill()
        stranger.wait()


def test_server_dies_with_its_holder_and_starts_again_with_its_data(tmp_path: Path) -> None:
    data = tmp_path / "pg"
    holder, pid = hold(data)
    server = EmbeddedPostgres(data, durable=False)
    with psycopg.connect(server.superuser_dsn(), autocommit=True) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 7 AS number")
    holder.kill()
    holder.communicate()
    deadline = time.monotonic() + 10
    while children.start_time(pid) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert children.start_time(pid) is None
    server.start()
    try:
        assert ask(server, "SELECT number FROM kept") == 7
    finally:
        server.stop()


def test_start_after_kill_of_the_server_itself(tmp_path: Path) -> None:
    data = tmp_path / "pg"
    holder, pid = hold(data)
    os.kill(pid, signal.SIGKILL)
    holder.kill()
    holder.communicate()
    server = EmbeddedPostgres(data, durable=False)
    server.start()
    try:
        assert ask(server, "SELECT 1") == 1
    finally:
        server.stop()


def test_data_in_use_is_told_with_the_user_of_it(tmp_path: Path) -> None:
    data = tmp_path / "pg"
    holder, pid = hold(data)
    try:
        with pytest.raises(LocalError, match=f"is in use by process {holder.pid}"):
            EmbeddedPostgres(data, durable=False).start()
        assert children.start_time(pid) is not None
    finally:
        holder.kill()
        holder.communicate()


def test_folder_with_foreign_files_is_not_touched(tmp_path: Path) -> None:
    data = tmp_path / "pg"
    data.mkdir()
    (data / "thesis.txt").write_text("years of work")
    with pytest.raises(LocalError, match="holds files that are no database"):
        EmbeddedPostgres(data, durable=False).start()
    assert (data / "thesis.txt").read_text() == "years of work"
