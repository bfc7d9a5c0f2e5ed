"""Members who come, go and come again."""

from apps.accounts.choices import Role
from apps.staff import services
from apps.staff.models import Member
from apps.tenants import wall
from apps.tenants.models import Business
from tests.factories import NOW


def test_who_comes_again_in_another_role_has_the_limit_of_that_role(alpha: Business) -> None:
    limits = []
    for role in (Role.MANAGER, Role.AGENT):
        user = services.create_member(
            business=alpha, email="sam@x.example", name="Sam", role=role, password="x", now=NOW
        )
        with wall.as_business(alpha):
            limits.append(Member.objects.get(pk=user.pk).offer_limit_minor)
    assert limits == [50_000, 5_000]
