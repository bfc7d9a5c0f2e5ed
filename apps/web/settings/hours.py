"""When customers may be written to, and how often."""

from datetime import time

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from apps.consent import queries as consent
from apps.consent import services
from apps.core import clock
from apps.core.errors import AppError, ForbiddenError
from apps.web.settings.forms import HoursForm
from apps.web.settings.frame import render_settings
from apps.web.shared.render import add_error, back_with
from apps.web.shared.staff import StaffRequest, staff_required

# The hours that the room keeps in any case; a form that says more would not be true.
EARLIEST, LATEST = time(8), time(21)
FIELDS = tuple(HoursForm.base_fields)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required("settings.view")
def hours(request: StaffRequest) -> HttpResponse:
    """Show the hours and limits of messages; change them with the right to."""
    if request.method == "POST" and not request.actor.can("settings.change"):
        raise ForbiddenError(_("Only a manager can change this."))
    policy = consent.get_policy()
    initial = {name: getattr(policy, name) for name in FIELDS}
    form = HoursForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_valid() and _is_by_day(form):
        try:
            services.update_policy(**form.cleaned_data, actor=request.actor, now=clock.now())
        except AppError as error:
            add_error(form, error)
        else:
            return back_with(request, "web:settings:hours", message=_("The changes are kept."))
    return render_settings(request, "web/settings/hours.html", form, _("Hours and limits"))


def _is_by_day(form: HoursForm) -> bool:
    """Refuse hours before 8:00 and after 21:00 at their fields."""
    for opens, closes in (("opens", "closes"), ("sunday_opens", "sunday_closes")):
        start, end = form.cleaned_data[opens], form.cleaned_data[closes]
        if start < end and end > LATEST:
            words = _("Nothing leaves after 21:00 where the customer is: choose 21:00 at most.")
            form.add_error(closes, words)
        if start < EARLIEST < end:
            words = _("Nothing leaves before 8:00 where the customer is: choose 8:00 at least.")
            form.add_error(opens, words)
    return form.is_valid()
