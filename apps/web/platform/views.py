"""The platform's own pages: what this is, and the choice of a business."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from apps.accounts import queries as accounts


def choose(request: HttpRequest) -> HttpResponse:
    """Show a person's businesses, or the way in."""
    places, begun = [], None
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
    return render(request, "web/platform/choose.html", {"places": places, "begun": begun})
