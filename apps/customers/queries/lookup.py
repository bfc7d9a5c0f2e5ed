"""Reads for machines: many people's numbers at once, and people and transactions by number."""

from collections import defaultdict
from collections.abc import Iterable
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from apps.core.errors import NotFoundError
from apps.customers.choices import IMPORT_SYSTEM
from apps.customers.models import ContactPoint, Customer, ExternalId, Transaction


def list_numbers(customer_ids: Iterable[UUID]) -> dict[UUID, list[str]]:
    """Return the external ids of many people in one query, oldest first."""
    found: dict[UUID, list[str]] = defaultdict(list)
    rows = ExternalId.objects.filter(customer_id__in=list(customer_ids), system=IMPORT_SYSTEM)
    for row in rows.order_by("pk"):
        found[row.customer_id].append(row.value)
    return found


def with_number(number: str) -> QuerySet[Customer]:
    """Return the one person with this external id, as a list of one or none."""
    owners = ExternalId.objects.filter(system=IMPORT_SYSTEM, value=number).values("customer_id")
    return Customer.objects.filter(pk__in=owners, erased_at=None)


def with_address(address: str) -> QuerySet[Customer]:
    """Return the person with exactly this address or number, in its one form."""
    owners = ContactPoint.objects.filter(address=address).values("customer_id")
    return Customer.objects.filter(pk__in=owners, erased_at=None)


def list_transactions() -> QuerySet[Transaction]:
    """Return the transactions of everybody; order them with ``keyset_page(by="created_at")``."""
    return Transaction.objects.all()


def get_transaction(transaction_id: UUID) -> Transaction:
    """Return one transaction; NotFoundError when there is none."""
    row = Transaction.objects.filter(pk=transaction_id).first()
    if row is None:
        raise NotFoundError(_("This transaction does not exist."))
    return row
