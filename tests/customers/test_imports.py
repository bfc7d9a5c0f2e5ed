"""Files coming in: exact counts, nothing twice, nothing lost when a worker dies."""

import csv
import io
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.consent import queries as consent
from apps.consent import services as consents
from apps.consent.models import Event
from apps.core.errors import AppError, ConflictError
from apps.core.facts import Actor
from apps.customers import queries, services
from apps.customers.models import ContactPoint, Customer, ImportKey, ImportRun, Transaction
from apps.jobs import services as jobs
from apps.jobs.choices import Lane
from apps.journal.models import Entry
from tests.customers import files
from tests.factories import make_location

NOW = datetime(2026, 5, 13, 9, 0, tzinfo=UTC)
AGREED: dict[str, Any] = {
    "consent_basis": "express",
    "consent_purposes": ["review_request"],
    "consent_wording": "Yes, ask me how it went",
    "consent_channels": ["email", "sms"],
}


@pytest.fixture(autouse=True)
def media(settings: Any, tmp_path: Path) -> Path:
    """Keep the files of each test apart."""
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def stored(media: Path) -> list[Path]:
    return [path for path in media.rglob("*") if path.is_file()]


def start(data: bytes, actor: Actor) -> ImportRun:
    return services.start_import(
        file=files.upload(data), file_name="customers.csv", actor=actor, now=NOW
    )


def check(
    data: bytes,
    actor: Actor,
    mapping: Mapping[int, str] | None = None,
    **options: Any,
) -> ImportRun:
    run = start(data, actor)
    chosen = run.columns if mapping is None else mapping
    services.map_import(
        run=run, mapping=chosen, options={"region": "GB"} | options, actor=actor, now=NOW
    )
    work()
    return again(run)


def bring_in(
    data: bytes, actor: Actor, mapping: Mapping[int, str] | None = None, **options: Any
) -> ImportRun:
    run = check(data, actor, mapping, **options)
    assert run.state == "checked", run.error
    forecast = counts(run)
    services.commit_import(run=run, actor=actor, now=NOW)
    work()
    run = again(run)
    assert counts(run) == forecast
    assert run.state == "done"
    return run


def work() -> None:
    jobs.drain(lanes=[Lane.INTERACTIVE])


def again(run: ImportRun) -> ImportRun:
    return queries.get_import(run_id=run.pk)


def counts(run: ImportRun) -> dict[str, int]:
    names = ("total", "done")
    found = {name: getattr(run, f"{name}_rows") for name in names}
    for name in ("new", "updated", "unchanged", "duplicate", "rejected"):
        found[name] = getattr(run, f"{name}_count")
    return found


def tables() -> dict[str, Any]:
    """Return what another import of the same file must not touch."""
    return {
        "customers": list(Customer.objects.order_by("pk").values()),
        "contacts": list(ContactPoint.objects.order_by("pk").values()),
        "transactions": list(Transaction.objects.order_by("pk").values()),
        "consents": list(Event.objects.order_by("pk").values()),
        "facts": list(Entry.objects.exclude(kind="import.finished").order_by("pk").values()),
    }


def test_import_of_a_real_export_counts_exactly(mona: Actor) -> None:
    place = make_location(name="Mill Lane")
    run = bring_in(files.german(), mona, **AGREED | {"region": "DE"})

    assert run.dialect["encoding"] == "utf-8-sig"
    assert run.dialect["delimiter"] == ";"
    assert counts(run) == {
        "total": 8, "done": 8, "new": 4, "updated": 0, "unchanged": 0, "duplicate": 1,
        "rejected": 3,
    }  # fmt: skip
    juergen = Customer.objects.get(last_name="Groß")
    assert (juergen.first_name, juergen.location) == ("Jürgen", place)
    visits = Transaction.objects.filter(customer=juergen).order_by("happened_at")
    assert [(v.happened_at.date().isoformat(), v.amount_minor, v.currency) for v in visits] == [
        ("2026-05-03", 112850, "EUR"),
        ("2026-05-05", 2000, "GBP"),
    ]
    assert juergen.last_transaction_at == visits[1].happened_at
    contacts = queries.list_contacts([juergen.pk])[juergen.pk]
    assert [c.address for c in contacts] == ["juergen.gross@example.com", "+4915123456789"]
    assert Customer.objects.get(last_name="Weiß").first_name == "Anna Maria"
    created = Entry.objects.filter(kind="customer.created")
    assert {entry.data["source"] for entry in created} == {f"import:{run.pk}"}
    assert created.count() == 4
    done = Entry.objects.get(kind="import.finished")
    assert (done.data["new"], done.data["rejected"], done.actor_id) == (4, 3, mona.id)


def test_import_tells_every_reason_and_gives_the_rows_back(mona: Actor) -> None:
    make_location(name="Mill Lane")
    run = bring_in(files.german(), mona, region="DE")

    rejects = queries.list_first_rejects(run)
    assert [reject.line for reject in rejects] == [6, 8, 9]
    assert rejects[0].reasons == [
        "Column “E-Mail”: “joerg(at)example.com” has no @, so it is no email address.",
        "Column “Handy”: “12” is no phone number.",
    ]
    assert "neither an email address nor a phone number" in rejects[1].reasons[0]

    text = "".join(queries.read_rejects(run))
    assert text.startswith("\ufeff")
    rows = list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))
    assert rows[0][-3:] == ["Newsletter E-Mail", "Line", "What to mend"]
    assert rows[1][:4] == ["1004", "Jörg", "Böhm", "joerg(at)example.com"]
    assert {len(row) for row in rows} == {11}


def test_import_of_mended_rejects_brings_the_rest_in(mona: Actor) -> None:
    make_location(name="Mill Lane")
    run = bring_in(files.german(), mona, region="DE")
    text = "".join(queries.read_rejects(run))
    mended = (
        text.replace("joerg(at)", "joerg@").replace(",12,", ",0151 23456780,")
        .replace("31.02.2026", "28.02.2026").replace("Nirgends", "")
    )  # fmt: skip

    second = bring_in(mended.encode(), mona, region="DE")

    assert counts(second) == {
        "total": 3, "done": 3, "new": 2, "updated": 0, "unchanged": 0, "duplicate": 0,
        "rejected": 1,
    }  # fmt: skip


def test_import_of_a_windows_file(mona: Actor) -> None:
    run = bring_in(files.windows(), mona, region="IE")

    assert run.dialect["encoding"] == "cp1252"
    assert counts(run)["new"] == 3
    names = set(Customer.objects.values_list("first_name", "last_name"))
    assert names == {("Aoife", "Brennan"), ("Seán", "O’Neill"), ("Zoë", "Ó Briain")}
    assert Customer.objects.get(last_name="Brennan").tags == ["vip", "workshop"]


@pytest.mark.parametrize("data", [files.german(), files.windows(), files.many(1203)])
def test_import_twice_changes_nothing(mona: Actor, data: bytes) -> None:
    make_location(name="Mill Lane")
    options = AGREED | {"region": "DE"}
    first = bring_in(data, mona, **options)
    before = tables()

    second = bring_in(data, mona, **options)

    assert tables() == before
    assert counts(second) == counts(first) | {"new": 0, "unchanged": first.new_count}
    assert (second.transaction_count, second.consent_count) == (0, 0)


def test_import_over_chunks_finds_duplicates_everywhere(
    mona: Actor, media: Path, django_capture_on_commit_callbacks: Any
) -> None:
    data = files.many(1100) + b"\n" + b"\n".join(files.many(1100).splitlines()[1:])

    with django_capture_on_commit_callbacks(execute=True):
        run = bring_in(data, mona)

    assert counts(run) == {
        "total": 2200, "done": 2200, "new": 1100, "updated": 0, "unchanged": 0, "duplicate": 1100,
        "rejected": 0,
    }  # fmt: skip
    assert Customer.objects.count() == 1100
    assert ImportKey.objects.count() == 0
    assert stored(media) == []


def test_check_changes_nothing(mona: Actor) -> None:
    run = check(files.many(700), mona, **AGREED)

    assert run.state == "checked"
    assert counts(run)["new"] == 700
    assert {name: rows for name, rows in tables().items() if rows} == {}


def test_import_updates_what_the_file_says_and_keeps_the_rest(mona: Actor) -> None:
    known = services.create_customer(
        first_name="Nora", last_name="Keane", email="nora@example.com", language="en",
        tags=["vip"], actor=mona, now=NOW,
    )  # fmt: skip
    data = b"First name,Email,Phone,Tags\nHonora,nora@example.com,+447400123456,workshop\n"

    run = bring_in(data, mona)

    assert counts(run)["updated"] == 1
    known.refresh_from_db()
    assert (known.first_name, known.last_name, known.language) == ("Honora", "Keane", "en")
    assert known.tags == ["vip", "workshop"]
    assert [c.address for c in queries.list_contacts([known.pk])[known.pk]] == [
        "nora@example.com",
        "+447400123456",
    ]


@pytest.mark.parametrize(
    "row",
    [
        "7,Zoe,zoe@example.com,+447400000001",  # a number and an address of two people
        "9,Nora,nora@example.com,",  # Nora has another number already
        ",Peter,peter@example.com,+447400000001",  # a shared phone, another name and address
    ],
)
def test_import_never_mixes_two_people(mona: Actor, row: str) -> None:
    head = "Customer no,First name,Email,Phone\n"
    people = "7,Nora,nora@example.com,+447400000001\n8,Zoe,zoe@example.com,\n"
    bring_in((head + people).encode(), mona)
    before = tables()

    run = bring_in((head + row + "\n").encode(), mona)

    assert counts(run)["rejected"] == 1
    assert "belongs to" in queries.list_first_rejects(run)[0].reasons[0]
    assert tables() == before


def test_import_mixes_nobody_inside_one_file_either(mona: Actor) -> None:
    filler = "".join(f",F{n},f{n}@example.com,\n" for n in range(600))
    data = (
        "Customer no,First name,Email,Phone\n7,Nora,nora@example.com,+447400000001\n"
        f"{filler}9,Nora,nora@example.com,\n,Peter,peter@example.com,+447400000001\n"
    )

    run = bring_in(data.encode(), mona)

    assert counts(run)["rejected"] == 2


def test_import_consent_comes_from_its_column(mona: Actor) -> None:
    make_location(name="Mill Lane")
    run = bring_in(files.german(), mona, **AGREED | {"region": "DE"})

    contacts = {c.address: c for c in ContactPoint.objects.all()}
    granted = {
        row.address_hash: (row.basis, row.source)
        for row in consent.list_standings([c.address_hash for c in contacts.values()])
    }
    assert granted == {
        contacts["juergen.gross@example.com"].address_hash: ("express", "customers.csv"),
        contacts["anna@example.com"].address_hash: ("express", "customers.csv"),
    }
    event = Event.objects.filter(channel="email").order_by("pk")[0]
    assert event.wording == "Yes, ask me how it went"
    assert event.evidence == {"import": str(run.pk), "line": 2}
    assert run.consent_count == 2  # the column speaks of mails alone, so no phone


def test_import_never_gives_back_what_was_withdrawn(mona: Actor) -> None:
    bring_in(files.many(1), mona, **AGREED)
    contact = ContactPoint.objects.get(channel="email")
    consents.withdraw(
        address_hash=contact.address_hash, channel="email", source="link", actor=mona, now=NOW
    )

    run = bring_in(files.many(1), mona, **AGREED)

    assert run.consent_count == 0
    assert not consent.list_standings([contact.address_hash])[0].is_granted


def test_import_without_a_basis_records_no_consent(mona: Actor) -> None:
    bring_in(files.german(), mona, region="DE", consent_channels=["email"], consent_basis="")

    assert Event.objects.count() == 0


def test_import_implied_consent_runs_out_two_years_after_the_visit(mona: Actor) -> None:
    data = b"Email,Last visit\nnora@example.com,2025-06-01\n"
    bring_in(data, mona, **AGREED | {"consent_basis": "implied"})

    contact = ContactPoint.objects.get()
    until = consent.list_standings([contact.address_hash])[0].expires_at
    assert until is not None
    assert until.date().isoformat() == "2027-06-01"


def test_chunk_that_dies_leaves_nothing_and_goes_on(mona: Actor, settings: Any) -> None:
    run = check(files.many(1200), mona, **AGREED)
    services.commit_import(run=run, actor=mona, now=NOW)
    services.take_chunk(run_id=run.pk, now=NOW)
    settings.FAILPOINT = "import_chunk_before_checkpoint:raise"
    jobs.drain(lanes=[Lane.INTERACTIVE])

    assert Customer.objects.count() == 500
    assert counts(again(run))["done"] == 500
    assert Entry.objects.filter(kind="customer.created").count() == 500

    settings.FAILPOINT = ""
    for _round in range(4):
        jobs.drain(lanes=[Lane.INTERACTIVE], now=datetime(2100, 1, 1, tzinfo=UTC))

    run = again(run)
    assert (run.state, run.new_count, run.duplicate_count) == ("done", 1200, 0)
    assert Customer.objects.count() == 1200


def test_chunk_costs_as_many_queries_as_a_row(mona: Actor) -> None:
    def cost(data: bytes) -> int:
        run = check(data, mona, **AGREED)
        services.commit_import(run=run, actor=mona, now=NOW)
        with CaptureQueriesContext(
            connection,
        ) as captured:
            services.take_chunk(run_id=run.pk, now=NOW)
        return len(captured)

    assert cost(files.many(3)) == cost(files.many(200, start=10)) <= 24


def test_cancel_stops_and_keeps_what_is_in(mona: Actor) -> None:
    run = check(files.many(1200), mona)
    services.commit_import(run=run, actor=mona, now=NOW)
    services.take_chunk(run_id=run.pk, now=NOW)
    services.cancel_import(run=run, actor=mona, now=NOW)
    work()

    run = again(run)
    assert (run.state, run.done_rows) == ("cancelled", 500)
    assert Customer.objects.count() == 500
    with pytest.raises(ConflictError):
        services.cancel_import(run=run, actor=mona, now=NOW)


def test_commit_twice_runs_once(mona: Actor) -> None:
    run = check(files.many(3), mona)
    services.commit_import(run=run, actor=mona, now=NOW)

    with pytest.raises(ConflictError):
        services.commit_import(run=run, actor=mona, now=NOW)

    work()
    assert again(run).new_count == 3


def test_commit_unchecked_is_refused(mona: Actor) -> None:
    run = start(files.many(3), mona)

    with pytest.raises(ConflictError):
        services.commit_import(run=run, actor=mona, now=NOW)

    assert again(run).state == "uploaded"


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "The file is empty."),
        (b"\xef\xbb\xbf\r\n", "The file is empty."),
        (b"Name,Email\n", "heading but no rows"),
        (b"PK\x03\x04rest", "Excel workbook"),
        (b"%PDF-1.4 \x00\x01", "not a text file"),
        (b"a,b\n" + b"x" * 2_000_000, "too long"),
    ],
)
def test_start_import_says_what_is_wrong_with_a_file(
    mona: Actor, media: Path, data: bytes, words: str
) -> None:
    with pytest.raises(AppError, match=words) as caught:
        start(data, mona)

    assert caught.value.field == "file"
    assert ImportRun.objects.count() == 0
    assert stored(media) == []


def test_start_import_too_large(mona: Actor, settings: Any) -> None:
    settings.IMPORT_MAX_BYTES = 1024 * 1024
    with pytest.raises(AppError, match="larger than 1 MB"):
        start(files.many(60_000), mona)


def test_check_tells_of_a_file_that_breaks_later(mona: Actor) -> None:
    data = files.many(200) + b"\nx," + b"y" * 20_000 + b",a@example.com,\n"

    run = check(data, mona)

    assert run.state == "failed"
    assert "longer than 10000 characters" in run.error
    services.map_import(run=run, mapping=run.columns, options={}, actor=mona, now=NOW)
    assert again(run).state == "checking"


@pytest.mark.parametrize(
    ("mapping", "code"),
    [
        ({0: "first_name"}, "nothing_to_reach"),
        ({}, "nothing_to_reach"),
        ({2: "email", 3: "email"}, "field_twice"),
        ({2: "email", 9: "phone"}, "unknown_field"),
        ({2: "email", 1: "password"}, "unknown_field"),
        ({2: "email", 1: "amount"}, "amount_without_day"),
    ],
)
def test_map_import_refuses(mona: Actor, mapping: dict[int, str], code: str) -> None:
    run = start(files.many(2), mona)

    with pytest.raises(AppError) as caught:
        services.map_import(run=run, mapping=mapping, options={}, actor=mona, now=NOW)

    assert caught.value.code == code
    assert again(run).state == "uploaded"


def test_rejects_are_guarded_against_formulas(mona: Actor) -> None:
    run = bring_in(b"Name,Email\n=HYPERLINK(1),bad\nA,a@example.com\n", mona)

    assert "\r\n'=HYPERLINK(1),bad,2," in "".join(queries.read_rejects(run))
