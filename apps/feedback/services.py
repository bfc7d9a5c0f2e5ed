"""Writing down what customers answer: stars, words, the site they went on to, a wish to talk."""

from datetime import datetime, timedelta
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.translation import gettext as _

from apps.campaigns import services as campaigns
from apps.campaigns.choices import LeaveReason
from apps.campaigns.models import Request
from apps.core.errors import AppError, NotFoundError
from apps.core.facts import Actor, customer_actor
from apps.customers.models import Customer
from apps.feedback.choices import ContactWay
from apps.feedback.events import ContactRequested, FeedbackReceived
from apps.feedback.models import ContactRequest, LinkUse, Response
from apps.journal import services as journal
from apps.locations import queries as locations
from apps.locations.models import Destination

LOWEST, HIGHEST = 1, 5
MAX_TEXT = 5000
MAX_ADDRESS = 254
# A second press of the same button, not a second wish.
SAME_WISH = timedelta(minutes=10)
FEWEST_DIGITS = 6


@transaction.atomic
def submit_rating(*, request: Request, rating: int, text: str, now: datetime) -> Response:
    """Write down an answer; a second one changes the first, and the same one again does nothing.

    Each new or changed answer is a fact of its own.
    """
    words = text.strip()
    _check_answer(rating, words)
    # The request's row is the lock: two answers at once become one answer and its change.
    Request.objects.select_for_update(no_key=True).get(pk=request.pk)
    response = Response.objects.filter(request_id=request.pk).first()
    if response is None:
        response = Response.objects.create(
            request_id=request.pk,
            customer_id=request.customer_id,
            location_id=request.location_id,
            rating=rating,
            text=words,
            submitted_at=now,
            changed_at=now,
            created_at=now,
        )
    elif (response.rating, response.text) == (rating, words):
        return response
    else:
        response.rating, response.text, response.changed_at = rating, words, now
        response.save(update_fields=["rating", "text", "changed_at"])
    campaigns.leave(request_id=request.pk, reason=LeaveReason.ANSWERED, now=now)
    fact = FeedbackReceived(
        response_id=response.pk,
        request_id=request.pk,
        customer_id=request.customer_id,
        location_id=request.location_id,
        rating=rating,
    )
    journal.record(fact, actor=customer_actor(request.customer_id), now=now)
    return response


def _check_answer(rating: int, words: str) -> None:
    if not LOWEST <= rating <= HIGHEST:
        raise AppError(_("Choose one to five stars."), code="rating", field="rating")
    if len(words) > MAX_TEXT:
        message = _("At most %(most)d characters, please; you have %(count)d.") % {
            "most": MAX_TEXT,
            "count": len(words),
        }
        raise AppError(message, code="too_long", field="text")


@transaction.atomic
def use_link(*, request: Request, destination_id: UUID, now: datetime) -> Destination:
    """Note that a person goes on to a public site; returns where to, NotFoundError elsewhere."""
    offered = locations.list_destinations(location_id=request.location_id)
    destination = next((item for item in offered if item.pk == destination_id), None)
    if destination is None:
        raise NotFoundError(_("This link is not offered any more."))
    LinkUse.objects.get_or_create(
        request_id=request.pk, destination_id=destination.pk, defaults={"at": now}
    )
    campaigns.leave(request_id=request.pk, reason=LeaveReason.LINK_USED, now=now)
    return destination


@transaction.atomic
def ask_for_contact(
    *,
    how: str,
    address: str,
    text: str,
    now: datetime,
    request: Request | None = None,
    customer: Customer | None = None,
    actor: Actor | None = None,
) -> ContactRequest:
    """Write down that a customer wants to hear from a person; pressed twice it is one wish."""
    _check_wish(how, address.strip(), text.strip())
    if request is not None:
        Request.objects.select_for_update(no_key=True).get(pk=request.pk)
    customer_id = request.customer_id if request else (customer.pk if customer else None)
    location_id = request.location_id if request else (customer.location_id if customer else None)
    values = {
        "customer_id": customer_id,
        "request_id": request.pk if request else None,
        "location_id": location_id,
        "how": how,
        "address": address.strip(),
        "text": text.strip(),
    }
    same = ContactRequest.objects.filter(created_at__gt=now - SAME_WISH, **values).first()
    if same is not None:
        return same
    wish = ContactRequest.objects.create(created_at=now, **values)
    fact = ContactRequested(
        contact_request_id=wish.pk, customer_id=customer_id, location_id=location_id, how=how
    )
    journal.record(fact, actor=actor or customer_actor(customer_id), now=now)
    return wish


def _check_wish(how: str, address: str, text: str) -> None:
    if how not in ContactWay.values:
        raise AppError(_("Choose how we should reach you."), code="how", field="how")
    if len(text) > MAX_TEXT:
        message = _("At most %(most)d characters, please.") % {"most": MAX_TEXT}
        raise AppError(message, code="too_long", field="text")
    if len(address) > MAX_ADDRESS:
        raise AppError(_("This address is too long."), code="address", field="address")
    if how == ContactWay.WRITE:
        _check_email(address)
    elif sum(sign.isdigit() for sign in address) < FEWEST_DIGITS:
        message = _("Give the phone number that we should use.")
        raise AppError(message, code="address", field="address")


def _check_email(address: str) -> None:
    try:
        validate_email(address)
    except ValidationError as error:
        message = _("Give the email address that we should write to.")
        raise AppError(message, code="address", field="address") from error
