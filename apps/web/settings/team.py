"""The team: who works here, who is invited, and what each may do."""

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.accounts import queries as accounts
from apps.accounts.choices import Role
from apps.core import clock
from apps.core.errors import AppError
from apps.core.facts import SYSTEM
from apps.customers import queries as customers
from apps.locations import queries as locations
from apps.staff import queries as staff
from apps.staff import services
from apps.tenants import wall
from apps.web.settings.forms_people import InviteForm, PlacesForm
from apps.web.settings.frame import render_settings
from apps.web.shared.render import add_error, back_with
from apps.web.shared.staff import StaffRequest, staff_required

if TYPE_CHECKING:
    from apps.locations.models import Location

UNPROCESSABLE = 422


@require_safe
@staff_required("staff.view")
def list_team(request: StaffRequest) -> HttpResponse:
    """Show who works here, and who has been invited."""
    now = clock.now()
    with wall.as_platform():
        invited = list(accounts.list_invitations(business_id=request.business.pk))
    names = {row.pk: row.name for row in _list_places()}
    scopes = staff.list_invited_scopes()
    members = list(staff.list_members())
    return render_settings(
        request,
        "web/settings/team.html",
        None,
        _("Team"),
        rows=[
            {**_row(member, request), "places": _name_places(member.location_ids, names)}
            for member in members
        ],
        # With one location there is nothing to choose, unless somebody is limited already.
        has_places=len(names) > 1 or any(member.location_ids for member in members),
        invitations=[
            {
                "row": row,
                "places": _name_places(scopes.get(row.pk, []), names),
                "is_over": row.expires_at <= now,
                "may_change": _may_touch(request, row.role),
            }
            for row in invited
        ],
        may_invite=request.actor.can("staff.change"),
    )


def _list_places() -> "list[Location]":
    # Who may be limited, and to what, is for those who see every location.
    return list(locations.list_all_locations(actor=SYSTEM))


def _name_places(location_ids: list[UUID], names: dict[UUID, str]) -> str:
    """Name the locations that somebody is limited to; all of them have one word."""
    if not location_ids:
        return _("All")
    return ", ".join(sorted(names.get(one, "–") for one in location_ids))


def _may_touch(request: StaffRequest, role: str) -> bool:
    right = "staff.owners" if role == Role.OWNER else "staff.change"
    return request.actor.can(right)


def _row(member: Any, request: StaffRequest) -> dict[str, Any]:
    is_self = member.pk == request.actor.id
    may_change = _may_touch(request, member.role)
    return {
        "member": member,
        "is_self": is_self,
        "may_change": may_change,
        "may_deactivate": may_change and not is_self,
        "may_limit": may_change and not is_self and member.role != Role.OWNER,
        "roles": [
            {"role": value, "title": label}
            for value, label in _roles(request)
            if value != member.role
        ],
    }


def _roles(request: StaffRequest) -> list[tuple[str, str]]:
    return [(str(value), label) for value, label in Role.choices if _may_touch(request, value)]


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required("staff.change")
def invite(request: StaffRequest) -> HttpResponse:
    """Invite somebody by mail."""
    form = InviteForm(
        request.POST if request.method == "POST" else None,
        roles=_roles(request),
        places=_list_places(),
    )
    if form.is_valid():
        try:
            services.invite_member(
                business=request.business,
                email=form.cleaned_data["email"],
                role=form.cleaned_data["role"],
                location_ids=form.cleaned_data["locations"],
                actor=request.actor,
                now=clock.now(),
            )
        except AppError as error:
            add_error(form, error)
        else:
            message = _("An invitation is on its way to %(email)s.") % form.cleaned_data
            return back_with(request, "web:settings:team", message=message)
    crumbs = [{"title": _("Team"), "url": reverse("web:settings:team")}]
    return render_settings(
        request,
        "web/settings/invite.html",
        form,
        _("Invite"),
        crumbs=crumbs,
        unplaced=customers.count_unplaced(),
    )


@require_POST
@staff_required("staff.change")
def resend(request: StaffRequest, invitation_id: UUID) -> HttpResponse:
    """Send an invitation again; the link of before ends."""
    try:
        services.resend_invitation(
            business=request.business,
            invitation_id=invitation_id,
            actor=request.actor,
            now=clock.now(),
        )
    except AppError as error:
        return _refuse(request, error)
    return back_with(request, "web:settings:team", message=_("The invitation is sent again."))


@require_POST
@staff_required("staff.change")
def revoke(request: StaffRequest, invitation_id: UUID) -> HttpResponse:
    """Take an invitation back."""
    services.revoke_invitation(
        business=request.business,
        invitation_id=invitation_id,
        actor=request.actor,
        now=clock.now(),
    )
    return back_with(request, "web:settings:team", message=_("The invitation is taken back."))


@require_POST
@staff_required("staff.change")
def change_role(request: StaffRequest, member_id: UUID) -> HttpResponse:
    """Give a member another role."""
    role = request.POST.get("role", "")
    try:
        member = services.change_role(
            business=request.business,
            member_id=member_id,
            role=role,
            actor=request.actor,
            now=clock.now(),
        )
    except AppError as error:
        return _refuse(request, error)
    words = _("%(name)s is now: %(role)s.")
    message = words % {"name": member.name, "role": member.get_role_display()}
    to = "web:settings:team" if _still_manages(request, member) else "web:home:today"
    return back_with(request, to, message=message)


def _still_manages(request: StaffRequest, member: Any) -> bool:
    is_self = member.pk == request.actor.id
    return not is_self or member.role in (Role.OWNER, Role.MANAGER)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required("staff.change")
def limit(request: StaffRequest, member_id: UUID) -> HttpResponse:
    """Choose the locations whose things a member sees."""
    member = staff.get_member(member_id=member_id)
    form = PlacesForm(
        request.POST if request.method == "POST" else None,
        places=_list_places(),
        initial={"locations": [str(one) for one in member.location_ids]},
    )
    if form.is_valid():
        try:
            services.limit_member(
                member_id=member.pk,
                location_ids=form.cleaned_data["locations"],
                actor=request.actor,
                now=clock.now(),
            )
        except AppError as error:
            if error.status != UNPROCESSABLE:
                raise
            add_error(form, error)
        else:
            message = _("The changes are kept.")
            return back_with(request, "web:settings:team", message=message)
    crumbs = [{"title": _("Team"), "url": reverse("web:settings:team")}]
    return render_settings(request, "web/settings/limit.html", form, member.name, crumbs=crumbs)


@require_POST
@staff_required("staff.change")
def deactivate(request: StaffRequest, member_id: UUID) -> HttpResponse:
    """Let a member in no more."""
    try:
        member = services.deactivate_member(
            business=request.business,
            member_id=member_id,
            actor=request.actor,
            now=clock.now(),
        )
    except AppError as error:
        return _refuse(request, error)
    message = _("%(name)s has no access any more.") % {"name": member.name}
    return back_with(request, "web:settings:team", message=message)


def _refuse(request: StaffRequest, error: AppError) -> HttpResponse:
    """Say at the list what a person can put right; let the rest be the page it is."""
    if error.status in (403, 404):
        raise error
    return back_with(request, "web:settings:team", error=error)
