"""A file of reviews comes in exactly, once, in chunks, and says what it could not read."""

import gzip
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis
from hypothesis import strategies as st

from apps.core.errors import AppError, ConflictError
from apps.core.facts import Actor
from apps.jobs import services as jobs
from apps.jobs.choices import Lane
from apps.journal.models import Entry
from apps.reviews import queries, services
from apps.reviews.models import ImportReject, ImportRun, Review
from apps.reviews.services import chunks
from tests import factories

NOW = datetime(2026, 5, 13, 9, 0, tzinfo=UTC)
HEAD = "id,source,business,date,rating,rating_max,title,text,lang\n"
ROWS = """g-1,google,Mill Lane,2026-05-10,1,5,,"The brake failed, dangerous",en
g-2,google,Mill Lane,,,,Nice,"Two
lines, \"\"quoted\"\"",en
h-1,hotels,The Principal,2016-02-18,6.7,10,,Zimmer größer als erwartet,de
g-1,google,Mill Lane,2026-05-10,1,5,,The same number again,en
"""
BROKEN = """x-1,google,,2026-05-10,7,5,,Too many stars,en
x-2,google,,2026-13-45,5,5,,No such day,en
x-3,google,,,,,,,en
x-4,google,,,lots,5,,=SUM(A1) is no rating,en
"""


def upload(text: str | bytes, name: str = "reviews.csv") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, text.encode() if isinstance(text, str) else text)


def start(actor: Actor, text: str | bytes) -> ImportRun:
    return services.start_import(file=upload(text), file_name="reviews.csv", actor=actor, now=NOW)


def check(run: ImportRun, actor: Actor, **options: object) -> ImportRun:
    services.map_import(run=run, mapping=run.mapping, options=options, actor=actor, now=NOW)
    jobs.drain(lanes=[Lane.INTERACTIVE])
    return queries.get_import(run_id=run.pk)


def commit(run: ImportRun, actor: Actor) -> ImportRun:
    services.commit_import(run=run, actor=actor, now=NOW)
    jobs.drain(lanes=[Lane.INTERACTIVE])
    return queries.get_import(run_id=run.pk)


def counts(run: ImportRun) -> tuple[int, int, int, int, int]:
    return (run.total_rows, run.done_rows, run.new_count, run.duplicate_count, run.rejected_count)


def test_a_file_comes_in_exactly_and_twice_changes_nothing(mona: Actor) -> None:
    run = start(mona, HEAD + ROWS + BROKEN)
    assert list(run.mapping.values()) == [
        "remote_id", "source", "label", "written_at", "rating", "rating_max", "title", "text",
        "language",
    ]  # fmt: skip
    run = check(run, mona)
    assert (run.state, counts(run)) == ("checked", (8, 0, 3, 1, 4))
    assert Review.objects.count() == 0
    run = commit(run, mona)
    assert (run.state, counts(run)) == ("done", (8, 4, 3, 1, 4))
    found = {r.remote_id: r for r in Review.objects.all()}
    assert sorted(found) == ["g-1", "g-2", "h-1"]
    assert found["g-1"].text == "The brake failed, dangerous"
    assert found["g-1"].flags == ["safety"]
    assert found["g-1"].written_at == datetime(2026, 5, 10, 11, tzinfo=UTC)
    assert found["g-2"].text == 'Two\nlines, "quoted"'
    assert (found["g-2"].written_at, found["g-2"].rating, found["g-2"].sort_at) == (
        None,
        None,
        found["g-2"].received_at,
    )
    assert (found["h-1"].rating, found["h-1"].rating_max) == (Decimal("6.70"), 10)
    assert found["h-1"].label == "The Principal"
    assert {r.status for r in found.values()} == {"resolved"}
    kinds = list(Entry.objects.values_list("kind", flat=True))
    assert kinds == ["import.finished"]

    before = list(Review.objects.order_by("pk").values())
    again = commit(check(start(mona, HEAD + ROWS + BROKEN), mona), mona)
    assert counts(again) == (8, 4, 0, 4, 4)
    assert list(Review.objects.order_by("pk").values()) == before


def test_rejected_rows_say_why_and_can_be_mended_and_imported(mona: Actor) -> None:
    run = check(start(mona, HEAD + BROKEN), mona)
    rejects = queries.list_first_rejects(run)
    assert [(r.line, r.reasons) for r in rejects] == [
        (2, ["The rating 7 is above the highest, 5."]),
        (3, ["“2026-13-45” is no date; write it as 2026-11-30 or 30.11.2026."]),
        (4, ["There is neither a text nor a rating."]),
        (5, ["“lots” is not a rating."]),
    ]
    text = "".join(queries.read_rejects(run))
    assert "'=SUM(A1)" in text
    assert "lang,Line,What to mend" in text.splitlines()[0]
    mended = text.replace(",7,5,", ",5,5,").replace("2026-13-45", "").replace("lots", "4")
    done = commit(check(start(mona, mended), mona), mona)
    assert counts(done)[2:] == (3, 0, 1)
    assert Review.objects.get(remote_id="x-4").text == "=SUM(A1) is no rating"


def test_recent_reviews_act_when_they_are_no_history(mona: Actor) -> None:
    today = datetime.now(UTC).date()
    rows = f"a,google,,{today},1,5,,Awful,en\nb,google,,{today - timedelta(days=30)},1,5,,Old,en\n"
    commit(check(start(mona, HEAD + rows), mona, is_history=False), mona)
    found = {r.remote_id: r for r in Review.objects.all()}
    assert (found["a"].status, found["b"].status) == ("new", "new")
    assert found["a"].due_at is not None
    assert found["b"].due_at is None
    kinds = list(Entry.objects.values_list("kind", flat=True))
    assert kinds.count("review.received") == 1


def test_a_packed_file_comes_in_like_a_plain_one(mona: Actor) -> None:
    run = commit(check(start(mona, gzip.compress((HEAD + ROWS).encode())), mona), mona)
    assert counts(run) == (4, 4, 3, 1, 0)


def test_a_file_that_bursts_is_refused(mona: Actor) -> None:
    bomb = gzip.compress((HEAD + "a,google,,,,,,x\n").encode() + b" " * 50_000_000)
    assert len(bomb) < 100_000
    with pytest.raises(AppError) as caught:
        start(mona, bomb)
    assert (caught.value.code, caught.value.field) == ("bomb", "file")
    assert ImportRun.objects.count() == 0


@pytest.mark.parametrize(
    ("contents", "words"),
    [
        (b"", "The file is empty."),
        (HEAD.encode(), "The file has a heading but no rows."),
        (b"PK\x03\x04rest", "Excel workbook"),
        (gzip.compress(HEAD.encode() * 3, mtime=0)[:-12], "damaged"),
        (b"\x1f\x8brest", "damaged"),
    ],
)
def test_what_is_no_table_is_refused_at_its_field(mona: Actor, contents: bytes, words: str) -> None:
    with pytest.raises(AppError) as caught:
        start(mona, contents)
    assert words in caught.value.message
    assert caught.value.field == "file"
    assert ImportRun.objects.count() == 0


@hypothesis(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(contents=st.binary(max_size=300))
def test_no_bytes_break_it(mona: Actor, contents: bytes) -> None:
    try:
        run = start(mona, contents)
    except AppError:
        return
    services.map_import(
        run=run, mapping={"0": "text"}, options={"source": "google"}, actor=mona, now=NOW
    )
    services.check_import(run_id=run.pk, now=NOW)
    assert queries.get_import(run_id=run.pk).state in {"checked", "failed"}


def test_a_mapping_needs_words_and_a_site(mona: Actor) -> None:
    run = start(mona, "when,words\n2026-01-01,Good\n")
    for mapping, options, code in (
        ({"0": "written_at"}, {"source": "google"}, "nothing_to_read"),
        ({"0": "text", "1": "text"}, {"source": "google"}, "twice"),
        ({"7": "text"}, {"source": "google"}, "unknown_column"),
        ({"1": "password"}, {"source": "google"}, "unknown_field"),
        ({"1": "text"}, {}, "no_source"),
    ):
        with pytest.raises(AppError) as caught:
            services.map_import(run=run, mapping=mapping, options=options, actor=mona, now=NOW)
        assert caught.value.code == code
    assert queries.get_import(run_id=run.pk).state == "uploaded"


def test_a_failed_chunk_leaves_nothing_and_is_tried_again(
    mona: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chunks, "CHUNK", 2)
    rows = "".join(f"r-{n},google,,,5,5,,Text {n},en\n" for n in range(5))
    run = check(start(mona, HEAD + rows), mona)
    services.commit_import(run=run, actor=mona, now=NOW)
    services.import_chunk(run_id=run.pk, now=NOW)
    assert (Review.objects.count(), queries.get_import(run_id=run.pk).done_rows) == (2, 2)

    def fail(name: str) -> None:
        raise RuntimeError(name)

    with monkeypatch.context() as broken:
        broken.setattr(chunks, "failpoint", fail)
        with pytest.raises(RuntimeError), transaction.atomic():
            services.import_chunk(run_id=run.pk, now=NOW)
    assert (Review.objects.count(), queries.get_import(run_id=run.pk).done_rows) == (2, 2)
    jobs.drain(lanes=[Lane.INTERACTIVE])
    run = queries.get_import(run_id=run.pk)
    assert (run.state, counts(run)) == ("done", (5, 5, 5, 0, 0))


def test_a_cancelled_import_stops_and_keeps_what_came_in(
    mona: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chunks, "CHUNK", 1)
    run = check(start(mona, HEAD + ROWS), mona)
    services.commit_import(run=run, actor=mona, now=NOW)
    services.import_chunk(run_id=run.pk, now=NOW)
    services.cancel_import(run=run, actor=mona, now=NOW)
    jobs.drain(lanes=[Lane.INTERACTIVE])
    run = queries.get_import(run_id=run.pk)
    assert (run.state, run.done_rows, Review.objects.count()) == ("cancelled", 1, 1)
    with pytest.raises(ConflictError):
        services.commit_import(run=run, actor=mona, now=NOW)


def test_a_location_is_found_by_its_name(mona: Actor) -> None:
    place = factories.make_location(name="Mill Lane")
    text = "id,text,location\n1,Good,mill lane\n2,Bad,Nowhere\n"
    run = check(start(mona, text), mona, source="google")
    assert [r.reasons for r in ImportReject.objects.all()] == [
        ["There is no location “Nowhere”; add it in the settings."]
    ]
    commit(run, mona)
    assert Review.objects.get().location_id == place.pk


def test_a_check_asks_the_database_no_more_for_more_rows(
    mona: Actor,
) -> None:
    seen = []
    for n in (1, 3):
        rows = "".join(f"q-{n}-{i},google,,,5,5,,Text,en\n" for i in range(n))
        run = start(mona, HEAD + rows)
        services.map_import(run=run, mapping=run.mapping, options={}, actor=mona, now=NOW)
        with CaptureQueriesContext(connection) as asked:
            services.check_import(run_id=run.pk, now=NOW)
            services.commit_import(run=queries.get_import(run_id=run.pk), actor=mona, now=NOW)
            services.import_chunk(run_id=run.pk, now=NOW)
        seen.append(len(asked))
    assert seen[0] == seen[1]


def test_too_many_rows_are_refused_and_nothing_is_left(
    mona: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chunks, "MAX_ROWS", 3)
    run = check(start(mona, HEAD + ROWS + BROKEN), mona)
    assert (run.state, run.error) == ("failed", "The file has more than 3 rows; split it.")
    assert ImportReject.objects.count() == 0


def test_a_file_that_vanishes_fails_in_words_before_and_after_the_check(
    mona: Actor, settings: Any
) -> None:
    run = start(mona, HEAD + ROWS)
    (Path(settings.MEDIA_ROOT) / run.path).unlink()
    run = check(run, mona)
    assert (run.state, run.error) == ("failed", "This file is no longer kept.")
    run = check(start(mona, HEAD + ROWS), mona)
    (Path(settings.MEDIA_ROOT) / run.staged_path).unlink()
    run = commit(run, mona)
    assert (run.state, run.error) == ("failed", "This file is no longer kept.")
    assert Review.objects.count() == 0


def test_work_on_a_file_that_stands_elsewhere_does_nothing(mona: Actor) -> None:
    run = start(mona, HEAD + ROWS)
    services.check_import(run_id=run.pk, now=NOW)
    services.import_chunk(run_id=run.pk, now=NOW)
    assert queries.get_import(run_id=run.pk).state == "uploaded"


def test_the_order_of_days_and_months_is_found_in_the_file(mona: Actor) -> None:
    text = "id,text,date\n1,Good,03/02/2026\n2,Bad,25/02/2026\n"
    run = check(start(mona, text), mona, source="google")
    assert (run.options["date_order"], run.rejected_count) == ("dmy", 0)
    commit(run, mona)
    days = {r.remote_id: r.written_at for r in Review.objects.all()}
    assert days["1"] == datetime(2026, 2, 3, 12, tzinfo=UTC)
