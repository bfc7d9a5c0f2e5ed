"""The list of offers, one offer, what waits for approval, and the till."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from apps.core import clock, tokens
from apps.core.errors import AppError
from apps.core.money import Money
from apps.core.pages import keyset_page
from apps.locations import queries as locations
from apps.messaging import queries as messaging
from apps.offers import queries, services
from apps.offers.choices import OfferState
from apps.recovery import queries as recovery
from apps.tenants import queries as tenants
from apps.web.messages import words
from apps.web.offers.forms import ChooseForm, RedeemForm
from apps.web.offers.outlook import foretell
from apps.web.shared.approval import may_approve, wait_words
from apps.web.shared.focus import focused
from apps.web.shared.render import add_error, back_with, render_page
from apps.web.shared.staff import StaffRequest, staff_required

if TYPE_CHECKING:
    from apps.offers.models import Offer

TONES = {
    OfferState.ISSUED: "accent",
    OfferState.REDEEMED: "good",
    OfferState.WAITING_APPROVAL: "warn",
    OfferState.REVOKED: "bad",
}
TABS = (
    OfferState.WAITING_APPROVAL,
    OfferState.ISSUED,
    OfferState.REDEEMED,
    OfferState.EXPIRED,
    OfferState.REVOKED,
)
CHOICES = 100


def _row(offer: "Offer") -> dict[str, Any]:
    return {
        "offer": offer,
        "value": str(Money(offer.value_minor, offer.currency)),
        "tone": TONES.get(OfferState(offer.state), ""),
        "waits": offer.state == OfferState.WAITING_APPROVAL,
    }


@staff_required("offers.view")
def show_list(request: StaffRequest) -> HttpResponse:
    """Show the offers, newest first, by state."""
    state = request.GET.get("state", "")
    state = state if state in OfferState.values else ""
    counts = queries.count_states(actor=focused(request))
    page = keyset_page(
        queries.list_offers(actor=focused(request), state=state),
        by="created_at",
        cursor=request.GET.get("cursor", ""),
    )
    approvers = queries.map_approvers(page.items, clock.now())
    rows = [
        _row(offer) | {"may_approve": may_approve(request.actor, approvers.get(offer.pk, []))}
        for offer in page.items
    ]
    context = {
        "page": page,
        "rows": rows,
        "any_waits": any(row["may_approve"] for row in rows),
        "tabs": _tabs(state, counts),
        "state": state,
        "may_redeem": request.actor.can("offers.redeem"),
        "may_issue": request.actor.can("offers.issue"),
    }
    return render_page(request, "web/offers/list.html", context)


def _tabs(state: str, counts: dict[str, int]) -> list[dict[str, Any]]:
    everything = {
        "title": _("All"),
        "url": "?",
        "current": not state,
        "count": sum(counts.values()),
        "tone": "",
    }
    return [everything] + [
        {
            "title": str(one.label),
            "url": f"?state={one.value}",
            "current": state == one.value,
            "count": counts[one.value],
            "tone": "bad" if one == OfferState.WAITING_APPROVAL and counts[one.value] else "",
        }
        for one in TABS
    ]


@staff_required("offers.view")
def offer(request: StaffRequest, offer_id: UUID) -> HttpResponse:
    """Show one offer: its code, its page, and what became of it."""
    found = queries.get_offer(actor=request.actor, offer_id=offer_id)
    actor = request.actor
    approvers = queries.map_approvers([found], clock.now()).get(found.pk, [])
    knows_code = actor.can("offers.redeem") and found.state == OfferState.ISSUED
    is_open = found.state in (OfferState.ISSUED, OfferState.WAITING_APPROVAL)
    own = actor.can("offers.issue") and found.issued_by_id == actor.id
    token = tokens.sign(request.business.uuid, "o", found.pk)
    context = {
        **_row(found),
        "crumbs": [{"title": _("Offers"), "url": reverse("web:offers:list")}],
        "case": recovery.find_by_failure(failure_id=found.failure_id),
        "code": queries.show_code(found) if knows_code else "",
        "page_url": f"{tenants.base_url(request.business)}/o/{token}/" if knows_code else "",
        "redemption": queries.find_redemption(offer_id=found.pk),
        "messages_sent": [
            {
                "message": message,
                "state": words.STATES[message.state],
                "reason": words.describe_reason(message.reason),
            }
            for message in messaging.list_subject_messages("offer", found.pk)
        ],
        "may_approve": may_approve(actor, approvers),
        "wait_words": wait_words(actor, approvers),
        "may_revoke": is_open and (own or actor.can("offers.approve")),
        "may_send": found.state == OfferState.ISSUED and actor.can("offers.issue"),
    }
    return render_page(request, "web/offers/offer.html", context)


@staff_required("offers.issue")
def create(request: StaffRequest) -> HttpResponse:
    """Choose the case that an offer is made because of; the offer itself is made there."""
    cases = list(recovery.list_board(actor=request.actor)[:CHOICES])
    form = ChooseForm(request.POST or None, cases=cases)
    if request.method == "POST" and form.is_valid():
        address = reverse("web:recovery:case", args=[form.cleaned_data["case"]])
        return redirect(f"{address}?do=offer#work")
    status = 422 if request.method == "POST" else 200
    return render_page(
        request, "web/offers/create.html", {"form": form, "cases": cases}, status=status
    )


@staff_required("offers.redeem")
def redeem(request: StaffRequest) -> HttpResponse:
    """Use a code at the till; ``look`` shows first whose it is and what it is for."""
    places = locations.list_locations(actor=request.actor)
    if request.method != "POST":
        context: dict[str, Any] = {"form": RedeemForm(locations=places)}
        return render_page(request, "web/offers/redeem.html", context | _just_used(request))
    form = RedeemForm(request.POST, locations=places)
    context = {"form": form}
    if form.is_valid():
        try:
            if "look" in request.POST:
                found = queries.check_code(code=form.cleaned_data["code"], now=clock.now())
                context["found"] = _row(found) | _whose(request, found)
                return render_page(request, "web/offers/redeem.html", context)
            used = services.redeem_offer(
                code=form.cleaned_data["code"],
                location=locations.find_location(
                    form.cleaned_data["location"] or None, actor=request.actor
                ),
                reference=form.cleaned_data["reference"],
                actor=request.actor,
                now=clock.now(),
            )
        except AppError as error:
            add_error(form, error)
        else:
            return redirect(f"{reverse('web:offers:redeem')}?used={used.offer_id}")
    return render_page(request, "web/offers/redeem.html", context, status=422)


def _whose(request: StaffRequest, offer: "Offer") -> dict[str, str]:
    """Say whose a code is and why they got it, as far as the place is one the member sees."""
    customer, sees = offer.customer, request.actor.sees_location
    is_known = customer is not None and sees(customer.location_id)
    return {
        "whose": customer.name if customer and is_known else "",
        "why": offer.failure.title if sees(offer.failure.location_id) else "",
    }


def _just_used(request: StaffRequest) -> dict[str, Any]:
    try:
        offer_id = UUID(request.GET.get("used", ""))
    except ValueError:
        return {}
    offers = queries.list_offers(actor=focused(request), state=OfferState.REDEEMED)
    used = offers.filter(pk=offer_id).first()
    return {"used": _row(used)} if used else {}


@staff_required("offers.approve")
@require_POST
def approve(request: StaffRequest, offer_id: UUID) -> HttpResponse:
    """Allow an offer that waits."""
    done = _("Approved: the offer is good from now on.")
    return _press(request, offer_id, services.approve_offer, done)


@staff_required("offers.issue")
@require_POST
def revoke(request: StaffRequest, offer_id: UUID) -> HttpResponse:
    """Take an offer back."""
    done = _("Taken back: its code does not work any more.")
    return _press(request, offer_id, services.revoke_offer, done)


@staff_required("offers.issue")
@require_POST
def send(request: StaffRequest, offer_id: UUID) -> HttpResponse:
    """Send an offer to its customer, and say whether it goes."""
    found = queries.get_offer(actor=request.actor, offer_id=offer_id)
    channel, now = request.POST.get("channel", ""), clock.now()
    told, goes = foretell(found, channel, now)
    try:
        services.send_offer(offer=found, channel=channel, actor=request.actor, now=now)
    except AppError as error:
        return _back(request, found, error=error)
    if not goes:
        return _back(request, found, error=AppError(told))
    return _back(request, found, message=told)


def _press(
    request: StaffRequest, offer_id: UUID, act: Callable[..., object], done: str
) -> HttpResponse:
    """Do one thing with an offer, and say where one came from what became of it."""
    found = queries.get_offer(actor=request.actor, offer_id=offer_id)
    try:
        act(offer=found, actor=request.actor, now=clock.now())
    except AppError as error:
        return _back(request, found, error=error)
    return _back(request, found, message=done)


def _back(
    request: StaffRequest,
    offer: "Offer",
    *,
    message: str = "",
    error: AppError | None = None,
) -> HttpResponse:
    """Go back to the case one came from, else to the offer."""
    case = recovery.find_by_failure(failure_id=offer.failure_id)
    if case is not None and request.POST.get("case") == str(case.pk):
        return back_with(request, "web:recovery:case", case.pk, message=message, error=error)
    return back_with(request, "web:offers:offer", offer.pk, message=message, error=error)
