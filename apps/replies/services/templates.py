"""Writing response templates."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from apps.core.errors import AppError, ForbiddenError
from apps.core.facts import Actor
from apps.messaging.merge import TemplateInvalid, compile_template
from apps.replies.models import ResponseTemplate
from apps.replies.queries import FIELDS, get_template
from apps.reviews.choices import Flag

MAX_NAME = 80
MAX_BODY = 10_000


def create_template(
    *,
    name: str,
    body: str,
    actor: Actor,
    now: datetime,
    ratings: Iterable[int] = (),
    flags: Iterable[str] = (),
) -> ResponseTemplate:
    """Keep words to begin replies with; AppError at the field that is wrong."""
    _need(actor)
    values = _check(name=name, body=body, ratings=ratings, flags=flags)
    return ResponseTemplate.objects.create(**values, created_at=now, updated_at=now)


def update_template(
    *,
    template: ResponseTemplate,
    name: str,
    body: str,
    actor: Actor,
    now: datetime,
    ratings: Iterable[int] = (),
    flags: Iterable[str] = (),
    is_active: bool = True,
) -> None:
    """Change a response template."""
    _need(actor)
    values = _check(name=name, body=body, ratings=ratings, flags=flags)
    with transaction.atomic():
        ResponseTemplate.objects.filter(pk=template.pk).update(
            **values, is_active=is_active, updated_at=now
        )


def hold_template(*, template_id: UUID) -> ResponseTemplate:
    """Return a template as it is now, locked until the transaction ends; or NotFoundError."""
    ResponseTemplate.objects.select_for_update().filter(pk=template_id).first()
    return get_template(template_id=template_id)


def delete_template(*, template: ResponseTemplate, actor: Actor) -> None:
    """Remove a response template; replies that began with it stay."""
    _need(actor)
    ResponseTemplate.objects.filter(pk=template.pk).delete()


def _need(actor: Actor) -> None:
    if not actor.can("replies.templates"):
        raise ForbiddenError(_("Your role does not allow this."))


def _check(
    *, name: str, body: str, ratings: Iterable[int], flags: Iterable[str]
) -> dict[str, object]:
    title, words = " ".join(name.split()), body.strip()
    if not title or len(title) > MAX_NAME:
        message = _("Give it a name of at most %(most)d characters.") % {"most": MAX_NAME}
        raise AppError(message, code="name", field="name")
    if not words or len(words) > MAX_BODY:
        message = _("Write the text, at most %(most)d characters.") % {"most": MAX_BODY}
        raise AppError(message, code="body", field="body")
    try:
        compile_template(words, allowed=FIELDS, channel="text")
    except TemplateInvalid as error:
        raise AppError(error.message, code=error.code, field="body") from error
    stars = sorted(set(ratings))
    if any(not 1 <= star <= 5 for star in stars):  # noqa: PLR2004 - the scale of stars
        raise AppError(_("Stars go from 1 to 5."), code="ratings", field="ratings")
    return {
        "name": title,
        "body": words,
        "ratings": stars,
        "flags": [flag for flag in Flag.values if flag in set(flags)],
    }
