"""Writing, sending and taking back replies; whoever sends first wins."""

from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from apps.consent.choices import Purpose
from apps.core.errors import AppError, ConflictError, ForbiddenError
from apps.core.facts import SYSTEM, Actor
from apps.customers import queries as customers
from apps.customers.choices import Channel, ContactStatus
from apps.customers.models import ContactPoint
from apps.jobs import services as jobs
from apps.jobs.choices import Lane
from apps.journal import services as journal
from apps.messaging import services as messaging
from apps.replies import queries, rules
from apps.replies.choices import UNSENT, ReplyKind, ReplyState
from apps.replies.events import ReviewReplied
from apps.replies.models import Reply, ResponseTemplate
from apps.reviews import services as reviews
from apps.reviews.models import Review
from apps.tenants import wall
from apps.text.checks import is_blocked, is_forbidden

MAX_DRAFT = 20_000
MAX_SUBJECT = 200


def save_draft(
    *,
    review: Review,
    kind: str,
    text: str,
    actor: Actor,
    now: datetime,
    subject: str = "",
    contact_id: UUID | None = None,
) -> Reply | None:
    """Keep what somebody is writing, one draft a person and kind; an empty one is forgotten.

    AppError at the field ``contact`` for an address that is not the customer's; the words are kept.
    """
    _check_kind(kind, actor)
    if len(text) > MAX_DRAFT:
        message = _("At most %(most)d characters can be kept.") % {"most": MAX_DRAFT}
        raise AppError(message, code="too_long", field="text")
    drafts = Reply.objects.filter(
        review=review, author_id=actor.id, kind=kind, state=ReplyState.DRAFT
    )
    if not text.strip():
        drafts.delete()
        return None
    # A public reply goes to nobody's address, whatever was chosen beside it.
    is_chosen = contact_id is not None and kind == ReplyKind.PRIVATE
    is_theirs = is_chosen and _is_theirs(review, contact_id)
    values = {
        "text": text.replace("\x00", ""),
        "subject": " ".join(subject.split())[:MAX_SUBJECT],
        "contact_id": contact_id if is_theirs else None,
        "updated_at": now,
    }
    if not drafts.update(**values):
        fresh = Reply(
            review=review,
            author_id=actor.id,
            kind=kind,
            state=ReplyState.DRAFT,
            created_at=now,
            **values,
        )
        # Two tabs of one person at the same moment: the later words are kept.
        Reply.objects.bulk_create([fresh], update_conflicts=False, ignore_conflicts=True)
        drafts.update(**values)
    if is_chosen and not is_theirs:
        message = _("This is no address of this customer. Choose another one.")
        raise AppError(message, code="contact", field="contact")
    return drafts.first()


def _is_theirs(review: Review, contact_id: UUID | None) -> bool:
    if review.customer_id is None:
        return False
    contacts = customers.list_contacts(customer_ids=[review.customer_id])
    return any(contact.pk == contact_id for contact in contacts[review.customer_id])


def _check_kind(kind: str, actor: Actor) -> None:
    if not actor.can("reviews.reply"):
        raise ForbiddenError(_("Your role does not allow this."))
    if kind not in ReplyKind.values:
        raise AppError(_("A reply is public or private."), code="kind", field="kind")
    if actor.kind != "staff" or actor.id is None:
        raise ForbiddenError(_("Only a member of the team can answer."))


def send_reply(
    *,
    review: Review,
    kind: str,
    text: str,
    actor: Actor,
    now: datetime,
    contact_id: UUID | None = None,
    subject: str = "",
    after: UUID | None = None,
    template_id: UUID | None = None,
    is_confirmed: bool = False,
    is_done: bool = False,
) -> Reply:
    """Answer a customer; the words are kept as a draft whatever happens.

    On the business's own page, and in private, the reply goes out after ten seconds in which it
    can be taken back; on a site without a connection it is noted as posted by hand. ``after`` is
    the last private reply that the sender has seen. Raises ConflictError when somebody was first,
    AppError ``text_blocked`` for words that privacy or a site stand against, unless confirmed, and
    ``text_forbidden`` for threats, whatever is confirmed.
    """
    words = text.strip()
    draft = save_draft(
        review=review,
        kind=kind,
        text=text,
        actor=actor,
        now=now,
        subject=subject,
        contact_id=contact_id,
    )
    if draft is None:
        raise AppError(_("Write the reply first."), code="empty", field="text")
    is_public = kind == ReplyKind.PUBLIC
    contact = None if is_public else _find_contact(review, contact_id)
    _check_words(review, kind, words, contact=contact, is_confirmed=is_confirmed)
    draft.text, draft.contact = words, contact
    with transaction.atomic():
        held = Review.objects.select_for_update(no_key=True).get(pk=review.pk)
        _refuse_second(held, kind, after)
        _let_out(draft, held, actor=actor, now=now)
        reviews.record_reply(
            review=held, is_public=is_public, actor=actor, now=now, is_done=is_done
        )
        if template_id is not None:
            ResponseTemplate.objects.filter(pk=template_id).update(used_count=F("used_count") + 1)
    return draft


def _let_out(draft: Reply, review: Review, *, actor: Actor, now: datetime) -> None:
    """Put a reply on its way: behind the time for taking it back, or noted as posted."""
    waits = draft.kind == ReplyKind.PRIVATE or rules.is_own(review.source)
    draft.state = ReplyState.QUEUED if waits else ReplyState.MARKED_POSTED
    # The order of what was said is that of sending.
    draft.sent_at = draft.updated_at = draft.created_at = now
    draft.save()
    if not waits:
        _record_replied(draft, review, actor, now)
        return
    jobs.enqueue(
        "replies.publish",
        key=draft.pk,
        now=now,
        lane=Lane.TRANSACTIONAL,
        not_before=now + rules.UNDO_WINDOW,
    )


def _find_contact(review: Review, contact_id: UUID | None) -> ContactPoint:
    if review.customer_id is None:
        message = _("Nobody knows yet which customer this is, so there is no address to write to.")
        raise AppError(message, code="no_customer")
    if contact_id is None:
        raise AppError(_("Choose the address to write to."), code="contact", field="contact")
    contact = customers.get_contact(customer_id=review.customer_id, contact_id=contact_id)
    if contact.status != ContactStatus.OK:
        message = _("Messages to this address do not arrive. Choose another one.")
        raise AppError(message, code="contact", field="contact")
    return contact


def _check_words(
    review: Review, kind: str, words: str, *, contact: ContactPoint | None, is_confirmed: bool
) -> None:
    if kind == ReplyKind.PUBLIC and not queries.can_reply_publicly(review):
        raise AppError(_("There is no public place for this; answer in private."), code="kind")
    channel = contact.channel if contact else ""
    checked = queries.check_reply(review=review, kind=kind, text=words, channel=channel)
    if checked.length.is_over:
        units = _("bytes") if checked.length.unit == "bytes" else _("characters")
        message = _("Too long by %(over)d %(units)s; there is room for %(limit)d.") % {
            "over": checked.length.used - checked.length.limit,
            "limit": checked.length.limit,
            "units": units,
        }
        raise AppError(message, code="too_long", field="text")
    if is_forbidden(checked.findings):
        titles = [f.title for f in checked.findings if is_forbidden([f])]
        message = _("The law stands against this: %(what)s. Change it; nobody can confirm it.")
        raise AppError(message % {"what": ", ".join(titles)}, code="text_forbidden", field="text")
    if is_blocked(checked.findings) and not is_confirmed:
        titles = [f.title for f in checked.findings if is_blocked([f])]
        message = _("Something here should not go out: %(what)s. Change it, or confirm it.")
        raise AppError(message % {"what": ", ".join(titles)}, code="text_blocked", field="text")


def _refuse_second(review: Review, kind: str, after: UUID | None) -> None:
    """Refuse a reply whose sender does not know that somebody else was first."""
    sent = Reply.objects.filter(review=review, kind=kind).exclude(state__in=UNSENT)
    first = sent.select_related("author").order_by("-created_at", "-pk").first()
    if first is None or (kind == ReplyKind.PRIVATE and first.pk == after):
        return
    who = first.author.name if first.author else _("Somebody")
    zone = ZoneInfo(wall.current_business().time_zone)
    when = f"{first.sent_at.astimezone(zone):%H:%M}" if first.sent_at else ""
    message = _("%(who)s has answered already, at %(when)s. Your words are kept as a draft.")
    raise ConflictError(
        message % {"who": who, "when": when},
        code="answered_already",
        data={"reply_id": str(first.pk)},
    )


def publish_reply(*, reply_id: UUID, now: datetime) -> None:
    """Let a reply out whose time for taking it back is over; one taken back stays in."""
    reply = Reply.objects.select_for_update().filter(pk=reply_id).first()
    if reply is None or reply.state != ReplyState.QUEUED or reply.sent_at is None:
        return
    # Taken back and sent again: the later ticket is the one that counts.
    if reply.sent_at + rules.UNDO_WINDOW > now:
        return
    review = Review.objects.select_related("customer").get(pk=reply.review_id)
    reply.state = ReplyState.LIVE
    if reply.kind == ReplyKind.PRIVATE:
        _queue_private(reply, review, now)
    reply.updated_at = now
    reply.save(update_fields=["state", "message_id", "updated_at"])
    if reply.state == ReplyState.LIVE:
        _record_replied(reply, review, Actor(kind="staff", id=reply.author_id), now)


def _queue_private(reply: Reply, review: Review, now: datetime) -> None:
    contact = reply.contact
    if contact is None or review.customer is None:
        reply.state = ReplyState.FAILED
        return
    is_unhappy = rules.is_unhappy(stars=review.stars, flags=review.flags)
    stamp = int(reply.sent_at.timestamp()) if reply.sent_at else 0
    message = messaging.queue_message(
        dedupe_key=f"reply:{reply.pk}:{stamp}",
        channel=contact.channel,
        purpose=Purpose.RECOVERY if is_unhappy else Purpose.SERVICE,
        subject_kind="review",
        subject_id=review.pk,
        component="reply",
        customer=review.customer,
        contact=contact,
        subject=_subject(reply, contact),
        text=reply.text,
        lane=Lane.TRANSACTIONAL,
        actor=SYSTEM,
        now=now,
    )
    reply.message_id = message.pk


def _subject(reply: Reply, contact: ContactPoint) -> str:
    if contact.channel != Channel.EMAIL:
        return ""
    name = wall.current_business().name
    return reply.subject or _("What you told %(name)s") % {"name": name}


def _record_replied(reply: Reply, review: Review, actor: Actor, now: datetime) -> None:
    fact = ReviewReplied(
        review_id=review.pk,
        reply_id=reply.pk,
        customer_id=review.customer_id,
        location_id=review.location_id,
        state=reply.state,
    )
    journal.record(fact, actor=actor, now=now)


def undo_reply(*, reply: Reply, actor: Actor, now: datetime) -> Reply:
    """Take a reply back into a draft: a private one within its ten seconds, a public one always.

    ConflictError when it has gone out meanwhile.
    """
    if not actor.can("reviews.reply"):
        raise ForbiddenError(_("Your role does not allow this."))
    if reply.author_id != actor.id and not actor.can("replies.approve"):
        raise ForbiddenError(_("Only who wrote it, or a manager, can take it back."))
    with transaction.atomic():
        review = Review.objects.select_for_update(no_key=True).get(pk=reply.review_id)
        held = Reply.objects.select_for_update().get(pk=reply.pk)
        retractable = {ReplyState.QUEUED.value}
        if held.kind == ReplyKind.PUBLIC:
            retractable |= {ReplyState.LIVE.value, ReplyState.MARKED_POSTED.value}
        if held.state not in retractable:
            message = _("It has gone out meanwhile and cannot be taken back.")
            raise ConflictError(message, code="gone_out")
        _join_drafts(held)
        held.state = ReplyState.DRAFT
        held.sent_at = None
        held.updated_at = now
        held.save(update_fields=["state", "sent_at", "text", "updated_at"])
        others = Reply.objects.filter(review=review).exclude(state__in=UNSENT).exists()
        reviews.record_reply_undone(review=review, actor=actor, now=now, is_still_answered=others)
    return held


def _join_drafts(held: Reply) -> None:
    """Take in what its writer has begun since, so that there is one draft and nothing is lost."""
    newer = Reply.objects.filter(
        review_id=held.review_id, author_id=held.author_id, kind=held.kind, state=ReplyState.DRAFT
    )
    for draft in newer:
        held.text = f"{held.text}\n\n{draft.text}"
    newer.delete()
