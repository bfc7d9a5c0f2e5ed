"""What is the same for every file on its way in, shown with files of customers."""

import gzip
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from apps.core.errors import ConflictError
from apps.core.facts import SYSTEM, Actor
from apps.customers import queries, services
from apps.customers.models import Customer, ImportRun
from apps.imports import services as imports
from apps.jobs import services as jobs
from apps.jobs.choices import Lane
from apps.journal.models import Entry
from tests.customers import files

NOW = datetime(2026, 5, 13, 9, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def media(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def start(data: bytes, actor: Actor, name: str = "customers.csv") -> ImportRun:
    return services.start_import(file=files.upload(data), file_name=name, actor=actor, now=NOW)


def check(run: ImportRun, actor: Actor) -> ImportRun:
    mapping = {run.headers.index("Email"): "email", 0: "first_name"}
    services.map_import(run=run, mapping=mapping, options={"region": "GB"}, actor=actor, now=NOW)
    jobs.drain(lanes=[Lane.INTERACTIVE])
    return queries.get_import(run_id=run.pk)


def commit(run: ImportRun, actor: Actor) -> ImportRun:
    services.commit_import(run=run, actor=actor, now=NOW)
    jobs.drain(lanes=[Lane.INTERACTIVE])
    return queries.get_import(run_id=run.pk)


def mend(run: ImportRun, *changes: tuple[str, str]) -> bytes:
    text = "".join(queries.read_rejects(run))
    for before, after in changes:
        assert before in text
        text = text.replace(before, after)
    return text.encode()


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("customers.csv", "customers.csv"),
        ("  a\u202eb\nc.csv", "abc.csv"),
        ("\x07", "A file without a name"),
        ("x" * 300 + ".csv", "x" * 99 + "…" + "x" * 96 + ".csv"),
    ],
)
def test_a_name_is_kept_as_it_can_be_shown(mona: Actor, given: str, kept: str) -> None:
    assert start(files.many(1), mona, given).file_name == kept


def test_a_packed_file_comes_in_like_a_plain_one(mona: Actor) -> None:
    run = commit(check(start(gzip.compress(files.many(3)), mona), mona), mona)
    assert (run.state, run.new_count) == ("done", 3)


def test_a_file_comes_in_in_the_name_of_who_brought_it(mona: Actor) -> None:
    for actor, kind in ((mona, "staff"), (SYSTEM, "system")):
        run = commit(check(start(files.many(1), actor), actor), actor)
        told = Entry.objects.get(kind="import.finished", subject_id=run.pk)
        assert (told.actor_kind, told.actor_id) == (kind, actor.id)


def test_mended_rows_lose_the_apostrophe_that_the_download_set(mona: Actor) -> None:
    run = check(start(b"First name,Email\n=SUM(A1),bad\n'quoted,a@example.com\n", mona), mona)
    commit(check(start(mend(run, (",bad,", ",b@example.com,")), mona), mona), mona)
    assert Customer.objects.get().first_name == "=SUM(A1)"


def test_rows_rejected_again_have_one_line_and_one_reason(mona: Actor) -> None:
    first = check(start(b"First name,Email\nAda,bad\n", mona), mona)
    second = check(start(mend(first, ("bad", "worse")), mona), mona)
    lines = "".join(queries.read_rejects(second)).splitlines()
    assert lines[0] == "\ufeffFirst name,Email,Line,What to mend"
    assert lines[1].startswith("Ada,worse,2,")
    assert lines[1].count("is no email address") == 1


def test_a_column_of_ones_own_may_be_called_line(mona: Actor) -> None:
    run = check(start(b"Line,Email\nNorth,bad\n", mona), mona)
    lines = "".join(queries.read_rejects(run)).splitlines()
    assert lines[0] == "\ufeffLine,Email,Line,What to mend"
    assert lines[1].startswith("North,bad,2,")


def test_cells_beyond_the_heading_stay_before_the_reason(mona: Actor) -> None:
    run = check(start(b"First name,Email\nAda,bad,more,still more\n", mona), mona)
    assert "\r\nAda,bad more still more,2," in "".join(queries.read_rejects(run))


def test_a_file_that_vanished_is_told_and_may_be_mapped_again(mona: Actor, media: Path) -> None:
    run = start(files.many(2), mona)
    (media / run.path).unlink()
    run = check(run, mona)
    assert (run.state, run.error) == ("failed", "This file is no longer kept.")
    assert run.is_mappable


def test_a_cancelled_file_is_deleted_and_stays_cancelled(
    mona: Actor, media: Path, django_capture_on_commit_callbacks: Any
) -> None:
    run = check(start(files.many(2), mona), mona)
    with django_capture_on_commit_callbacks(execute=True):
        services.cancel_import(run=run, actor=mona, now=NOW)
    assert [path for path in media.rglob("*") if path.is_file()] == []
    with pytest.raises(ConflictError, match="moved on meanwhile"):
        services.cancel_import(run=run, actor=mona, now=NOW)
    imports.fail_import(run=run, error="too late")
    assert queries.get_import(run_id=run.pk).state == "cancelled"


def test_work_on_a_file_that_is_gone_is_nothing(mona: Actor) -> None:
    run = start(files.many(2), mona)
    services.stage_import(run_id=run.pk, now=NOW)
    services.take_chunk(run_id=run.pk, now=NOW)
    assert queries.get_import(run_id=run.pk).state == "uploaded"
