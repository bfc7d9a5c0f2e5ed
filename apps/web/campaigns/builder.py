"""Building a campaign: whom it asks, what it says, what stands against it."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from apps.campaigns import queries as campaigns
from apps.campaigns import services
from apps.campaigns.choices import CampaignStatus
from apps.core import clock
from apps.core.errors import AppError, NotFoundError
from apps.messaging import queries as messaging
from apps.web.campaigns import present, steps
from apps.web.campaigns.forms import AudienceForm, NameForm, initial_of
from apps.web.shared import sandbox
from apps.web.shared.render import add_error, back_with, render_page
from apps.web.shared.staff import StaffRequest, staff_required

SEED_LENGTH = 20


@staff_required("campaigns.change")
def create(request: StaffRequest) -> HttpResponse:
    """Name a campaign and begin."""
    form = NameForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = services.create_campaign(
                name=form.cleaned_data["name"], actor=request.actor, now=clock.now()
            )
        except AppError as error:
            add_error(form, error)
        else:
            return redirect("web:campaigns:audience", made.pk)
    status = 422 if form.errors else 200
    return render_page(request, "web/campaigns/create.html", {"form": form}, status=status)


@staff_required("campaigns.change")
def audience(request: StaffRequest, campaign_id: UUID) -> HttpResponse:
    """Choose whom a campaign asks, blind to what they think."""
    campaign = campaigns.get_campaign(actor=request.actor, campaign_id=campaign_id)
    if campaign.status != CampaignStatus.DRAFT:
        return redirect("web:campaigns:campaign", campaign.pk)
    if request.method == "POST":
        form = AudienceForm(request.POST, actor=request.actor)
        if form.is_valid() and _save_audience(request, campaign, form):
            return redirect("web:campaigns:messages", campaign.pk)
    else:
        form = AudienceForm(
            actor=request.actor,
            initial=initial_of(campaign.name, campaign.audience, campaign.ask_window_days),
        )
    context = {
        "campaign": campaign,
        "form": form,
        "builder": present.list_builder_steps(campaign, "audience"),
        **_count(campaign),
    }
    status = 422 if form.errors else 200
    return render_page(request, "web/campaigns/audience.html", context, status=status)


def _save_audience(request: StaffRequest, campaign: Any, form: AudienceForm) -> bool:
    try:
        services.update_campaign(
            campaign=campaign,
            name=form.cleaned_data["name"],
            audience=form.conditions,
            ask_window_days=form.cleaned_data["ask_window_days"],
            actor=request.actor,
            now=clock.now(),
        )
    except AppError as error:
        add_error(form, error)
        return False
    return True


def _count(campaign: Any) -> dict[str, Any]:
    found = campaigns.preview_audience(
        campaign=campaign,
        steps=campaigns.list_steps(campaign_id=campaign.pk),
        now=clock.now(),
    )
    return {"audience": present.describe_audience(found, campaign)}


@staff_required("campaigns.change")
@require_safe
def count(request: StaffRequest, campaign_id: UUID) -> HttpResponse:
    """Count the people for conditions that are not saved yet."""
    campaign = campaigns.get_campaign(actor=request.actor, campaign_id=campaign_id)
    form = AudienceForm(request.GET, actor=request.actor)
    context: dict[str, Any] = {"campaign": campaign}
    if form.is_valid():
        try:
            campaign = campaigns.with_conditions(
                actor=request.actor,
                campaign=campaign,
                audience=form.conditions,
                ask_window_days=form.cleaned_data["ask_window_days"],
            )
            context |= _count(campaign)
        except AppError as error:
            context["error"] = error.message
    else:
        context["error"] = _("Mend what is marked, then the count comes back.")
    return render(request, "web/campaigns/audience_count.html", context)


@staff_required("customers.view")
@require_safe
def left_out(request: StaffRequest, campaign_id: UUID, reason: str) -> HttpResponse:
    """Show who is left out for one reason."""
    campaign = campaigns.get_campaign(actor=request.actor, campaign_id=campaign_id)
    if reason not in present.REASONS:
        raise NotFoundError(_("There is no such reason."))
    people = campaigns.list_left_out(
        actor=request.actor,
        campaign=campaign,
        steps=campaigns.list_steps(campaign_id=campaign.pk),
        reason=reason,
        now=clock.now(),
    )
    context = {
        "campaign": campaign,
        "title": present.REASONS[reason][0],
        "note": services.explain_reason(reason),
        "people": people,
    }
    return render_page(request, "web/campaigns/left_out.html", context)


@staff_required("campaigns.change")
def messages(request: StaffRequest, campaign_id: UUID) -> HttpResponse:
    """Write the messages of a campaign."""
    campaign = campaigns.get_campaign(actor=request.actor, campaign_id=campaign_id)
    if campaign.status != CampaignStatus.DRAFT:
        return redirect("web:campaigns:campaign", campaign.pk)
    if request.method == "POST":
        return _take_messages(request, campaign)
    rows = _stored_rows(campaign)
    return _show_messages(request, campaign, rows, steps.show(rows))


def _stored_rows(campaign: Any) -> list[dict[str, Any]]:
    return [
        {name: getattr(step, name) for name in steps.FIELDS}
        for step in campaigns.list_steps(campaign_id=campaign.pk)
    ]


def _take_messages(request: StaffRequest, campaign: Any) -> HttpResponse:
    rows = steps.read_posted(request.POST)
    do = request.POST.get("do", "save")
    if do != "save":
        rows = steps.rearrange(rows, do)
        return _show_messages(request, campaign, rows, steps.show(rows), is_unsaved=True)
    forms = steps.bind(rows)
    drafts = steps.drafts_of(forms)
    if drafts is None:
        return _show_messages(request, campaign, rows, forms, status=422)
    try:
        services.save_steps(campaign=campaign, steps=drafts, actor=request.actor, now=clock.now())
    except AppError as error:
        steps.add_fault(forms, error)
        if not forms:
            return back_with(request, "web:campaigns:messages", campaign.pk, error=error)
        return _show_messages(request, campaign, rows, forms, status=422)
    return redirect("web:campaigns:check", campaign.pk)


def _show_messages(
    request: StaffRequest,
    campaign: Any,
    rows: list[dict[str, Any]],
    forms: list[Any],
    *,
    is_unsaved: bool = False,
    status: int = 200,
) -> HttpResponse:
    context = {
        "campaign": campaign,
        "builder": present.list_builder_steps(campaign, "messages"),
        "messages_of": [
            {"form": form, "number": number, "title": steps.title_of(number, row["channel"])}
            for number, (row, form) in enumerate(zip(rows, forms, strict=True), start=1)
        ],
        "fields": messaging.merge_fields()[:-5],
        "is_unsaved": is_unsaved,
        **_previews(request, campaign, rows),
    }
    return render_page(request, "web/campaigns/messages.html", context, status=status)


def _previews(request: HttpRequest, campaign: Any, rows: list[dict[str, Any]]) -> dict[str, Any]:
    """Return the messages as a real customer gets them, for whoever may see customers."""
    actor = getattr(request, "actor", None)
    people = (
        campaigns.sample_people(
            actor=actor,
            campaign=campaign,
            steps=campaigns.list_steps(campaign_id=campaign.pk),
            now=clock.now(),
            seed=_seed(request),
        )
        if actor is not None and actor.can("customers.view")
        else []
    )
    chosen = present.find_person(people, _read_id(request))
    return {
        "people": people,
        "chosen": chosen,
        "previews": present.preview_steps(rows, chosen),
    }


def _seed(request: HttpRequest) -> str:
    values = request.POST if request.method == "POST" else request.GET
    return values.get("seed", "")[:SEED_LENGTH]


def _read_id(request: HttpRequest) -> UUID | None:
    values = request.POST if request.method == "POST" else request.GET
    try:
        return UUID(values.get("as", ""))
    except ValueError:
        return None


@staff_required("campaigns.change")
@require_POST
def preview(request: StaffRequest, campaign_id: UUID) -> HttpResponse:
    """Show messages as they are being typed; nothing is saved."""
    campaign = campaigns.get_campaign(actor=request.actor, campaign_id=campaign_id)
    rows = steps.read_posted(request.POST)
    context = {"campaign": campaign, **_previews(request, campaign, rows)}
    return render(request, "web/campaigns/previews.html", context)


@staff_required("campaigns.view")
@require_safe
def check(request: StaffRequest, campaign_id: UUID) -> HttpResponse:
    """Show a campaign against the rules, with all that a launch would do."""
    campaign = campaigns.get_campaign(actor=request.actor, campaign_id=campaign_id)
    if campaign.status != CampaignStatus.DRAFT:
        return redirect("web:campaigns:campaign", campaign.pk)
    now = clock.now()
    stored = campaigns.list_steps(campaign_id=campaign.pk)
    found = campaigns.preview_audience(campaign=campaign, steps=stored, now=now)
    findings = campaigns.check_campaign(campaign=campaign, now=now, audience=found)
    rows = _stored_rows(campaign)
    shown = _previews(request, campaign, rows)
    context = {
        "campaign": campaign,
        "builder": present.list_builder_steps(campaign, "check"),
        "audience": present.describe_audience(found, campaign),
        "findings": findings,
        "is_blocked": campaigns.is_blocked(findings),
        "warnings": sum(finding.tone == "warn" for finding in findings),
        "sums": present.sum_up(found, rows, shown["previews"]),
        "schedule": present.describe_schedule(rows),
        "can_see_people": request.actor.can("customers.view"),
        "can_change": request.actor.can("campaigns.change"),
        "can_launch": request.actor.can("campaigns.launch"),
        "next_seed": present.next_seed(_seed(request)),
        **sandbox.describe(request.actor, {step.channel for step in stored}),
        **shown,
    }
    return render_page(request, "web/campaigns/check.html", context)
