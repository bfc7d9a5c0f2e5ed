"""What all pages of the settings share: their crumbs, and who may change them."""

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from apps.web.shared.render import render_page
from apps.web.shared.staff import StaffRequest


def render_settings(
    request: StaffRequest, template: str, form: Any, title: str, **context: object
) -> HttpResponse:
    """Render one page of the settings; 422 when its form was refused."""
    crumbs = [{"title": _("Settings"), "url": reverse("web:settings:index")}]
    more = context.pop("crumbs", [])
    context |= {"form": form, "title": title, "crumbs": [*crumbs, *more]}  # type: ignore[misc]
    context["may_change"] = request.actor.can("settings.change")
    status = 422 if form is not None and form.errors else 200
    return render_page(request, template, context, status=status)
