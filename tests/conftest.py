"""Shared fixtures: two businesses, the people in them, and clients that are logged in."""

import os
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.db import connections
from django.test import Client

from apps.accounts.models import User
from apps.accounts.sessions import SessionStore
from apps.core.facts import Actor
from apps.jobs.services.drain import _cursor as turns
from apps.staff import queries as staff
from apps.tenants import wall
from apps.tenants.models import Business
from apps.tenants.postgres import base as postgres
from tests import environment
from tests.rigs.browser import browser, page, phone

# Here and in no other conftest: a second Playwright in one process would be refused.
__all__ = ["browser", "page", "phone"]
SLOW = frozenset({"journey", "chaos"})


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the slow tests: a minute's test that comes last leaves all other workers idle."""
    items.sort(key=lambda item: SLOW.isdisjoint(mark.name for mark in item.iter_markers()))


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker: Any) -> Iterator[None]:
    """Give this process a database of its own: a copy of the migrated template."""
    environment.copy_database(os.environ["TEST_DATABASE"])
    with django_db_blocker.unblock():
        yield
        connections.close_all()
    environment.drop_database(os.environ["TEST_DATABASE"])


@pytest.fixture
def committed(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """Let a test commit for real (threads, owner's connection); a fresh copy is made after it."""
    with django_db_blocker.unblock():
        yield
        wall.leave()
        connections.close_all()
    environment.copy_database(os.environ["TEST_DATABASE"])
    # The template may have been made anew meanwhile, with another mark in its roles.
    postgres._marks.clear()


@pytest.fixture(autouse=True)
def _start_outside() -> Iterator[None]:
    """Begin and end each test on the platform, in no business."""
    wall.leave()
    # Whose turn is next is remembered by the process; each test begins with the first business.
    turns.clear()
    yield
    wall.leave()


def business_of(slug: str) -> Business:
    """Return a business of the template by its slug."""
    with wall.as_platform():
        found: Business = Business.objects.get(slug=slug)
    return found


@pytest.fixture
def alpha(db: None) -> Business:
    """Return the business that most tests work in."""
    return business_of("alpha")


@pytest.fixture
def beta(db: None) -> Business:
    """Return the other business."""
    return business_of("beta")


@pytest.fixture
def inside(alpha: Business) -> Iterator[Business]:
    """Enter Alpha for the whole test."""
    with wall.as_business(alpha):
        yield alpha


def person(name: str) -> User:
    """Return a person of the template by first name."""
    with wall.as_platform():
        return User.objects.get(email__startswith=f"{name}@")


def actor_of(name: str) -> Actor:
    """Return the actor for a member of the entered business."""
    actor = staff.find_actor(member_id=person(name).pk)
    assert actor is not None
    return actor


@pytest.fixture
def alice(inside: Business) -> Actor:
    """Return Alpha's owner."""
    return actor_of("alice")


@pytest.fixture
def mona(inside: Business) -> Actor:
    """Return Alpha's manager."""
    return actor_of("mona")


@pytest.fixture
def bob(inside: Business) -> Actor:
    """Return an agent of Alpha."""
    return actor_of("bob")


@pytest.fixture
def ana(inside: Business) -> Actor:
    """Return an analyst of Alpha."""
    return actor_of("ana")


ClientFor = Callable[..., Client]


@pytest.fixture
def client_for(db: None) -> ClientFor:
    """Return a maker of clients: ``client_for("bob")`` on Alpha's host, or ``business=``'s."""

    def make(name: str | None = None, *, business: str = "alpha") -> Client:
        host = f"{business}.localhost" if business else "localhost"
        client = Client(HTTP_HOST=host)
        if name:
            with wall.as_platform():
                place = Business.objects.filter(slug=business).first()
            log_in(client, person(name), place.pk if place else None)
        return client

    return make


def log_in(client: Client, user: User, business_id: int | None) -> None:
    """Open a session for a person on one host."""
    store = SessionStore(business_id=business_id)
    store[SESSION_KEY] = str(user.pk)
    store[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    store[HASH_SESSION_KEY] = user.get_session_auth_hash()
    store.save(must_create=True)
    client.cookies[settings.SESSION_COOKIE_NAME] = str(store.session_key)
