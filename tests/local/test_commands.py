"""The command line as a person meets it: what goes wrong is told in one line."""

import os
import socket
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from cxsaas.local.layout import CHECKOUT, Layout, ensure_keys
from cxsaas.local.lock import FileLock


def local(*words: str, data: Path, **settings: str) -> subprocess.CompletedProcess[str]:
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    environment = {**kept, "DATA_DIR": str(data), **settings}
    command = [sys.executable, "-m", "cxsaas.local", *words]
    return subprocess.run(
        command,
        cwd=CHECKOUT,
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def test_busy_port_is_told_before_anything_starts(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = local("run", data=tmp_path / "data", PORT=str(port))
    assert done.returncode == 1
    assert done.stderr == (
        f"Port {port} is used by another program. Choose another one: PORT={port + 1} make run\n"
    )
    assert done.stdout == ""
    assert not (tmp_path / "data" / "pg").exists()


@pytest.mark.parametrize("port", ["0", "65536", "eighty", "-1", "8000 "])
def test_impossible_port_is_told(tmp_path: Path, port: str) -> None:
    done = local("run", data=tmp_path / "data", PORT=port)
    assert done.returncode == 1
    assert done.stderr == f"PORT must be a number from 1 to 65535, not “{port}”.\n"


def test_second_run_of_the_same_checkout_is_told_who_runs(tmp_path: Path) -> None:
    place = Layout(tmp_path / "data")
    place.create()
    lock = FileLock(place.lock)
    assert lock.acquire()
    done = local("run", data=place.root)
    lock.release()
    assert done.returncode == 1
    assert done.stderr == (f"cxsaas is already running from this folder (process {os.getpid()}).\n")


def test_half_of_a_database_address_is_refused(tmp_path: Path) -> None:
    done = local("run", data=tmp_path / "data", DATABASE_URL="postgresql://app@db/cx")
    assert done.returncode == 1
    assert done.stderr == (
        "DATABASE_URL is set, so DATABASE_OWNER_URL must be set too (see .env.example).\n"
    )


def test_unreachable_database_is_told_in_one_line(tmp_path: Path) -> None:
    url = "postgresql://app@127.0.0.1:1/cx"
    done = local(
        "run", data=tmp_path / "data", PORT=free_port(), DATABASE_URL=url, DATABASE_OWNER_URL=url
    )
    assert done.returncode == 1
    assert done.stderr.startswith("The database of DATABASE_URL does not answer: ")
    assert len(done.stderr.splitlines()) == 1


def test_unreachable_broker_is_told_in_one_line(tmp_path: Path) -> None:
    broker = "redis://:hidden@127.0.0.1:1/0"
    done = local("run", data=tmp_path / "data", PORT=free_port(), CELERY_BROKER_URL=broker)
    assert done.returncode == 1
    assert done.stderr.startswith("The broker of CELERY_BROKER_URL (127.0.0.1) does not answer: ")
    assert len(done.stderr.splitlines()) == 1
    assert "hidden" not in done.stderr


def test_probe_fails_without_servers(tmp_path: Path) -> None:
    url = "postgresql://app@127.0.0.1:1/cx"
    done = local("probe", data=tmp_path / "data", DATABASE_URL=url)
    assert done.returncode == 1
    assert done.stderr.startswith("The database of DATABASE_URL does not answer: ")


def test_reset_asks_and_deletes_nothing_without_an_answer(tmp_path: Path) -> None:
    place = Layout(tmp_path / "data")
    place.create()
    ensure_keys(place.secrets)
    done = local("reset", data=place.root)
    assert done.returncode == 1
    assert done.stderr == (
        "A reset asks before it deletes; without a terminal, say FORCE=1 make reset.\n"
    )
    assert place.secrets.exists()


def test_forced_reset_deletes_ours_and_leaves_other_files(tmp_path: Path) -> None:
    place = Layout(tmp_path / "data")
    place.create()
    ensure_keys(place.secrets)
    (place.root / "notes.txt").write_text("mine")
    done = local("reset", "--force", data=place.root)
    assert done.returncode == 0
    assert [path.name for path in place.root.iterdir()] == ["notes.txt"]


def test_keys_are_made_once_and_for_this_user_only(tmp_path: Path) -> None:
    path = tmp_path / "secrets.env"
    first = ensure_keys(path)
    assert ensure_keys(path) == first
    assert sorted(first) == ["MASTER_KEYS", "SECRET_KEY"]
    assert first["SECRET_KEY"] != first["MASTER_KEYS"]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_data_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    done = local("run", data=tmp_path / "file" / "data")
    assert done.returncode == 1
    assert done.stderr == (
        f"The data folder {tmp_path / 'file' / 'data'} cannot be made: File exists.\n"
    )


def free_port() -> str:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return str(probe.getsockname()[1])
