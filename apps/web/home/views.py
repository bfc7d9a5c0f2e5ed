"""Today: what needs somebody now; and finding anything from anywhere."""

from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from apps.core import clock
from apps.insights import queries as insights
from apps.locations import queries as locations
from apps.staff import services as staff
from apps.web.home import present, search
from apps.web.shared.focus import choose, focused, list_places
from apps.web.shared.staff import StaffRequest, staff_required

WHOSE = ("mine", "everyone", "nobody")


@staff_required("home.view")
def today(request: StaffRequest) -> HttpResponse:
    """Show what waits, sorted by what it costs to leave it, and the four figures."""
    now = clock.now()
    whose = request.GET.get("whose", "mine")
    whose = whose if whose in WHOSE else "mine"
    actor = focused(request)
    waiting = insights.list_waiting(actor=actor, whose=whose, now=now)
    local = now.astimezone(ZoneInfo(request.business.time_zone))
    figures = insights.get_today_figures(actor=actor, now=now)
    context: dict[str, Any] = {
        "greeting": present.greeting(local.hour, request.actor.name.split(" ")[0]),
        "day": local,
        "total": len(waiting),
        "segments": present.segments(whose),
        "sections": present.sections(waiting, now),
        "after_opt_out": insights.count_after_opt_out(actor=actor, now=now),
        "destinations": len(locations.list_destinations()),
        "setup": present.checklist(insights.read_setup(actor=request.actor)),
        "figures": [present.figure(one) for one in figures],
    }
    return render(request, "web/home/today.html", context)


@staff_required("home.view")
def find(request: StaffRequest) -> HttpResponse:
    """Find people, reviews and cases by their first letters; JSON for the palette."""
    text = request.GET.get("q", "").strip()[:80]
    groups = search.find(actor=request.actor, text=text) if text else []
    if "application/json" in request.headers.get("Accept", ""):
        return JsonResponse({"groups": groups})
    return render(request, "web/home/find.html", {"groups": groups, "text": text})


@require_POST
@staff_required("settings.change")
def put_away(request: StaffRequest) -> HttpResponse:
    """Put the list of what is left to set up away; the toast brings it back."""
    staff.put_checklist_away(actor=request.actor, now=clock.now())
    words = _("The list is put away. Everything on it stands in Settings.")
    messages.success(request, words, extra_tags=f"undo:{reverse('web:home:bring_back')}")
    return redirect("web:home:today")


@require_POST
@staff_required("settings.change")
def bring_back(request: StaffRequest) -> HttpResponse:
    """Show the list of what is left to set up again."""
    staff.bring_checklist_back(actor=request.actor)
    return redirect("web:home:today")


@staff_required("home.view")
@require_POST
def look(request: StaffRequest) -> HttpResponse:
    """Remember which location the lists show, and go back to the page that was open."""
    wanted = request.POST.get("location", "")
    choose(request, next((one.pk for one in list_places(request) if str(one.pk) == wanted), None))
    target = request.POST.get("next", "")
    is_own = target.startswith("/") and url_has_allowed_host_and_scheme(target, allowed_hosts=None)
    return redirect(target if is_own else "/")
