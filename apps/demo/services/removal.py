"""Taking the sample data out of a business again, and with it whatever hangs on it.

What stays: the team, keys, brand, hours, senders, and everything that somebody brought in or made
since, unless it is about a sample customer, review or failure. A sample location stays while
something of their own, or a member's scope, names it.
"""

import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, Model, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from apps.campaigns.models import Campaign, Request
from apps.campaigns.rules import gate_of
from apps.consent.models import Standing, Suppression
from apps.core.db import fetch_all, uuid7
from apps.core.errors import AppError, ConflictError, ForbiddenError
from apps.core.facts import Actor
from apps.customers.models import ContactPoint, Customer, Transaction
from apps.demo import queries, sql
from apps.failures.models import Failure
from apps.feedback.models import ContactRequest, LinkUse, Response
from apps.jobs import services as jobs
from apps.jobs.choices import Lane, TicketState
from apps.jobs.models import Ticket
from apps.journal import services as journal
from apps.locations.models import Destination, Location
from apps.messaging.models import Gate, Hit, Inbound, Message, SandboxDelivery, Template
from apps.offers.models import Offer, Redemption
from apps.recovery.models import Case
from apps.replies.models import ResponseTemplate
from apps.reviews.models import Review
from apps.staff.events import SampleRemoved
from apps.staff.models import Member, SampleRemoval
from apps.tenants import wall
from apps.tenants.models import Business
from apps.tenants.rules import is_same_name
from apps.tenants.services import owner

JOB = queries.JOB
CHUNK = 500
TURN_S = 4.0
Marks = dict[str, Any]


def take_marks() -> Marks:
    """Return where the keys of the entered business stand now."""
    entries, events, hits, tickets = fetch_all(sql.NUMBERS)[0]
    # Keys of one millisecond are in no order among themselves.
    stamp = uuid7().int >> 80
    return {
        "id": str(UUID(int=stamp << 80)),
        "next_id": str(UUID(int=stamp + 1 << 80)),
        "entries": entries,
        "events": events,
        "hits": hits,
        "tickets": tickets,
    }


def note_sample(*, business: Business, before: Marks, after: Marks) -> None:
    """Note that what was made between two marks is sample data; needs the owner's connection."""
    with wall.as_business(business):
        SampleRemoval.objects.all().delete()
    sample = {"before": before, "after": after}
    Business.objects.using("owner").filter(pk=business.pk).update(sample=sample)


@transaction.atomic
def ask_for_removal(*, business: Business, typed_name: str, actor: Actor, now: datetime) -> None:
    """Begin to remove the sample data of the entered business; it goes on by itself.

    One that came to a halt goes on. Raises ForbiddenError for others than owners, AppError at
    ``typed_name``, ConflictError where there is none, or where it is on its way out already.
    """
    if not actor.can("business.close") or actor.id is None:
        raise ForbiddenError(_("Only an owner can remove the sample data."))
    if not is_same_name(typed_name, business.name):
        message = _("Type the name as it stands: %(name)s")
        raise AppError(message % {"name": business.name}, code="name", field="typed_name")
    # The owners' rows are locked, so that of two who press at once one comes after the other.
    list(Member.objects.select_for_update().filter(pk=actor.id))
    sample = queries.read_sample(business=business)
    if sample.is_stuck:
        _go_on(business, now)
        return
    if sample.is_leaving:
        raise ConflictError(_("The sample data is being removed already."))
    if not sample.is_there:
        raise ConflictError(_("There is no sample data in this business."))
    rows = Sweep(business).count()
    SampleRemoval.objects.create(asked_by_id=actor.id, asked_at=now, total=rows)
    journal.record(SampleRemoved(business_id=business.uuid), actor=actor, now=now)
    jobs.enqueue(JOB, key=business.uuid, now=now, lane=Lane.OWNER, dedupe_key=JOB)


def _go_on(business: Business, now: datetime) -> None:
    """Put a removal that came to a halt back in the queue, its failures forgotten."""
    Ticket.objects.filter(kind=JOB, state=TicketState.PARKED).delete()
    jobs.enqueue(JOB, key=business.uuid, now=now, lane=Lane.OWNER, dedupe_key=JOB)


def remove_some(*, now: datetime, budget_s: float = TURN_S) -> bool:
    """Remove as much as fits into a turn and queue the next one; False when all is gone.

    Needs the owner's connection for what the business's own role may only add to.
    """
    business = wall.current_business()
    row = queries.find_removal()
    if row is None or row.finished_at is not None:
        return False
    end = time.monotonic() + budget_s
    sweep = Sweep(business)
    while count := sweep.remove_chunk():
        row.removed += count
        if time.monotonic() >= end:
            break
    else:
        _finish(business, row, now)
        return False
    row.save(update_fields=["removed"])
    jobs.enqueue(
        JOB, key=business.uuid, now=now, lane=Lane.OWNER, dedupe_key=f"{JOB}:{row.removed}"
    )
    return True


def _finish(business: Business, row: SampleRemoval, now: datetime) -> None:
    before, after = _marks_of(business)
    for statement in sql.FORGET:
        command = owner.compose(statement, schema=business.schema_name)
        owner.run(command, (before["entries"], after["entries"]))
    command = owner.compose(sql.FORGET_CONSENT, schema=business.schema_name)
    owner.run(command, (before["events"], after["events"]))
    Business.objects.using("owner").filter(pk=business.pk).update(sample=None)
    row.finished_at, row.total = now, row.removed
    row.save(update_fields=["removed", "total", "finished_at"])


def _marks_of(business: Business) -> tuple[Marks, Marks]:
    sample: dict[str, Marks] = business.sample or {}
    return sample["before"], sample["after"]


class Sweep:
    """What of the entered business is sample data, in an order in which it can be removed."""

    def __init__(self, business: Business) -> None:
        self.before, self.after = _marks_of(business)
        first, beyond = UUID(self.before["id"]), UUID(self.after["next_id"])
        self.own = Q(pk__gte=first, pk__lt=beyond)
        # The key's first 48 bits count the milliseconds.
        self.made_by = datetime.fromtimestamp((beyond.int >> 80) / 1000, UTC)

    def count(self) -> int:
        """Return about how many rows there are to remove; some become free on the way."""
        return sum(rows.count() for rows in self.rows())

    def remove_chunk(self) -> int:
        """Remove the next few rows of the first kind that is left; returns how many."""
        for rows in self.rows():
            found = list(rows.order_by("pk")[:CHUNK])
            if found:
                self._remove(rows.model, found)
                return len(found)
        return 0

    def rows(self) -> Iterator[QuerySet[Any]]:
        """Yield what is left of each kind; what others point at comes after them."""
        own = self.own
        customers = Customer.objects.filter(own)
        reviews = Review.objects.filter(own | Q(customer__in=customers))
        about = Q(customer__in=customers)
        failures = Failure.objects.filter(own | about | Q(review__in=reviews))
        offers = Offer.objects.filter(own | about | Q(failure__in=failures))
        campaigns = Campaign.objects.filter(own)
        yield Redemption.objects.filter(own | Q(offer__in=offers))
        yield Case.objects.filter(own | about | Q(failure__in=failures))
        yield offers
        yield failures
        yield reviews
        yield ContactRequest.objects.filter(own | about)
        yield Response.objects.filter(own | about)
        yield Message.objects.filter(own | about)
        yield Inbound.objects.filter(own | about)
        yield Request.objects.filter(own | about | Q(campaign__in=campaigns))
        yield campaigns
        yield customers
        yield ResponseTemplate.objects.filter(own)
        yield _unused(Template.objects.filter(own), template=Message)
        yield _unused(Destination.objects.filter(own), destination=LinkUse)
        yield self._locations()
        yield Hit.objects.filter(pk__gt=self.before["hits"], pk__lte=self.after["hits"])
        yield Ticket.objects.filter(pk__gt=self.before["tickets"], pk__lte=self.after["tickets"])

    def _locations(self) -> QuerySet[Location]:
        scopes = Member.objects.exclude(location_ids=[]).values_list("location_ids", flat=True)
        named = {one for scope in scopes for one in scope}
        rows = Location.objects.filter(self.own).exclude(pk__in=named)
        for model in (Customer, Transaction, Review, Request, Response, Failure, Case, Destination):
            rows = _unused(rows, location=model)
        return rows

    def _remove(self, model: type[Model], found: list[Any]) -> None:
        keys = [row.pk for row in found]
        clean: dict[type[Model], Callable[[list[Any]], None]] = {
            Customer: self._forget_addresses,
            Message: lambda ids: _drop(SandboxDelivery.objects.filter(message_id__in=ids)),
            Campaign: lambda ids: _drop(Gate.objects.filter(key__in=[gate_of(one) for one in ids])),
        }
        if model in clean:
            clean[model](keys)
        manager = model._default_manager  # noqa: SLF001 - Django's documented model API
        _drop(manager.filter(pk__in=keys))

    def _forget_addresses(self, customer_ids: list[UUID]) -> None:
        """Forget what these people's addresses agreed to, and the "no" that was invented.

        Whoever has said no since, or whose address has failed, is not to be written to again.
        """
        points = ContactPoint.objects.filter(customer__in=customer_ids)
        hashes = list(points.values_list("address_hash", flat=True))
        invented = Q(is_granted=True) | Q(since__lt=self.made_by)
        _drop(Standing.objects.filter(invented, address_hash__in=hashes))
        stops = Suppression.objects.filter(self.own, address_hash__in=hashes)
        _drop(stops.filter(created_at__lt=self.made_by))


def _drop(rows: QuerySet[Any]) -> None:
    rows.delete()


def _unused(rows: QuerySet[Any], **by: type[Model]) -> QuerySet[Any]:
    """Leave out what a row of another table still points at: ``field=model``."""
    for field, model in by.items():
        manager = model._default_manager  # noqa: SLF001 - Django's documented model API
        rows = rows.exclude(Exists(manager.filter(**{field: OuterRef("pk")})))
    return rows
