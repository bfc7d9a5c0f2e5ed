"""Facts about cases."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from apps.core.facts import Fact


@dataclass(frozen=True, kw_only=True)
class CaseOpened(Fact):
    """A case was opened."""

    kind: ClassVar[str] = "case.opened"
    subject: ClassVar[str] = "case_id"
    case_id: UUID
    failure_id: UUID
    customer_id: UUID | None
    location_id: UUID | None
    severity: int


@dataclass(frozen=True, kw_only=True)
class CaseStageChanged(Fact):
    """A case moved on."""

    kind: ClassVar[str] = "case.stage_changed"
    subject: ClassVar[str] = "case_id"
    case_id: UUID
    customer_id: UUID | None
    location_id: UUID | None
    stage: str


@dataclass(frozen=True, kw_only=True)
class CaseEscalated(Fact):
    """A case went to somebody who may do more."""

    kind: ClassVar[str] = "case.escalated"
    subject: ClassVar[str] = "case_id"
    case_id: UUID
    customer_id: UUID | None
    location_id: UUID | None
    why: str


@dataclass(frozen=True, kw_only=True)
class CaseClosed(Fact):
    """A case was closed."""

    kind: ClassVar[str] = "case.closed"
    subject: ClassVar[str] = "case_id"
    case_id: UUID
    customer_id: UUID | None
    location_id: UUID | None
    outcome: str


@dataclass(frozen=True, kw_only=True)
class CaseReopened(Fact):
    """A case was opened again."""

    kind: ClassVar[str] = "case.reopened"
    subject: ClassVar[str] = "case_id"
    case_id: UUID
    customer_id: UUID | None
    location_id: UUID | None


@dataclass(frozen=True, kw_only=True)
class PromiseMade(Fact):
    """Somebody promised something."""

    kind: ClassVar[str] = "promise.made"
    subject: ClassVar[str] = "promise_id"
    promise_id: UUID
    case_id: UUID
    customer_id: UUID | None


@dataclass(frozen=True, kw_only=True)
class PromiseKept(Fact):
    """A promise was kept."""

    kind: ClassVar[str] = "promise.kept"
    subject: ClassVar[str] = "promise_id"
    promise_id: UUID
    case_id: UUID
    customer_id: UUID | None


@dataclass(frozen=True, kw_only=True)
class PromiseBroken(Fact):
    """A promise was not kept."""

    kind: ClassVar[str] = "promise.broken"
    subject: ClassVar[str] = "promise_id"
    promise_id: UUID
    case_id: UUID
    customer_id: UUID | None


@dataclass(frozen=True, kw_only=True)
class CaseApologised(Fact):
    """Somebody said sorry."""

    kind: ClassVar[str] = "case.apologised"
    subject: ClassVar[str] = "case_id"
    case_id: UUID
    customer_id: UUID | None
    location_id: UUID | None
    how: str


@dataclass(frozen=True, kw_only=True)
class CaseStepDone(Fact):
    """A step of one of the plans was done."""

    kind: ClassVar[str] = "case.step_done"
    subject: ClassVar[str] = "case_id"
    case_id: UUID
    customer_id: UUID | None
    location_id: UUID | None
    plan_item_id: UUID


@dataclass(frozen=True, kw_only=True)
class CaseAsked(Fact):
    """The customer was asked whether it is good again."""

    kind: ClassVar[str] = "case.asked"
    subject: ClassVar[str] = "case_id"
    case_id: UUID
    customer_id: UUID | None
    location_id: UUID | None
    how: str


@dataclass(frozen=True, kw_only=True)
class CaseAnswered(Fact):
    """The customer said whether it is good again."""

    kind: ClassVar[str] = "case.answered"
    subject: ClassVar[str] = "case_id"
    case_id: UUID
    customer_id: UUID | None
    location_id: UUID | None
    answer: str


@dataclass(frozen=True, kw_only=True)
class CaseContactAsked(Fact):
    """The customer wants to talk to a person."""

    kind: ClassVar[str] = "case.contact_asked"
    subject: ClassVar[str] = "case_id"
    case_id: UUID
    customer_id: UUID | None
    location_id: UUID | None
    how: str


@dataclass(frozen=True, kw_only=True)
class CaseReturned(Fact):
    """The customer came back and used an offer."""

    kind: ClassVar[str] = "case.returned"
    subject: ClassVar[str] = "case_id"
    case_id: UUID
    customer_id: UUID | None
    location_id: UUID | None
    offer_id: UUID
