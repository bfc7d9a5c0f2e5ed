"""Members who see some locations only: who may limit whom, and what it does to what they may."""

from uuid import uuid4

import pytest

from apps.accounts.choices import Role
from apps.core.errors import AppError, ForbiddenError, NotFoundError
from apps.core.facts import Actor
from apps.customers import queries as customers
from apps.staff import queries, services
from apps.staff.models import Member
from apps.staff.rules import BUSINESS_WIDE, permissions_of
from apps.tenants.models import Business
from tests.conftest import actor_of, person
from tests.factories import NOW, make_customer, make_location


@pytest.mark.parametrize("role", list(Role))
def test_a_limited_role_loses_what_reaches_every_location(role: Role) -> None:
    assert permissions_of(role, is_limited=True) == permissions_of(role) - BUSINESS_WIDE


def test_a_limited_member_sees_own_places_and_what_has_none(alice: Actor, bob: Actor) -> None:
    here, there = make_location(name="Here"), make_location(name="There")
    own = make_customer(first_name="Own", location=here, email="a@example.com", phone="")
    free = make_customer(first_name="Free", email="b@example.com", phone="")
    other = make_customer(first_name="Other", location=there, email="c@example.com", phone="")
    services.limit_member(member_id=person("bob").pk, location_ids=[here.pk], actor=alice, now=NOW)
    limited = actor_of("bob")
    assert limited.location_ids == frozenset({here.pk})
    assert set(customers.list_customers(actor=limited)) == {own, free}
    assert customers.count_customers(actor=limited) == 2
    assert customers.get_customer(actor=limited, customer_id=own.pk) == own
    with pytest.raises(NotFoundError):
        customers.get_customer(actor=limited, customer_id=other.pk)
    assert set(customers.search_customers("o", actor=limited)) == {own}


def test_no_location_named_shows_all_again(alice: Actor, bob: Actor) -> None:
    here = make_location()
    services.limit_member(member_id=person("bob").pk, location_ids=[here.pk], actor=alice, now=NOW)
    services.limit_member(member_id=person("bob").pk, location_ids=[], actor=alice, now=NOW)
    assert actor_of("bob").location_ids is None


def test_an_owner_cannot_be_limited(alice: Actor, inside: Business) -> None:
    here = make_location()
    services.change_role(
        business=inside, member_id=person("mona").pk, role=Role.OWNER, actor=alice, now=NOW
    )
    with pytest.raises(AppError) as refusal:
        services.limit_member(
            member_id=person("mona").pk, location_ids=[here.pk], actor=alice, now=NOW
        )
    assert (refusal.value.code, refusal.value.field) == ("owner", "locations")
    assert actor_of("mona").location_ids is None


def test_who_becomes_an_owner_sees_all(alice: Actor, mona: Actor, inside: Business) -> None:
    here = make_location()
    services.limit_member(member_id=person("mona").pk, location_ids=[here.pk], actor=alice, now=NOW)
    services.change_role(
        business=inside, member_id=person("mona").pk, role=Role.OWNER, actor=alice, now=NOW
    )
    assert actor_of("mona").location_ids is None


def test_nobody_limits_themselves(mona: Actor) -> None:
    here = make_location()
    with pytest.raises(AppError) as refusal:
        services.limit_member(
            member_id=person("mona").pk, location_ids=[here.pk], actor=mona, now=NOW
        )
    assert refusal.value.code == "yourself"
    assert actor_of("mona").location_ids is None


def test_an_unknown_location_is_refused(alice: Actor, bob: Actor) -> None:
    with pytest.raises(AppError) as refusal:
        services.limit_member(
            member_id=person("bob").pk, location_ids=[uuid4()], actor=alice, now=NOW
        )
    assert refusal.value.code == "unknown_location"
    assert actor_of("bob").location_ids is None


def test_a_limited_manager_limits_nobody(alice: Actor, mona: Actor, bob: Actor) -> None:
    here = make_location()
    services.limit_member(member_id=person("mona").pk, location_ids=[here.pk], actor=alice, now=NOW)
    with pytest.raises(ForbiddenError):
        services.limit_member(
            member_id=person("bob").pk, location_ids=[here.pk], actor=actor_of("mona"), now=NOW
        )
    assert actor_of("bob").location_ids is None


def test_only_who_sees_a_location_can_be_given_its_things(alice: Actor, bob: Actor) -> None:
    here, there = make_location(name="Here"), make_location(name="There")
    services.limit_member(member_id=person("bob").pk, location_ids=[here.pk], actor=alice, now=NOW)
    member = Member.objects.get(pk=person("bob").pk)
    assert member in queries.list_assignable(location_id=here.pk)
    assert member in queries.list_assignable(location_id=None)
    assert member not in queries.list_assignable(location_id=there.pk)
    with pytest.raises(AppError) as refusal:
        queries.get_assignable(member_id=member.pk, location_id=there.pk)
    assert refusal.value.code == "elsewhere"
