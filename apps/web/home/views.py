"""Today: what needs somebody now."""

from django.http import HttpResponse
from django.shortcuts import render

from apps.web.shared.staff import StaffRequest, staff_required


@staff_required("home.view")
def today(request: StaffRequest) -> HttpResponse:
    """Show what needs somebody now."""
    return render(request, "web/home/today.html", {})
