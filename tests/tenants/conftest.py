"""Fixtures of tests that make and remove businesses for real."""

import os
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connections

from apps.core.db import uuid7
from apps.tenants import services, wall
from apps.tenants.models import Business
from tests import environment
from tests.tenants.catalogue import as_owner, empty_stock


def forget_stock() -> None:
    """Throw away the template's stock in this copy, but not its roles."""
    for (schema,) in as_owner("DELETE FROM tenants_readyschema RETURNING schema_name"):
        as_owner(f'DROP SCHEMA "{schema}" CASCADE')


@pytest.fixture(scope="module")
def _fresh_copy(django_db_setup: None) -> Iterator[None]:
    """Make a fresh copy of the database after the last of these tests, which commit for real.

    They begin with nothing in stock. The roles of what was there are the template's, and stay.
    """
    forget_stock()
    yield
    environment.copy_database(os.environ["TEST_DATABASE"])


@pytest.fixture
def slug(_fresh_copy: None, django_db_blocker: Any) -> Iterator[str]:
    """Return an address that nobody has; what was made of it goes again, with its role."""
    name = f"new-{uuid7().hex[-12:]}"
    with django_db_blocker.unblock():
        yield name
        wall.leave()
        empty_stock()
        for business in Business.objects.using("owner").filter(slug__startswith=name):
            services.drop_business(business=business)
        connections.close_all()
