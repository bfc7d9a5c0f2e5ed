"""Where a server's Unix socket lies: beside its data, or in a short private folder."""

import hashlib
import os
import re
import stat
from pathlib import Path

from cxsaas.local.errors import LocalError

# sun_path holds 107 bytes; the longest socket name used is "/.s.PGSQL.5432.lock".
LONGEST_FOLDER = 85
# Socket paths travel inside URLs (Django, Celery, libpq), each with its own idea of quoting.
PLAIN_PATH = re.compile(r"[A-Za-z0-9/._-]+")


def socket_folder(data_dir: Path) -> Path:
    """Name the folder of the socket that serves `data_dir`; the same answer in every process."""
    path = data_dir.resolve()
    if len(os.fsencode(path)) <= LONGEST_FOLDER and PLAIN_PATH.fullmatch(str(path)):
        return path
    digest = hashlib.sha256(os.fsencode(path)).hexdigest()[:16]
    return Path(f"/tmp/cxsaas-{os.getuid()}-{digest}")  # noqa: S108  checked by make_private


def make_private(folder: Path, *, lent_to: int | None = None) -> None:
    """Create `folder` as 0700, or refuse one that another user could have put there.

    `lent_to` is the account that may own it too, since it was handed over on an earlier start.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    try:
        folder.mkdir(mode=0o700)
    except FileExistsError:
        found = folder.lstat()
        if not stat.S_ISDIR(found.st_mode) or found.st_uid not in {os.getuid(), lent_to}:
            message = f"{folder} is not a folder of this user; remove it and start again."
            raise LocalError(message) from None
        folder.chmod(0o700)
