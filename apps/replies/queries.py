"""Reads about replies and response templates."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from apps.core.errors import NotFoundError
from apps.core.facts import Actor
from apps.locations import queries as locations
from apps.messaging.merge import compile_template
from apps.replies import rules
from apps.replies.choices import UNSENT, ReplyKind, ReplyState
from apps.replies.models import Reply, ResponseTemplate
from apps.reviews.choices import ReviewKind
from apps.reviews.models import Review
from apps.tenants import wall
from apps.text.checks import check_text
from apps.text.findings import Finding

UNDO_SECONDS = int(rules.UNDO_WINDOW.total_seconds())
FIELDS: Mapping[str, str] = {
    "customer.first_name": "Nora",
    "customer.name": "Nora Keane",
    "business.name": "Bluebird Bikes",
    "location.name": "Mill Lane",
    "staff.name": "Ruth",
}


@dataclass(frozen=True)
class Checked:
    """What the checkers say about a reply as it stands."""

    findings: list[Finding]
    length: rules.Length
    is_apology: bool


def list_replies(review: Review) -> QuerySet[Reply]:
    """Return what was answered and what failed, oldest first; drafts are not among it."""
    sent = Reply.objects.filter(review=review).exclude(state=ReplyState.DRAFT)
    return sent.select_related("author", "contact").order_by("created_at", "pk")


def find_draft(*, review: Review, kind: str, actor: Actor) -> Reply | None:
    """Return what this person has begun to write."""
    drafts = Reply.objects.filter(review=review, author_id=actor.id, state=ReplyState.DRAFT)
    return drafts.filter(kind=kind).first()


def find_public_reply(review: Review) -> Reply | None:
    """Return the public reply that stands or is on its way."""
    replies = Reply.objects.filter(review=review, kind=ReplyKind.PUBLIC).exclude(state__in=UNSENT)
    return replies.select_related("author").first()


def list_public_replies(review_ids: Iterable[UUID]) -> dict[UUID, Reply]:
    """Return the public replies of many reviews with one query."""
    replies = Reply.objects.filter(
        review_id__in=list(review_ids), kind=ReplyKind.PUBLIC, state=ReplyState.LIVE
    )
    return {reply.review_id: reply for reply in replies}


def get_reply(*, review: Review, reply_id: UUID) -> Reply:
    """Return a reply to a review; NotFoundError when it is not one."""
    found = Reply.objects.select_related("author").filter(pk=reply_id, review=review)
    reply = found.exclude(state=ReplyState.DRAFT).first()
    if reply is None:
        raise NotFoundError(_("This reply does not exist."))
    return reply


def can_reply_publicly(review: Review) -> bool:
    """Tell whether there is a public place for a reply: nobody reads one to a message."""
    return review.kind in {ReviewKind.REVIEW, ReviewKind.RESPONSE}


def is_own_page(review: Review) -> bool:
    """Tell whether a public reply appears on a page of the business itself."""
    return rules.is_own(review.source)


def check_reply(*, review: Review, kind: str, text: str, channel: str = "") -> Checked:
    """Look at a reply as somebody writes it."""
    is_public = kind == ReplyKind.PUBLIC
    kinds = rules.check_kinds(is_public=is_public, stars=review.stars, flags=review.flags)
    own = _own_addresses(review) if is_public else ()
    findings = [found for name in kinds for found in check_text(name, text, own=own)]
    place = review.source if is_public else (channel or "email")
    return Checked(findings, rules.measure(place, text), "apology" in kinds)


def _own_addresses(review: Review) -> list[str]:
    brand = locations.get_brand()
    own = [brand.contact_phone, brand.contact_email, brand.sender_email]
    if review.location is not None:
        own += [review.location.phone, review.location.email]
    return [address for address in own if address]


def list_templates(*, is_active: bool | None = None) -> QuerySet[ResponseTemplate]:
    """Return the response templates, the most used first."""
    templates = ResponseTemplate.objects.order_by("-is_active", "-used_count", "name", "pk")
    return templates if is_active is None else templates.filter(is_active=is_active)


def get_template(*, template_id: UUID) -> ResponseTemplate:
    """Return a response template; NotFoundError when there is none."""
    template = ResponseTemplate.objects.filter(pk=template_id).first()
    if template is None:
        raise NotFoundError(_("This template does not exist."))
    return template


def suggest_templates(review: Review, *, most: int = 8) -> list[ResponseTemplate]:
    """Return the templates that suit a review by its stars and its troubles, the best first."""
    ranked = [
        (
            rules.rank_template(
                ratings=template.ratings,
                template_flags=template.flags,
                stars=review.stars,
                flags=review.flags,
            ),
            template,
        )
        for template in list_templates(is_active=True)
    ]
    fitting = sorted((pair for pair in ranked if pair[0]), key=lambda pair: -pair[0])
    return [template for _rank, template in fitting[:most]]


def fill_template(template: ResponseTemplate, *, review: Review, actor: Actor) -> str:
    """Return the words of a template for one review; a name nobody knows leaves no hole."""
    compiled = compile_template(template.body, allowed=FIELDS, channel="text")
    return str(compiled.render(merge_values(review, actor=actor))).strip()


def merge_values(review: Review, *, actor: Actor) -> dict[str, object]:
    """Return what the merge fields stand for at a review."""
    customer = review.customer
    first = customer.first_name if customer else _first_word(review.author_name)
    brand = locations.get_brand()
    return {
        "customer.first_name": first,
        "customer.name": customer.name if customer else review.author_name,
        "business.name": brand.name or wall.current_business().name,
        "location.name": review.location.name if review.location else "",
        "staff.name": actor.name.split(" ")[0],
    }


def _first_word(name: str) -> str:
    word = name.strip().split(" ")[0]
    return word if word[:1].isalpha() else ""


def preview_template(body: str) -> str:
    """Return a template filled in for a made-up customer; AppError when it is not valid."""
    return str(compile_template(body, allowed=FIELDS, channel="text").render(FIELDS))
