"""Private files under the media folder: one folder a business, names nobody can guess."""

import errno
import os
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Protocol

from django.conf import settings
from django.utils.translation import gettext as _

from apps.core.db import uuid7
from apps.core.errors import AppError, NotFoundError

_PLACE = re.compile(r"^[a-z0-9_]+/[0-9a-f-]{36}(?:\.[a-z]+)?$")

_FULL = {errno.ENOSPC, errno.EDQUOT}


class Upload(Protocol):
    """What an upload must be able to do."""

    @property
    def size(self) -> int | None:
        """Say how large it claims to be."""

    def chunks(self) -> Iterable[bytes]:
        """Yield the contents in pieces."""


def store_upload(business_schema: str, file: Upload, max_bytes: int) -> str:
    """Store an upload and return its place; AppError at the field ``file`` when it is too large."""
    _check_size(file.size or 0, max_bytes)
    place = new_place(business_schema)
    written = 0
    try:
        with create_stored(place) as target:
            for piece in file.chunks():
                written += len(piece)
                _check_size(written, max_bytes)
                target.write(piece)
    except OSError as error:
        delete_stored(place)
        if error.errno not in _FULL:
            raise
        message = _("There is no room for this file on the server. Tell whoever looks after it.")
        raise AppError(message, code="disk_full", field="file") from error
    except BaseException:
        delete_stored(place)
        raise
    return place


def new_place(business_schema: str) -> str:
    """Return a free place for a file of a business."""
    return f"{business_schema}/{uuid7()}"


@contextmanager
def create_stored(place: str) -> Iterator[BinaryIO]:
    """Open a new file that stands at its place whole or not at all."""
    path = _path(place)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = path.with_suffix(f".{os.getpid()}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as target:
            yield target
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


def open_stored(path: str) -> BinaryIO:
    """Open a stored file for reading; NotFoundError when it is gone."""
    try:
        return _path(path).open("rb")
    except OSError as error:
        raise NotFoundError(_("This file is no longer kept.")) from error


def delete_stored(path: str) -> None:
    """Delete a stored file, if it is there."""
    _path(path).unlink(missing_ok=True)


def _path(place: str) -> Path:
    if not _PLACE.match(place):
        message = f"{place!r} is no place of a stored file."
        raise ValueError(message)
    return Path(settings.MEDIA_ROOT) / place


def _check_size(size: int, max_bytes: int) -> None:
    if size > max_bytes:
        most = max_bytes // (1024 * 1024)
        message = _("The file is larger than %(most)d MB; split it in two.") % {"most": most}
        raise AppError(message, code="too_large", field="file")
