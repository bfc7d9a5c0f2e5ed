"""Facts about customers."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from apps.core.facts import Fact


@dataclass(frozen=True, kw_only=True)
class CustomerCreated(Fact):
    """A person was added."""

    kind: ClassVar[str] = "customer.created"
    subject: ClassVar[str] = "customer_id"
    customer_id: UUID
    source: str


@dataclass(frozen=True, kw_only=True)
class CustomerUpdated(Fact):
    """What is known of a person changed."""

    kind: ClassVar[str] = "customer.updated"
    subject: ClassVar[str] = "customer_id"
    customer_id: UUID
    source: str


@dataclass(frozen=True, kw_only=True)
class CustomerErased(Fact):
    """A person was forgotten."""

    kind: ClassVar[str] = "customer.erased"
    subject: ClassVar[str] = "customer_id"
    customer_id: UUID


@dataclass(frozen=True, kw_only=True)
class TransactionCompleted(Fact):
    """A person bought, visited or was served."""

    kind: ClassVar[str] = "transaction.completed"
    subject: ClassVar[str] = "transaction_id"
    transaction_id: UUID
    customer_id: UUID
    location_id: UUID | None = None
