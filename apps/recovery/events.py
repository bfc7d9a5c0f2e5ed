"""Facts about cases."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from apps.core.facts import Fact


@dataclass(frozen=True, kw_only=True)
class PromiseFact(Fact):
    """What every fact about a promise tells."""

    subject: ClassVar[str] = "promise_id"
    promise_id: UUID
    case_id: UUID
    customer_id: UUID | None
    location_id: UUID | None = None
    why: str = ""


@dataclass(frozen=True, kw_only=True)
class CaseFact(Fact):
    """What every fact about a case tells."""

    subject: ClassVar[str] = "case_id"
    case_id: UUID
    customer_id: UUID | None
    location_id: UUID | None


@dataclass(frozen=True, kw_only=True)
class CaseOpened(CaseFact):
    """A case was opened."""

    kind: ClassVar[str] = "case.opened"
    failure_id: UUID
    severity: int


@dataclass(frozen=True, kw_only=True)
class CaseStageChanged(CaseFact):
    """A case moved on."""

    kind: ClassVar[str] = "case.stage_changed"
    stage: str


@dataclass(frozen=True, kw_only=True)
class CaseEscalated(CaseFact):
    """A case went to somebody who may do more."""

    kind: ClassVar[str] = "case.escalated"
    why: str


@dataclass(frozen=True, kw_only=True)
class CaseClosed(CaseFact):
    """A case was closed."""

    kind: ClassVar[str] = "case.closed"
    outcome: str


class CaseReopened(CaseFact):
    """A case was opened again."""

    kind: ClassVar[str] = "case.reopened"


class PromiseMade(PromiseFact):
    """Somebody promised something."""

    kind: ClassVar[str] = "promise.made"


class PromiseKept(PromiseFact):
    """A promise was kept."""

    kind: ClassVar[str] = "promise.kept"


class PromiseBroken(PromiseFact):
    """A promise was not kept."""

    kind: ClassVar[str] = "promise.broken"


@dataclass(frozen=True, kw_only=True)
class CaseApologised(CaseFact):
    """Somebody said sorry."""

    kind: ClassVar[str] = "case.apologised"
    how: str


@dataclass(frozen=True, kw_only=True)
class CaseStepDone(CaseFact):
    """A step of one of the plans was done."""

    kind: ClassVar[str] = "case.step_done"
    plan_item_id: UUID


@dataclass(frozen=True, kw_only=True)
class CaseAsked(CaseFact):
    """The customer was asked whether it is good again."""

    kind: ClassVar[str] = "case.asked"
    how: str


@dataclass(frozen=True, kw_only=True)
class CaseAnswered(CaseFact):
    """The customer said whether it is good again."""

    kind: ClassVar[str] = "case.answered"
    answer: str


@dataclass(frozen=True, kw_only=True)
class CaseContactAsked(CaseFact):
    """The customer wants to talk to a person."""

    kind: ClassVar[str] = "case.contact_asked"
    how: str


@dataclass(frozen=True, kw_only=True)
class CaseReturned(CaseFact):
    """The customer came back and used an offer."""

    kind: ClassVar[str] = "case.returned"
    offer_id: UUID
