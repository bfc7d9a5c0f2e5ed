"""Keys by which other systems act for this business: listed, made, revoked."""

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.core import clock
from apps.core.errors import AppError
from apps.core.pages import keyset_page
from apps.staff import queries as staff
from apps.staff import services
from apps.tenants import queries as tenants
from apps.web.settings.forms import KeyForm, name_scope
from apps.web.settings.frame import render_settings
from apps.web.shared.navigation import find_url
from apps.web.shared.once import lead_again
from apps.web.shared.render import add_error, back_with
from apps.web.shared.staff import StaffRequest, staff_required

if TYPE_CHECKING:
    from datetime import datetime

    from apps.staff.models import ApiKey


@require_safe
@staff_required("settings.change")
def list_keys(request: StaffRequest) -> HttpResponse:
    """Show the keys, newest first; never their secrets, which are not kept."""
    page = keyset_page(staff.list_keys(), by="created_at", cursor=request.GET.get("cursor", ""))
    now = clock.now()
    return render_settings(
        request,
        "web/settings/keys.html",
        None,
        _("API keys"),
        rows=[_row(key, now) for key in page.items],
        page=page,
    )


def _row(key: "ApiKey", now: "datetime") -> dict[str, Any]:
    is_over = key.expires_at is not None and key.expires_at <= now
    return {
        "key": key,
        "scopes": [name_scope(scope) for scope in key.scopes],
        "is_over": is_over,
        "is_live": key.revoked_at is None and not is_over,
    }


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@staff_required("settings.change")
def create_key(request: StaffRequest) -> HttpResponse:
    """Make a key, and show its secret this once."""
    form = KeyForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            secret = services.create_api_key(
                **form.cleaned_data, actor=request.actor, now=clock.now()
            )
        except AppError as error:
            add_error(form, error)
        else:
            shown = _show_secret(request, secret, form.cleaned_data)
            return lead_again(shown, reverse("web:settings:keys"))
    return render_settings(request, "web/settings/key.html", form, _("New key"), crumbs=_crumbs())


def _show_secret(request: StaffRequest, secret: str, values: dict[str, Any]) -> HttpResponse:
    return render_settings(
        request,
        "web/settings/key_made.html",
        None,
        values["name"],
        crumbs=_crumbs(),
        secret=secret,
        example=_example(request, secret, values["scopes"]),
    )


def _example(request: StaffRequest, secret: str, scopes: list[str]) -> str:
    """Return a call that this key may make; nothing where none can be tried without harm."""
    readable = (scope.removesuffix(":read") for scope in scopes if scope.endswith(":read"))
    found = (find_url(f"api:{noun}:list") for noun in readable)
    path = next((url for url in found if url), "")
    if not path:
        return ""
    return f'curl -H "Authorization: Bearer {secret}" {tenants.base_url(request.business)}{path}'


def _crumbs() -> list[dict[str, str]]:
    return [{"title": _("API keys"), "url": reverse("web:settings:keys")}]


@require_POST
@staff_required("settings.change")
def revoke_key(request: StaffRequest, key_id: UUID) -> HttpResponse:
    """End a key for good."""
    key = staff.get_key(key_id=key_id)
    ended = services.revoke_api_key(key=key, actor=request.actor, now=clock.now())
    words = (
        _("%(name)s is revoked: it opens nothing any more.")
        if ended
        else _("%(name)s had been revoked before.")
    )
    return back_with(request, "web:settings:keys", message=words % {"name": key.name})
