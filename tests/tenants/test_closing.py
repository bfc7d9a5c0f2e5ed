"""Businesses that are not served: told why, and removed when their time is over."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import ProgrammingError
from django.test import Client

from apps.accounts.choices import Role
from apps.accounts.models import Membership
from apps.core import clock
from apps.core.db import fetch_all, uuid7
from apps.jobs import services as jobs
from apps.jobs.choices import Lane
from apps.jobs.models import Ticket
from apps.staff import services as staff
from apps.tenants import services, wall
from apps.tenants.choices import BusinessStatus
from apps.tenants.models import Business
from tests.conftest import business_of, log_in
from tests.tenants.catalogue import NOTHING, traces_of


def stored(business: Business) -> Business:
    with wall.as_platform():
        found: Business = Business.objects.get(pk=business.pk)
    return found


def close(business: Business) -> None:
    with wall.as_business(business):
        services.close_own_business(now=clock.now())


def test_a_closed_business_is_kept_for_thirty_days_and_then_removed(slug: str) -> None:
    made = services.create_business(slug=slug, name="X", now=clock.now())
    staff.create_member(
        business=made, email=f"{slug}@example.com", name="O", role=Role.OWNER,
        password=None, now=clock.now(),
    )  # fmt: skip
    close(made)
    kept_until = stored(made).kept_until
    assert kept_until is not None
    assert services.drop_closed(now=kept_until - timedelta(seconds=1)) == 0
    assert stored(made).status == BusinessStatus.CLOSED
    assert services.drop_closed(now=kept_until) == 1
    assert traces_of(slug) == NOTHING
    with wall.as_platform():
        assert not Membership.objects.filter(business_id=made.pk).exists()
    assert services.drop_closed(now=kept_until) == 0


def test_what_is_open_or_suspended_is_never_removed(slug: str) -> None:
    made = services.create_business(slug=slug, name="X", now=clock.now())
    later = clock.now() + timedelta(days=400)
    assert services.drop_closed(now=later) == 0
    services.suspend_business(business=made)
    assert services.drop_closed(now=later) == 0
    assert stored(made).status == BusinessStatus.SUSPENDED


def test_reopened_in_time_it_goes_on_where_it_stood(slug: str) -> None:
    made = services.create_business(slug=slug, name="X", now=clock.now())
    close(made)
    with wall.as_business(made):
        jobs.enqueue("recovery.due", key=f"{uuid7()}:collect", now=clock.now(), lane=Lane.BULK)
    jobs.drain(lanes=[Lane.BULK])
    assert services.reopen_business(business=made, now=clock.now())
    assert not services.reopen_business(business=made, now=clock.now())
    assert stored(made).kept_until is None
    jobs.drain(lanes=[Lane.BULK])
    with wall.as_business(made):
        assert not Ticket.objects.exists()


def test_a_business_closes_itself_and_no_other(slug: str) -> None:
    made = services.create_business(slug=slug, name="X", now=clock.now())
    close(made)
    assert stored(business_of("alpha")).status == BusinessStatus.ACTIVE
    with wall.as_platform(), pytest.raises(ProgrammingError, match="permission denied"):
        services.close_own_business(now=clock.now())
    with wall.as_business(business_of("alpha")), pytest.raises(ProgrammingError):
        fetch_all("SELECT public.reopen_business(%s, now())", [made.pk])
    assert stored(made).status == BusinessStatus.CLOSED


def test_closing_twice_does_not_prolong(slug: str) -> None:
    made = services.create_business(slug=slug, name="X", now=clock.now())
    close(made)
    first = stored(made).kept_until
    with wall.as_business(made):
        assert services.close_own_business(now=clock.now() + timedelta(days=9)) is None
    assert stored(made).kept_until == first


def test_a_closed_business_cannot_be_suspended(slug: str) -> None:
    made = services.create_business(slug=slug, name="X", now=clock.now())
    close(made)
    services.suspend_business(business=made)
    services.resume_business(business=made)
    assert stored(made).status == BusinessStatus.CLOSED


def test_members_of_a_suspended_business_read_why_and_others_do_not(slug: str) -> None:
    made = services.create_business(slug=slug, name="Xylo", now=clock.now())
    user = staff.create_member(
        business=made, email=f"{slug}@example.com", name="O", role=Role.AGENT,
        password=None, now=clock.now(),
    )  # fmt: skip
    out = StringIO()
    call_command("suspend_business", slug, "--why", "The bill of May is open.", stdout=out)
    assert out.getvalue().strip() == f"{slug} is suspended."
    visitor = Client(HTTP_HOST=f"{slug}.localhost")
    turned = visitor.get("/")
    assert turned.status_code == 503
    assert turned.headers["Retry-After"] == "3600"
    assert "Xylo is not available now" in turned.content.decode()
    assert "The bill of May" not in turned.content.decode()
    member = Client(HTTP_HOST="localhost")
    log_in(member, user, None)
    page = member.get("/").content.decode()
    assert "Xylo is suspended" in page
    assert "The bill of May is open." in page
    assert "Please ask whoever runs this installation." in page
    call_command("suspend_business", slug, "--resume", stdout=out)
    assert visitor.get("/account/login/").status_code == 200


def test_a_suspended_business_answers_other_systems_with_a_problem(slug: str) -> None:
    made = services.create_business(slug=slug, name="X", now=clock.now())
    services.suspend_business(business=made)
    answer = Client(HTTP_HOST=f"{slug}.localhost").get("/api/v1/customers/")
    assert answer.status_code == 503
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert (answer.json()["code"], answer.json()["status"]) == ("business_suspended", 503)


def test_a_business_that_is_not_there_is_named(slug: str) -> None:
    with pytest.raises(CommandError, match=slug):
        call_command("suspend_business", slug)
