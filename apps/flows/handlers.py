"""What each fact sets in motion: at most five lines each, decisions live in the rooms below."""

from datetime import datetime
from uuid import UUID

from apps.campaigns import services as campaigns
from apps.campaigns.choices import LeaveReason
from apps.failures import services as failures
from apps.journal.models import Entry
from apps.recovery import services as recovery
from apps.reviews import services as reviews


def _id(entry: Entry, name: str) -> UUID:
    return UUID(entry.data[name])


def put_in_inbox(entry: Entry, now: datetime) -> None:
    """Put a customer's answer before the staff."""
    reviews.import_response(response_id=_id(entry, "response_id"), now=now)


def put_contact_in_inbox(entry: Entry, now: datetime) -> None:
    """Put a customer's wish to hear from a person before the staff."""
    reviews.import_contact_request(contact_request_id=_id(entry, "contact_request_id"), now=now)


def put_message_in_inbox(entry: Entry, now: datetime) -> None:
    """Put what a customer wrote back before the staff."""
    reviews.import_message(inbound_id=_id(entry, "inbound_id"), now=now)


def leave_campaign(entry: Entry, now: datetime) -> None:
    """Ask nobody again who has answered."""
    if entry.data["request_id"]:
        request_id = _id(entry, "request_id")
        campaigns.leave(request_id=request_id, reason=LeaveReason.ANSWERED, now=now)


def leave_campaigns(entry: Entry, now: datetime) -> None:
    """Send nothing more of any campaign to somebody who opted out."""
    if entry.customer_id:
        campaigns.leave_all(customer_id=entry.customer_id, reason=LeaveReason.OPTED_OUT, now=now)


def record_failure(entry: Entry, now: datetime) -> None:
    """Record what went wrong where a review tells of it."""
    failures.record_from_review(review_id=_id(entry, "review_id"), now=now)


def look_again(entry: Entry, now: datetime) -> None:
    """Record what went wrong where a customer changed what they had said."""
    if entry.data["what"] in {"rewritten", "rerated"}:
        record_failure(entry, now)


def open_case(entry: Entry, now: datetime) -> None:
    """Give a failure its case."""
    recovery.open_case(failure_id=_id(entry, "failure_id"), now=now)


def note_return(entry: Entry, now: datetime) -> None:
    """Note in the case that the customer came back."""
    recovery.record_return(offer_id=_id(entry, "offer_id"), now=now)
