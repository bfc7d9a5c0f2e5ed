"""Writes about the people of a business that reach into their accounts."""

from apps.accounts import queries as accounts
from apps.accounts import services
from apps.accounts.models import User
from apps.staff.models import Member
from apps.tenants import wall


def update_profile(*, user: User, name: str, language: str, time_zone: str) -> None:
    """Change how a person is called, in every business they belong to, and what they see.

    Raises AppError at the field, as ``accounts.update_user`` does.
    """
    with wall.as_platform():
        services.update_user(user=user, name=name, language=language, time_zone=time_zone)
        places = [row.business for row in accounts.list_memberships(user_id=user.pk)]
    for business in places:
        with wall.as_business(business):
            Member.objects.filter(pk=user.pk).update(name=user.name)
