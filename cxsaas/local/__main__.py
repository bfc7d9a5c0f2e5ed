"""The command line of the local stack: run everything, run one command, reset the data."""

import argparse
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import nullcontext

from cxsaas.local import environment as env
from cxsaas.local.checks import check_broker, check_database
from cxsaas.local.errors import LocalError
from cxsaas.local.layout import CHECKOUT, Layout, ensure_keys, layout
from cxsaas.local.lock import FileLock
from cxsaas.local.postgres import EmbeddedPostgres
from cxsaas.local.sockets import socket_folder
from cxsaas.local.stack import Stack
from cxsaas.local.valkey import EmbeddedValkey


def main(arguments: Sequence[str] | None = None) -> int:
    """Do what the arguments ask for; one line on standard error says what went wrong."""
    parser = argparse.ArgumentParser(prog="python -m cxsaas.local", description=__doc__)
    actions = parser.add_subparsers(dest="action")
    actions.add_parser("run", help="start the whole product (the default)")
    manage = actions.add_parser("manage", help="run one management command")
    manage.add_argument("words", nargs=argparse.REMAINDER)
    reset = actions.add_parser("reset", help="delete the local data")
    reset.add_argument("--force", action="store_true", help="do not ask")
    actions.add_parser("probe", help="say whether the database and the broker answer")
    chosen = parser.parse_args(arguments)
    try:
        if chosen.action == "manage":
            return run_manage(tuple(chosen.words))
        if chosen.action == "probe":
            return probe()
        if chosen.action == "reset":
            return reset_data(force=chosen.force)
        return run_all()
    except LocalError as error:
        sys.stderr.write(f"{error}\n")
        return 1


def run_all() -> int:
    """Start the product and serve until told to stop."""
    place = layout()
    place.create()
    lock = FileLock(place.lock)
    if not lock.acquire():
        message = f"cxsaas is already running from this folder (process {lock.holder()})."
        raise LocalError(message)
    try:
        build_stack(place).serve()
    finally:
        lock.release()
    return 0


def build_stack(place: Layout) -> Stack:
    """Put together what this machine's settings and the user's environment ask for."""
    servers = env.choose_servers(os.environ, place)
    environment = env.local_environment(os.environ, place, servers, ensure_keys(place.secrets))
    return Stack(place, environment, servers)


def probe() -> int:
    """Ask the servers that the environment names; a worker's container is well when both answer."""
    check_database("DATABASE_URL", os.environ.get("DATABASE_URL", ""))
    check_broker(os.environ.get("CELERY_BROKER_URL", ""))
    return 0


def run_manage(words: tuple[str, ...]) -> int:
    """Run a management command on the servers of a running product, or on ones of its own."""
    place = layout()
    place.create()
    lock = FileLock(place.lock)
    alone = lock.acquire()
    try:
        stack = build_stack(place)
        with stack.servers_only() if alone else nullcontext():
            return call_manage(words, stack.environment)
    finally:
        lock.release()


def call_manage(words: tuple[str, ...], environment: Mapping[str, str]) -> int:
    """Run a management command at this terminal, which keeps Ctrl-C to itself."""
    command = [sys.executable, str(CHECKOUT / "manage.py"), *words]
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        # Ignored signals are inherited; the command must be able to stop on Ctrl-C.
        with subprocess.Popen(command, env=environment, preexec_fn=hear_ctrl_c) as child:  # noqa: PLW1509
            return child.wait()
    finally:
        signal.signal(signal.SIGINT, before)


def hear_ctrl_c() -> None:
    """Let the child end on Ctrl-C as any program does."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


def reset_data(*, force: bool) -> int:
    """Delete the database, the keys and the files of this checkout, after asking."""
    place = layout()
    if not place.root.exists():
        sys.stdout.write("There is no local data.\n")
        return 0
    place.create()
    lock = FileLock(place.lock)
    if not lock.acquire():
        message = f"cxsaas is running (process {lock.holder()}); stop it before a reset."
        raise LocalError(message)
    if not force and not agreed(place):
        sys.stdout.write("Nothing was deleted.\n")
        return 1
    EmbeddedPostgres(place.postgres).recover()
    EmbeddedValkey(place.valkey).recover()
    sockets = [socket_folder(folder) for folder in (place.postgres, place.valkey)]
    for path in [*sockets, *place.contents()]:
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)
    lock.release()
    sys.stdout.write(f"Deleted the local data in {place.root}.\n")
    return 0


def agreed(place: Layout) -> bool:
    """Ask whether the data may go."""
    if not sys.stdin.isatty():
        message = "A reset asks before it deletes; without a terminal, say FORCE=1 make reset."
        raise LocalError(message)
    answer = input(f"Delete all local data in {place.root}? Type yes: ")
    return answer.strip().lower() == "yes"


if __name__ == "__main__":
    sys.exit(main())
