"""How safely one signs in: second factors, passkeys, recovery codes."""

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from apps.accounts import queries as accounts
from apps.tenants import wall
from apps.web.settings.frame import render_settings
from apps.web.shared.staff import StaffRequest, staff_required


@require_safe
@staff_required("home.view")
def security(request: StaffRequest) -> HttpResponse:
    """List one's own factors."""
    with wall.as_platform():
        factors = accounts.list_factors(user_id=request.actor.id)  # type: ignore[arg-type]
    crumbs = [{"title": _("Your profile"), "url": reverse("web:settings:profile")}]
    return render_settings(
        request,
        "web/settings/security.html",
        None,
        _("Signing in safely"),
        factors=factors,
        crumbs=crumbs,
    )
