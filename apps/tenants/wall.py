"""Entering and leaving a business: the only way to choose a schema and a role."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django_tenants.postgresql_backend.base import FakeTenant

from apps.tenants.errors import WallError
from apps.tenants.models import Business
from apps.tenants.postgres.base import DISPATCHER, PLATFORM


@dataclass(frozen=True)
class _Office:
    """A role on the public schema."""

    role_name: str
    schema_name: str = "public"


_wrapper: Any = connection


@contextmanager
def _as(tenant: object) -> Iterator[None]:
    before = _wrapper.tenant
    _wrapper.set_tenant(tenant)
    try:
        yield
    finally:
        _wrapper.set_tenant(before)


@contextmanager
def as_business(business: Business) -> Iterator[None]:
    """Do what follows inside one business: its schema, its role, nothing else."""
    with _as(business):
        yield


@contextmanager
def as_platform() -> Iterator[None]:
    """Do what follows with the rights of the platform: accounts, sessions, hosts."""
    with _as(_Office(PLATFORM)):
        yield


@contextmanager
def as_dispatcher() -> Iterator[None]:
    """Do what follows with the rights of the dispatcher: tickets of all businesses, no data."""
    with _as(_Office(DISPATCHER)):
        yield


def leave() -> None:
    """Go back to the platform, as at the start of each request and job."""
    _wrapper.set_tenant(FakeTenant("public"))


def current_business() -> Business:
    """Return the business that is entered; WallError outside of one."""
    if not isinstance(_wrapper.tenant, Business):
        message = "No business is entered here."
        raise WallError(message)
    return _wrapper.tenant
