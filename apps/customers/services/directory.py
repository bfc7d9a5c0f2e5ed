"""Whom the rows of a chunk may belong to: looked up for all of them at once."""

from collections.abc import Sequence
from uuid import UUID

from apps.customers import rules
from apps.customers.choices import IMPORT_SYSTEM, Channel
from apps.customers.models import ContactPoint, Customer, ExternalId, ImportKey, ImportRun


class Directory:
    """Owners by identifier; ``stored`` holds the identifiers that the tables know."""

    def __init__(self, run: ImportRun) -> None:
        self.owners: dict[rules.Identifier, rules.Owner] = {}
        self.stored: dict[rules.Identifier, ContactPoint | None] = {}
        self._run = run

    @classmethod
    def load(cls, run: ImportRun, rows: Sequence[rules.Row]) -> "Directory":
        """Look up the people and the earlier lines of the file that these rows name."""
        directory = cls(run)
        wanted = {identifier for row in rows for identifier in rules.identifiers(row)}
        directory._load_people(wanted)
        directory._load_keys(wanted)
        return directory

    def _load_people(self, wanted: set[rules.Identifier]) -> None:
        numbers = [value for kind, value in wanted if kind == "number"]
        addresses = [value for kind, value in wanted if kind != "number"]
        known_numbers = ExternalId.objects.filter(system=IMPORT_SYSTEM, value__in=numbers)
        contacts = ContactPoint.objects.filter(address__in=addresses)
        found: dict[rules.Identifier, UUID] = {}
        for number in known_numbers:
            found["number", number.value] = number.customer_id
            self.stored["number", number.value] = None
        for contact in contacts:
            found[contact.channel, contact.address] = contact.customer_id
            self.stored[contact.channel, contact.address] = contact
        owners = self._load_owners(set(found.values()))
        self.owners = {identifier: owners[customer] for identifier, customer in found.items()}

    def _load_owners(self, customer_ids: set[UUID]) -> dict[UUID, rules.Owner]:
        # Locked, so that nobody's edit is lost while the chunk is written.
        people = Customer.objects.select_for_update().filter(pk__in=customer_ids).order_by("pk")
        owners = {
            person.pk: rules.Owner(
                person=person, name=rules.fold_name(person.first_name, person.last_name)
            )
            for person in people
        }
        numbers = ExternalId.objects.filter(system=IMPORT_SYSTEM, customer_id__in=customer_ids)
        for number in numbers:
            owners[number.customer_id].numbers.add(number.value)
        mails = ContactPoint.objects.filter(
            channel=Channel.EMAIL, customer_id__in=customer_ids
        ).values_list("customer_id", flat=True)
        for customer_id in mails:
            owners[customer_id].has_email = True
        return owners

    def _load_keys(self, wanted: set[rules.Identifier]) -> None:
        """Mark whom earlier lines of this file have named."""
        people = {
            rules.key_of(("customer", str(owner.person.pk))): owner
            for owner in self.owners.values()
        }
        names = {rules.key_of(identifier): identifier for identifier in wanted}
        rows = ImportKey.objects.filter(run=self._run, key__in=[*people, *names])
        keys = {row.key: row for row in rows}
        by_line: dict[int, rules.Owner] = {}
        for key, owner in people.items():
            if key in keys:
                owner.line = keys[key].line
                by_line[owner.line] = owner
        for key, identifier in names.items():
            if key not in keys or identifier in self.owners:
                continue
            row = keys[key]
            owner = by_line.setdefault(row.line, rules.read_marks(row.line, row.marks))
            self.owners[identifier] = owner

    def remember(self) -> None:
        """Write down whom the file has named so far, for the chunks to come."""
        marks: dict[str, rules.Owner] = {}
        for identifier, owner in self.owners.items():
            if not owner.line:
                continue
            marks[rules.key_of(identifier)] = owner
            if owner.person is not None:
                marks[rules.key_of(("customer", str(owner.person.pk)))] = owner
        ImportKey.objects.bulk_create(
            [
                ImportKey(run=self._run, key=key, line=owner.line, marks=owner.marks)
                for key, owner in marks.items()
            ],
            update_conflicts=True,
            unique_fields=["run", "key"],
            update_fields=["marks"],
            batch_size=2000,
        )
