"""Today: what needs somebody now; and finding anything from anywhere."""

from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpResponse, JsonResponse
from django.shortcuts import render

from apps.core import clock
from apps.insights import queries as insights
from apps.locations import queries as locations
from apps.web.home import present, search
from apps.web.shared.staff import StaffRequest, staff_required

WHOSE = ("mine", "everyone", "nobody")


@staff_required("home.view")
def today(request: StaffRequest) -> HttpResponse:
    """Show what waits, sorted by what it costs to leave it, and the four figures."""
    now = clock.now()
    whose = request.GET.get("whose", "mine")
    whose = whose if whose in WHOSE else "mine"
    waiting = insights.list_waiting(actor=request.actor, whose=whose, now=now)
    local = now.astimezone(ZoneInfo(request.business.time_zone))
    figures = insights.get_today_figures(actor=request.actor, now=now)
    context: dict[str, Any] = {
        "greeting": present.greeting(local.hour, request.actor.name.split(" ")[0]),
        "day": local,
        "total": len(waiting),
        "segments": present.segments(whose),
        "sections": present.sections(waiting, now),
        "after_opt_out": insights.count_after_opt_out(actor=request.actor, now=now),
        "destinations": len(locations.list_destinations()),
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
