"""One chunk of a file: read, told apart, and brought in with as many queries as a single row."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from apps.core.failpoints import failpoint
from apps.customers import rules
from apps.customers.choices import IMPORT_SYSTEM, ContactStatus, TransactionKind
from apps.customers.events import CustomerCreated, CustomerUpdated
from apps.customers.models import (
    ContactPoint,
    Customer,
    ExternalId,
    ImportReject,
    ImportRun,
    Transaction,
)
from apps.customers.rules.rows import MAX_TAGS
from apps.customers.services.directory import Directory
from apps.customers.services.grants import Grant, record_grants
from apps.customers.services.imports import enqueue_next, forget_keys
from apps.customers.services.people import make_contact
from apps.customers.services.reading import Entry, RowReader
from apps.customers.services.staging import read_lines
from apps.imports import services as imports
from apps.imports.choices import BUSY_STATES, ImportState
from apps.journal import services as journal

CHUNK = 500
IMPLIED_FOR = timedelta(days=730)


@dataclass
class Batch:
    """What one chunk brings; nothing of it is stored yet."""

    new: list[Customer] = field(default_factory=list)
    changed: dict[UUID, Customer] = field(default_factory=dict)
    contacts: list[ContactPoint] = field(default_factory=list)
    numbers: list[ExternalId] = field(default_factory=list)
    transactions: dict[str, Transaction] = field(default_factory=dict)
    grants: dict[rules.Identifier, Grant] = field(default_factory=dict)
    rejects: list[ImportReject] = field(default_factory=list)
    updated: int = 0
    unchanged: int = 0
    duplicates: int = 0


def take_chunk(*, run_id: UUID, now: datetime) -> None:
    """Take the next rows of a file in, or only try them; in one transaction with the checkpoint."""
    run = imports.hold_import(model=ImportRun, run_id=run_id, states=BUSY_STATES)
    if run is None:
        return
    lines, offset = read_lines(run, most=CHUNK)
    reader, batch, entries = RowReader(run, now), Batch(), []
    for line in lines:
        entry = reader.read(line)
        if isinstance(entry, Entry):
            entries.append(entry)
        else:
            batch.rejects.append(_reject(run, line.number, line.cells, entry))
    directory = Directory.load(run, [entry.row for entry in entries])
    for entry in entries:
        _place(run, entry, directory, batch, now)
    directory.remember()
    ImportReject.objects.bulk_create(batch.rejects, ignore_conflicts=True, batch_size=CHUNK)
    if run.state == ImportState.RUNNING:
        _store(run, batch, now)
    failpoint("import_chunk_before_checkpoint")
    _checkpoint(run, batch, len(lines), offset, now)


def _reject(
    run: ImportRun, line: int, cells: Sequence[str], reasons: Sequence[str]
) -> ImportReject:
    return ImportReject(run=run, line=line, cells=list(cells), reasons=list(reasons))


def _place(run: ImportRun, entry: Entry, directory: Directory, batch: Batch, now: datetime) -> None:
    number = entry.line.number
    found = rules.find_place(entry.row, line=number, directory=directory.owners)
    if isinstance(found, str):
        batch.rejects.append(_reject(run, number, entry.line.cells, [found]))
        return
    placing, owner = found
    is_changed = False
    if placing == rules.Placing.NEW:
        owner.person = _make_customer(entry, now)
        batch.new.append(owner.person)
    elif owner.person is not None:
        is_changed = _merge(owner.person, entry, overwrites=placing == rules.Placing.KNOWN)
    if owner.person is not None:
        is_changed |= _add_addresses(owner.person, entry, directory, batch, now)
        is_changed |= _add_visit(owner.person, entry, batch, now)
        _add_grants(run, entry, directory, batch)
        if is_changed and not owner.person._state.adding:  # noqa: SLF001 - documented by Django
            batch.changed[owner.person.pk] = owner.person
    batch.duplicates += placing == rules.Placing.DUPLICATE
    batch.updated += placing == rules.Placing.KNOWN and is_changed
    batch.unchanged += placing == rules.Placing.KNOWN and not is_changed


def _make_customer(entry: Entry, now: datetime) -> Customer:
    row = entry.row
    return Customer(
        first_name=row.first_name,
        last_name=row.last_name,
        language=row.language,
        location=entry.location,
        tags=list(row.tags),
        created_at=now,
        updated_at=now,
    )


def _merge(person: Customer, entry: Entry, *, overwrites: bool) -> bool:
    """Write what a row says over what is known, or, for a later row of the file, only beside it."""
    row = entry.row
    said = {
        "first_name": row.first_name,
        "last_name": row.last_name,
        "language": row.language,
        "location_id": entry.location.pk if entry.location else None,
    }
    is_changed = False
    for name, value in said.items():
        known = getattr(person, name)
        if value and value != known and (overwrites or not known):
            setattr(person, name, value)
            is_changed = True
    added = [tag for tag in row.tags if tag not in person.tags]
    if added and len(person.tags) + len(added) <= MAX_TAGS:
        person.tags = [*person.tags, *added]
        is_changed = True
    return is_changed


def _add_addresses(
    person: Customer, entry: Entry, directory: Directory, batch: Batch, now: datetime
) -> bool:
    is_changed = False
    for identifier in rules.identifiers(entry.row):
        if identifier in directory.stored:
            continue
        kind, value = identifier
        if kind == "number":
            batch.numbers.append(ExternalId(customer=person, system=IMPORT_SYSTEM, value=value))
            directory.stored[identifier] = None
        else:
            phone = entry.row.phone if kind == "sms" else None
            contact = make_contact(
                customer=person, channel=kind, address=value, phone=phone, now=now
            )
            batch.contacts.append(contact)
            directory.stored[identifier] = contact
        is_changed = True
    return is_changed


def _add_visit(person: Customer, entry: Entry, batch: Batch, now: datetime) -> bool:
    """Note the visit of a row; the same visit of the same person has the same id for ever."""
    moment = entry.visited_at
    if moment is None:
        return False
    money = entry.money
    place = entry.location.pk if entry.location else ""
    paid = f"{money.minor}|{money.currency}" if money else ""
    said = f"{person.pk}|{moment.date()}|{paid}|{place}"
    external_id = f"import:{hashlib.sha256(said.encode()).hexdigest()[:40]}"
    batch.transactions.setdefault(
        external_id,
        Transaction(
            customer=person,
            location=entry.location,
            kind=TransactionKind.VISIT,
            external_id=external_id,
            happened_at=moment,
            amount_minor=money.minor if money else None,
            currency=money.currency if money else "",
            created_at=now,
        ),
    )
    if person.last_transaction_at is not None and person.last_transaction_at >= moment:
        return False
    person.last_transaction_at = moment
    return True


def _add_grants(run: ImportRun, entry: Entry, directory: Directory, batch: Batch) -> None:
    """Note who agreed; the first row of an address is what proves it."""
    options = run.options
    if not options.get("consent_basis"):
        return
    # A column that speaks of one channel says nothing about the other.
    has_column = {"consent_email", "consent_sms"} & set(run.mapping.values())
    said = {"email": entry.row.consent_email, "sms": entry.row.consent_sms}
    for identifier in rules.identifiers(entry.row):
        channel = identifier[0]
        contact = directory.stored.get(identifier)
        if contact is None or contact.status != ContactStatus.OK:
            continue
        if has_column:
            has_agreed = f"consent_{channel}" in has_column and said[channel] is True
        else:
            has_agreed = channel in options.get("consent_channels", [])
        if has_agreed:
            batch.grants.setdefault(identifier, _grant(run, entry, contact))


def _grant(run: ImportRun, entry: Entry, contact: ContactPoint) -> Grant:
    basis = run.options["consent_basis"]
    is_dated = basis == "implied" and entry.visited_at is not None
    return Grant(
        contact=contact,
        purposes=run.options["consent_purposes"],
        basis=basis,
        source=(entry.row.consent_source or run.options.get("consent_source") or run.file_name)[
            :80
        ],
        wording=run.options.get("consent_wording", ""),
        evidence={"import": str(run.pk), "line": entry.line.number},
        expires_at=entry.visited_at + IMPLIED_FOR if is_dated and entry.visited_at else None,
    )


def _store(run: ImportRun, batch: Batch, now: datetime) -> None:
    actor = imports.actor_of(run=run)
    Customer.objects.bulk_create(batch.new, batch_size=CHUNK)
    if batch.changed:
        for person in batch.changed.values():
            person.updated_at = now
        fields = ["first_name", "last_name", "language", "location", "tags"]
        Customer.objects.bulk_update(
            batch.changed.values(), [*fields, "last_transaction_at", "updated_at"]
        )
    ContactPoint.objects.bulk_create(batch.contacts, batch_size=2 * CHUNK)
    ExternalId.objects.bulk_create(batch.numbers, batch_size=CHUNK)
    run.transaction_count += _store_transactions(batch)
    source = f"import:{run.pk}"
    facts = [
        *(CustomerCreated(customer_id=person.pk, source=source) for person in batch.new),
        *(CustomerUpdated(customer_id=pk, source=source) for pk in batch.changed),
    ]
    journal.record_many(facts, actor=actor, now=now)
    run.consent_count += record_grants([*batch.grants.values()], actor=actor, now=now)


def _store_transactions(batch: Batch) -> int:
    if not batch.transactions:
        return 0
    known = set(
        Transaction.objects.filter(external_id__in=batch.transactions).values_list(
            "external_id", flat=True
        )
    )
    fresh = [row for key, row in batch.transactions.items() if key not in known]
    Transaction.objects.bulk_create(fresh, batch_size=CHUNK)
    return len(fresh)


def _checkpoint(run: ImportRun, batch: Batch, taken: int, offset: int, now: datetime) -> None:
    run.done_rows += taken
    run.offset = offset
    run.new_count += len(batch.new)
    run.updated_count += batch.updated
    run.unchanged_count += batch.unchanged
    run.duplicate_count += batch.duplicates
    run.rejected_count += len(batch.rejects)
    if taken and run.done_rows < run.total_rows:
        run.save()
        enqueue_next(run, now=now)
        return
    if run.state == ImportState.CHECKING:
        run.state = ImportState.CHECKED
        run.save()
        return
    run.save()
    forget_keys(run)
    imports.finish_import(run=run, now=now, updated=run.updated_count)
