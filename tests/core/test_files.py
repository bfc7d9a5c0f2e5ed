"""Private files, where the disk plays along and where it does not."""

import errno
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from apps.core import files
from apps.core.errors import AppError


class Upload:
    """Some bytes, and perhaps what the system says in the middle of writing them."""

    size = 5

    def __init__(self, code: int = 0) -> None:
        self._code = code

    def chunks(self) -> Iterator[bytes]:
        yield b"he"
        if self._code:
            raise OSError(self._code, os.strerror(self._code))
        yield b"llo"


@pytest.fixture
def media(tmp_path: Path, settings: Any) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def left(media: Path) -> list[Path]:
    return [path for path in media.rglob("*") if path.is_file()]


def test_an_upload_is_kept_whole(media: Path) -> None:
    place = files.store_upload("b_alpha", Upload(), 10)
    with files.open_stored(place) as stream:
        assert stream.read() == b"hello"
    assert len(left(media)) == 1


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EDQUOT])
def test_a_full_disk_is_told_at_the_field_and_keeps_nothing(media: Path, code: int) -> None:
    with pytest.raises(AppError) as caught:
        files.store_upload("b_alpha", Upload(code), 10)
    assert (caught.value.code, caught.value.field) == ("disk_full", "file")
    assert "no room" in caught.value.message
    assert left(media) == []


def test_another_fault_of_the_disk_is_ours(media: Path) -> None:
    with pytest.raises(OSError, match="Input/output"):
        files.store_upload("b_alpha", Upload(errno.EIO), 10)
    assert left(media) == []
