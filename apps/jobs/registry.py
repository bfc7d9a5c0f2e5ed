"""Which jobs exist: a wrong name fails when it is queued, not when it is due."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from celery import shared_task

from apps.core.errors import AppError


@dataclass(frozen=True)
class Job:
    """A registered job; ``in_sets`` says that it takes many tickets and finishes them itself."""

    name: str
    run: Callable[..., Any]
    in_sets: bool


@dataclass(frozen=True)
class Claimed:
    """A ticket that this process holds until ``fence`` (monotonic seconds)."""

    id: int
    tenant: str
    kind: str
    key: str
    epoch: int
    tries: int
    deaths: int
    owner: str
    fence: float
    expires_at: datetime | None


_jobs: dict[str, Job] = {}


def job(name: str, *, in_sets: bool = False) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Register a function of a ``tasks.py`` as the job ``name`` (``<app>.<verb>``).

    A plain job is called as ``run(key=…)`` inside one transaction that also removes its ticket, so
    it happens exactly once. A job in sets is called as ``run(tickets=[Claimed, …])`` outside of
    any transaction and calls ``finish_tickets`` or ``postpone_ticket`` itself.
    """

    def register(function: Callable[..., Any]) -> Callable[..., Any]:
        shared_task(name=name)(function)
        _jobs[name] = Job(name, function, in_sets)
        return function

    return register


def find_job(name: str) -> Job:
    """Return a registered job; AppError ``unknown_job`` otherwise."""
    if name not in _jobs:
        message = f"There is no job {name!r}. Known: {', '.join(sorted(_jobs))}."
        raise AppError(message, code="unknown_job")
    return _jobs[name]


def job_names() -> list[str]:
    """Return the names of all registered jobs."""
    return sorted(_jobs)
