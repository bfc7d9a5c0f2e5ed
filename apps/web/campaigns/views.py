"""Campaigns after they are built: the list, the live page, pausing and stopping, asking one."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from apps.campaigns import queries as campaigns
from apps.campaigns import services
from apps.campaigns.choices import CampaignStatus
from apps.core import clock
from apps.core.errors import AppError
from apps.core.pages import keyset_page
from apps.customers import queries as customers
from apps.feedback import queries as feedback
from apps.web.campaigns import present
from apps.web.campaigns.forms import AskForm
from apps.web.campaigns.steps import FIELDS
from apps.web.shared import sandbox
from apps.web.shared.focus import focused
from apps.web.shared.render import back_with, render_page
from apps.web.shared.staff import StaffRequest, staff_required


@staff_required("campaigns.view")
@require_safe
def list_all(request: StaffRequest) -> HttpResponse:
    """Show all campaigns, newest first."""
    page = keyset_page(
        campaigns.list_campaigns(actor=focused(request)),
        by="created_at",
        cursor=request.GET.get("cursor", ""),
    )
    reached = campaigns.count_reached(campaigns=page.items)
    rated = feedback.count_rated(campaign_ids=[item.pk for item in page.items])
    context = {
        "rows": [
            {
                "campaign": item,
                "status": present.describe_status(item.status),
                "sent": reached.get(item.pk, 0),
                "rated": rated.get(item.pk, 0),
            }
            for item in page.items
        ],
        "page": page,
        "can_change": request.actor.can("campaigns.change"),
    }
    return render_page(request, "web/campaigns/list.html", context)


@staff_required("campaigns.view")
@require_safe
def campaign(request: StaffRequest, campaign_id: UUID) -> HttpResponse:
    """Show a campaign that was launched, live; a draft is shown where it is built."""
    found = campaigns.get_campaign(actor=request.actor, campaign_id=campaign_id)
    if found.status == CampaignStatus.DRAFT:
        may_change = request.actor.can("campaigns.change")
        return redirect(f"web:campaigns:{'audience' if may_change else 'check'}", found.pk)
    stored = campaigns.list_steps(campaign_id=found.pk)
    rows = [{"channel": step.channel, "delay_hours": step.delay_hours} for step in stored]
    context = {
        "previews": present.preview_steps(_written(stored), None),
        "schedule": present.describe_schedule(rows),
        **sandbox.describe(request.actor, {step.channel for step in stored}),
        **_live_context(request, found),
    }
    return render_page(request, "web/campaigns/campaign.html", context)


def _written(stored: Any) -> list[dict[str, Any]]:
    return [{name: getattr(step, name) for name in FIELDS} for step in stored]


def _live_context(request: StaffRequest, found: Any) -> dict[str, Any]:
    return {
        "campaign": found,
        "can_launch": request.actor.can("campaigns.launch"),
        "ledger_url": _find_url("web:messages:list"),
        **present.describe_progress(found),
    }


def _find_url(name: str) -> str:
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""


@staff_required("campaigns.view")
@require_safe
def live(request: StaffRequest, campaign_id: UUID) -> HttpResponse:
    """Answer with the live part of a campaign's page; it asks again while messages leave."""
    found = campaigns.get_campaign(actor=request.actor, campaign_id=campaign_id)
    return render(request, "web/campaigns/live.html", _live_context(request, found))


@staff_required("campaigns.launch")
@require_POST
def launch(request: StaffRequest, campaign_id: UUID) -> HttpResponse:
    """Start to send, once."""
    found = campaigns.get_campaign(actor=request.actor, campaign_id=campaign_id)
    try:
        services.launch_campaign(campaign=found, actor=request.actor, now=clock.now())
    except AppError as error:
        return back_with(request, "web:campaigns:check", campaign_id, error=error)
    return redirect("web:campaigns:campaign", campaign_id)


def _act(
    request: StaffRequest,
    campaign_id: UUID,
    do: Callable[..., bool],
    words: str,
    now: datetime,
) -> HttpResponse:
    found = campaigns.get_campaign(actor=request.actor, campaign_id=campaign_id)
    did = do(campaign=found, actor=request.actor, now=now)
    message = words if did else _("Nothing to do: the campaign had moved on.")
    return back_with(request, "web:campaigns:campaign", campaign_id, message=message)


@staff_required("campaigns.launch")
@require_POST
def pause(request: StaffRequest, campaign_id: UUID) -> HttpResponse:
    """Hold what has not left yet."""
    words = _("Paused. Nothing more leaves until you go on.")
    return _act(request, campaign_id, services.pause_campaign, words, clock.now())


@staff_required("campaigns.launch")
@require_POST
def resume(request: StaffRequest, campaign_id: UUID) -> HttpResponse:
    """Go on where the pause began."""
    words = _("It goes on where it stopped.")
    return _act(request, campaign_id, services.resume_campaign, words, clock.now())


@staff_required("campaigns.launch")
@require_POST
def stop(request: StaffRequest, campaign_id: UUID) -> HttpResponse:
    """Stop for good."""
    words = _("Stopped for good. What had not left yet never will.")
    return _act(request, campaign_id, services.cancel_campaign, words, clock.now())


@staff_required("campaigns.change")
@require_POST
def test(request: StaffRequest, campaign_id: UUID) -> HttpResponse:
    """Send the messages of a campaign to the member who asks."""
    found = campaigns.get_campaign(actor=request.actor, campaign_id=campaign_id)
    stored = campaigns.list_steps(campaign_id=found.pk)
    try:
        count = services.send_test(
            campaign=found, steps=stored, actor=request.actor, now=clock.now()
        )
    except AppError as error:
        return back_with(request, "web:campaigns:check", campaign_id, error=error)
    words = ngettext(
        "A test is on its way to your own address.",
        "%(count)d tests are on their way to your own address.",
        count,
    ) % {"count": count}
    return back_with(request, "web:campaigns:check", campaign_id, message=words)


@staff_required("campaigns.change")
@require_POST
def delete(request: StaffRequest, campaign_id: UUID) -> HttpResponse:
    """Throw a draft away."""
    found = campaigns.get_campaign(actor=request.actor, campaign_id=campaign_id)
    try:
        services.delete_campaign(campaign=found, actor=request.actor)
    except AppError as error:
        return back_with(request, "web:campaigns:campaign", campaign_id, error=error)
    return back_with(request, "web:campaigns:list", message=_("The draft is gone."))


@staff_required("customers.send")
@require_POST
def ask(request: StaffRequest) -> HttpResponse:
    """Ask one customer for a review now."""
    form = AskForm(request.POST)
    if not form.is_valid():
        error = AppError(_("Choose whom to ask, and by mail or by text."))
        return back_with(request, "web:campaigns:list", error=error)
    customer = customers.get_customer(
        actor=request.actor, customer_id=form.cleaned_data["customer"]
    )
    message, refusal = _("The request is on its way."), None
    try:
        services.request_review(
            customer=customer,
            channel=form.cleaned_data["channel"],
            actor=request.actor,
            now=clock.now(),
        )
    except AppError as error:
        message, refusal = "", error
    page = "web:customers:customer" if _has_page(customer.pk) else ""
    if not page:
        return back_with(request, "web:campaigns:list", message=message, error=refusal)
    return back_with(request, page, customer.pk, message=message, error=refusal)


def _has_page(customer_id: UUID) -> bool:
    try:
        reverse("web:customers:customer", args=[customer_id])
    except NoReverseMatch:
        return False
    return True
