"""Ending messages and choosing ways: looking changes nothing, one button acts, one undoes."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from apps.consent import queries as consents
from apps.consent import services as consent
from apps.core import clock, tokens
from apps.core.facts import customer_actor
from apps.customers import queries as customers
from apps.messaging import queries as messages
from apps.public.shared.pages import gone, page_context
from apps.tenants import wall

SEE_OTHER = 303
ONE_CLICK = "One-Click"


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """End the messages on one channel to one address: a page with one button, or RFC 8058."""
    message_id = tokens.read(wall.current_business().uuid, "u", token)
    message = messages.find_message(message_id) if message_id else None
    if message is None or not message.address_hash:
        return gone(request)
    if request.method == "POST":
        return _end(request, token, message)
    stop = consents.find_suppression(address_hash=message.address_hash, channel=message.channel)
    context = page_context() | {
        "choices_url": _choices_url(message.customer_id),
        "channel": message.channel,
        "address": consents.hide_address(message.address),
        "is_over": stop is not None,
        "can_undo": stop is not None and stop.reason == consents.OPTED_OUT,
        "is_done": "done" in request.GET,
    }
    return render(request, "public/consent/unsubscribe.html", context)


def _choices_url(customer_id: UUID | None) -> str:
    """Return where a customer chooses ways, where we know the customer."""
    if customer_id is None:
        return ""
    token = tokens.sign(wall.current_business().uuid, "p", customer_id)
    return reverse("public:consent:preferences", args=[token])


def _end(request: HttpRequest, token: str, message: Any) -> HttpResponse:
    is_one_click = request.POST.get("List-Unsubscribe") == ONE_CLICK
    is_undo = request.POST.get("action") == "undo" and not is_one_click
    change = consent.allow_again if is_undo else consent.withdraw
    change(
        address_hash=message.address_hash,
        channel=message.channel,
        customer_id=message.customer_id,
        source="one-click" if is_one_click else "unsubscribe page",
        actor=customer_actor(message.customer_id),
        now=clock.now(),
    )
    if is_one_click:
        # A mail program asks: no page, no redirect.
        return HttpResponse("OK", content_type="text/plain")
    url = reverse("public:consent:unsubscribe", args=[token])
    return HttpResponseRedirect(f"{url}?done=1", status=SEE_OTHER)


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def preferences(request: HttpRequest, token: str) -> HttpResponse:
    """Show the ways a person can be reached, each with its switch, and one for all."""
    customer_id = tokens.read(wall.current_business().uuid, "p", token)
    customer = customers.find_customer(customer_id) if customer_id else None
    if customer is None or customer.erased_at is not None:
        return gone(request)
    choices = consents.list_choices(customer_id=customer.pk)
    if request.method == "POST":
        consent.choose(
            customer_id=customer.pk,
            wanted=_read(request, choices),
            source="preferences page",
            actor=customer_actor(customer.pk),
            now=clock.now(),
        )
        url = reverse("public:consent:preferences", args=[token])
        return HttpResponseRedirect(f"{url}?done=1", status=SEE_OTHER)
    context = page_context() | {
        "choices": choices,
        "is_done": "done" in request.GET,
        "is_nothing": bool(choices) and not any(choice.is_on for choice in choices),
        "can_undo": any(not choice.is_on and choice.can_change for choice in choices),
    }
    return render(request, "public/consent/preferences.html", context)


def _read(request: HttpRequest, choices: list[consents.Choice]) -> dict[UUID, bool]:
    """Return what is wanted: one way on or off, nothing at all, or everything again."""
    action = request.POST.get("action", "")
    if action in ("nothing", "everything"):
        return {choice.contact_id: action == "everything" for choice in choices}
    one = request.POST.get("contact", "")
    return {
        choice.contact_id: action == "on"
        for choice in choices
        if str(choice.contact_id) == one and action in ("on", "off")
    }
