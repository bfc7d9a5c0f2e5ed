"""What can be wrong before anything starts, each told in one line that says what to do."""

import errno
import http.client
import shutil
import socket
from urllib.parse import urlsplit

import psycopg
from kombu import Connection
from kombu.exceptions import OperationalError

from cxsaas.local.errors import LocalError
from cxsaas.local.layout import Layout

LEAST_FREE = 200 * 1024 * 1024
PATIENCE = 5


def check_port(port: int) -> None:
    """Refuse a port that another program serves, or that this user may not open."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            busy = error.errno == errno.EADDRINUSE
            other = port + 1 if 1024 <= port < 65535 else 8001  # noqa: PLR2004  the port range
            reason = (
                "is used by another program" if busy else f"cannot be opened ({error.strerror})"
            )
            message = f"Port {port} {reason}. Choose another one: PORT={other} make run"
            raise LocalError(message) from error


def check_disk(place: Layout) -> None:
    """Refuse to start a database on a disk that is all but full."""
    free = shutil.disk_usage(place.root).free
    if free < LEAST_FREE:
        message = (
            f"Only {free // 2**20} MB are free on the disk of {place.root}; "
            f"{LEAST_FREE // 2**20} MB are needed. Make room and start again."
        )
        raise LocalError(message)


def check_database(name: str, url: str) -> None:
    """Refuse a database that does not answer."""
    try:
        psycopg.connect(url, connect_timeout=PATIENCE).close()
    except (psycopg.Error, ValueError) as error:
        message = f"The database of {name} does not answer: {first_line(error)}"
        raise LocalError(message) from error


def check_broker(url: str) -> None:
    """Refuse a broker that does not answer."""
    try:
        with Connection(url, connect_timeout=PATIENCE) as connection:
            connection.ensure_connection(max_retries=1, interval_start=0, timeout=PATIENCE)
    except (OperationalError, OSError, ValueError, KeyError, ImportError) as error:
        place = urlsplit(url).hostname or urlsplit(url).path
        message = f"The broker of CELERY_BROKER_URL ({place}) does not answer: {first_line(error)}"
        raise LocalError(message) from error


def is_ready(port: int) -> bool:
    """Ask the product whether it can do its work."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
    try:
        connection.request("GET", "/readyz", headers={"Host": "localhost"})
        return connection.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def first_line(error: Exception) -> str:
    """Give the first line of an error's text."""
    lines = str(error).strip().splitlines()
    return lines[0] if lines else type(error).__name__
