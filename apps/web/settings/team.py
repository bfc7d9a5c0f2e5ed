"""The team: who works here, who is invited, and what each may do."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.accounts import queries as accounts
from apps.accounts.choices import Role
from apps.core import clock
from apps.core.errors import AppError
from apps.staff import queries as staff
from apps.staff import services
from apps.tenants import wall
from apps.web.settings.forms_people import InviteForm
from apps.web.settings.frame import render_settings
from apps.web.shared.render import add_error, back_with
from apps.web.shared.staff import StaffRequest, staff_required


@require_safe
@staff_required("staff.view")
def list_team(request: StaffRequest) -> HttpResponse:
    """Show who works here, and who has been invited."""
    now = clock.now()
    with wall.as_platform():
        invited = list(accounts.list_invitations(business_id=request.business.pk))
    return render_settings(
        request,
        "web/settings/team.html",
        None,
        _("Team"),
        rows=[_row(member, request) for member in staff.list_members()],
        invitations=[
            {
                "row": row,
                "is_over": row.expires_at <= now,
                "may_change": _may_touch(request, row.role),
            }
            for row in invited
        ],
        may_invite=request.actor.can("staff.change"),
    )


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
    form = InviteForm(request.POST if request.method == "POST" else None, roles=_roles(request))
    if form.is_valid():
        try:
            services.invite_member(
                business=request.business,
                **form.cleaned_data,
                actor=request.actor,
                now=clock.now(),
            )
        except AppError as error:
            add_error(form, error)
        else:
            message = _("An invitation is on its way to %(email)s.") % form.cleaned_data
            return back_with(request, "web:settings:team", message=message)
    crumbs = [{"title": _("Team"), "url": reverse("web:settings:team")}]
    return render_settings(request, "web/settings/invite.html", form, _("Invite"), crumbs=crumbs)


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
            business=request.business, member_id=member_id, role=role, actor=request.actor
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


@require_POST
@staff_required("staff.change")
def deactivate(request: StaffRequest, member_id: UUID) -> HttpResponse:
    """Let a member in no more."""
    try:
        member = services.deactivate_member(
            business=request.business, member_id=member_id, actor=request.actor
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
