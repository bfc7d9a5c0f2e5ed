"""The platform's own pages: what this is, and the choice of a business."""

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from apps.accounts import queries as accounts
from apps.accounts.choices import Role
from apps.core import clock
from apps.core.errors import AppError, NotFoundError
from apps.flows import services

if TYPE_CHECKING:
    from apps.accounts.models import Membership


def choose(request: HttpRequest) -> HttpResponse:
    """Show a person's businesses, or the way in."""
    places, begun, shut = [], None, []
    if request.user.is_authenticated:
        places = [
            {
                "name": membership.business.name,
                "role": membership.get_role_display(),
                "slug": membership.business.slug,
            }
            for membership in accounts.list_memberships(user_id=request.user.pk)
        ]
        begun = accounts.find_open_founding(user_id=request.user.pk)
        shut = [_show_shut(row) for row in accounts.list_shut_places(user_id=request.user.pk)]
    context = {
        "places": places,
        "begun": begun,
        "shut": shut,
        "support_email": settings.SUPPORT_EMAIL,
    }
    return render(request, "web/platform/choose.html", context)


def _show_shut(membership: "Membership") -> dict[str, Any]:
    business = membership.business
    is_kept = business.kept_until is not None and business.kept_until > clock.now()
    return {
        "name": business.name,
        "slug": business.slug,
        "is_closed": business.is_closed,
        "why": business.suspended_why,
        "closed_at": business.closed_at,
        "kept_until": business.kept_until,
        "may_reopen": business.is_closed and is_kept and membership.role == Role.OWNER,
    }


@require_POST
@login_required
def reopen(request: HttpRequest, slug: str) -> HttpResponse:
    """Open a closed business again, for one of its owners."""
    user: Any = request.user
    try:
        business = services.reopen_business(slug=slug, user=user, now=clock.now())
    except AppError as error:
        if error.status == NotFoundError.status:
            raise
        messages.error(request, error.message)
    else:
        words = _("%(name)s is open again. Its campaigns are paused until somebody resumes them.")
        messages.success(request, words % {"name": business.name})
    return redirect("platform:choose")
