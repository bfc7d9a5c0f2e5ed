"""What the shell of every page needs; nothing of it is read before a template asks."""

from typing import Any

from django.conf import settings
from django.utils.functional import SimpleLazyObject

from apps.accounts import queries as accounts
from apps.insights import queries as insights
from apps.tenants import wall
from apps.web.shared import focus
from apps.web.shared.navigation import find_url


def shell(request: Any) -> dict[str, Any]:
    """Return the version, the brand's stylesheet and, for staff, the counts of the sidebar."""
    business = getattr(request, "business", None)
    return {
        "app_version": settings.VERSION,
        "local_mode": settings.LOCAL_MODE,
        "brand_url": find_url("public:brand") if business else "",
        "nav": SimpleLazyObject(lambda: _navigation(request)),
        "setup_left": SimpleLazyObject(lambda: _count_left(request)),
    }


def _count_left(request: Any) -> int:
    """Count what is left to set up, for pages that have nothing to show yet."""
    actor = getattr(request, "actor", None)
    if actor is None:
        return 0
    setup = insights.read_setup(actor=actor)
    return setup.left if setup.is_shown else 0


def _navigation(request: Any) -> dict[str, Any]:
    actor = getattr(request, "actor", None)
    if actor is None or not hasattr(request, "user"):
        return {}
    with wall.as_platform():
        memberships = list(accounts.list_memberships(user_id=request.user.pk))
    businesses = [
        {
            "name": membership.business.name,
            "slug": membership.business.slug,
            "current": membership.business_id == request.business.pk,
        }
        for membership in memberships
    ]
    places = focus.list_places(request)
    return {
        **insights.count_navigation(actor=focus.focused(request)),
        "businesses": businesses,
        "locations": places if len(places) > 1 else [],
        "location": focus.find_place(request),
    }
