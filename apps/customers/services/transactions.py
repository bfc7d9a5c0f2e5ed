"""Writes about what people had from the business."""

from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from apps.core.errors import AppError
from apps.core.facts import Actor
from apps.customers.choices import TransactionKind
from apps.customers.events import TransactionCompleted
from apps.customers.models import Customer, Transaction
from apps.journal import services as journal
from apps.locations.models import Location
from apps.tenants import wall


def record_transaction(
    *,
    customer: Customer,
    external_id: str,
    kind: str,
    happened_at: datetime,
    amount_minor: int | None = None,
    currency: str = "",
    location: Location | None = None,
    description: str = "",
    actor: Actor,
    now: datetime,
) -> Transaction:
    """Note an order, visit, delivery or service done; the same external id again changes nothing.

    AppError when the kind is unknown or the id belongs to another customer's transaction.
    """
    if kind not in TransactionKind.values:
        message = _("Choose one of: %(kinds)s.") % {"kinds": ", ".join(TransactionKind.values)}
        raise AppError(message, code="unknown_kind", field="kind")
    if not external_id.strip():
        raise AppError(_("Give the number of the order."), code="no_id", field="external_id")
    if amount_minor is not None and not currency:
        currency = wall.current_business().currency
    with transaction.atomic():
        row, created = Transaction.objects.get_or_create(
            external_id=external_id.strip(),
            defaults={
                "customer": customer,
                "kind": kind,
                "happened_at": happened_at,
                "amount_minor": amount_minor,
                "currency": currency,
                "location": location,
                "description": description.strip(),
                "created_at": now,
            },
        )
        if row.customer_id != customer.pk:
            message = _("This transaction belongs to another customer.")
            raise AppError(message, code="transaction_taken", field="external_id")
        if created:
            note_visits({customer: happened_at})
            fact = TransactionCompleted(
                transaction_id=row.pk,
                customer_id=customer.pk,
                location_id=location.pk if location else None,
            )
            journal.record(fact, actor=actor, now=now)
    return row


def note_visits(latest: dict[Customer, datetime]) -> None:
    """Move the day of the last transaction on, never back."""
    for customer, moment in latest.items():
        earlier = Q(last_transaction_at=None) | Q(last_transaction_at__lt=moment)
        Customer.objects.filter(earlier, pk=customer.pk).update(last_transaction_at=moment)
