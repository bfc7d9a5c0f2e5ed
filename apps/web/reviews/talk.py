"""What the conversation and the customer beside it show."""

from datetime import datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode
from uuid import UUID

from django.urls import reverse
from django.utils.formats import number_format
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from apps.consent import queries as consent
from apps.customers import queries as customers
from apps.customers.choices import Channel, ContactStatus
from apps.failures import queries as failures
from apps.locations import queries as locations
from apps.messaging import queries as messages
from apps.recovery import queries as recovery
from apps.replies import queries as replies
from apps.replies.choices import ReplyKind, ReplyState
from apps.reviews import queries
from apps.reviews.choices import DONE, ReviewKind, ReviewStatus
from apps.text.apology import PARTS
from apps.text.findings import Tone
from apps.web.reviews import panels
from apps.web.reviews.forms import read_uuid

if TYPE_CHECKING:
    from django import forms

    from apps.core.facts import Actor
    from apps.customers.models import Customer
    from apps.replies.models import Reply
    from apps.reviews.models import Review
    from apps.text.findings import Finding
    from apps.web.shared.staff import StaffRequest

NOTE = "note"
FOLD = 170
EARLIER = 4


def talk_pane(
    request: "StaffRequest",
    review: "Review",
    *,
    members: list[Any],
    query: str,
    now: datetime,
    form: "forms.Form | None" = None,
    notice: str = "",
) -> dict[str, Any]:
    """Return the conversation with one customer: what was said, what was done, the composer."""
    actor = request.actor
    sent = list(replies.list_replies(review))
    names = {member.pk: member.name for member in members}
    failure = failures.find_by_review(review_id=review.pk)
    return {
        "review": review,
        "author": panels.author_name(review, actor),
        "place": panels.place_name(review),
        "said_at": panels.long_time(review.written_at, now) if review.written_at else "",
        "clock": panels.make_clock(review, now),
        "pieces": panels.mark_flags(review.text),
        "flags": panels.flag_badges(review),
        "status": panels.status_badge(review),
        "story": _story(review, sent, names, actor, now),
        "failure": failure,
        "case": recovery.find_by_failure(failure_id=failure.pk) if failure else None,
        "is_done": review.status in (*DONE, ReviewStatus.SNOOZED),
        "members": [one for one in members if one.sees_location(review.location_id)],
        "query": query,
        "compose": composer(
            request, review, sent=sent, query=query, now=now, form=form, notice=notice
        ),
        **_customer_pane(review, actor),
    }


def _story(
    review: "Review",
    sent: list["Reply"],
    names: dict[UUID, str],
    actor: "Actor",
    now: datetime,
) -> list[dict[str, Any]]:
    """Return what was done and answered, oldest first."""
    items = [
        {"at": item.at, "icon": item.icon, "words": item.words, "note": item.note}
        for item in queries.list_story(review, names)
    ]
    states: dict[UUID | None, Any] = {
        row.pk: row for row in messages.list_subject_messages("review", review.pk)
    }
    items += [
        {
            "at": reply.sent_at or reply.created_at,
            "icon": "globe" if reply.kind == ReplyKind.PUBLIC else "lock",
            "words": _reply_words(reply),
            "note": reply.text,
            "state": _reply_state(reply, states.get(reply.message_id), now),
            "undo": reply.pk if _may_undo(reply, actor) else None,
        }
        for reply in sent
    ]
    return sorted(items, key=lambda item: item["at"])


def _reply_words(reply: "Reply") -> str:
    who = reply.author.name if reply.author else _("Somebody who left")
    if reply.kind == ReplyKind.PUBLIC:
        return _("%(who)s answered in public:") % {"who": who}
    to = reply.contact.address if reply.contact else ""
    return _("%(who)s wrote to %(to)s:") % {"who": who, "to": to}


def _reply_state(reply: "Reply", message: Any, now: datetime) -> dict[str, str]:
    """Return where a reply stands; of a private one the message knows better."""
    if message is not None:
        bad = message.state in {"failed", "bounced", "suppressed", "expired", "cancelled"}
        tone = "bad" if bad else "good" if message.state in {"sent", "delivered"} else ""
        icon = {"bad": "alert", "good": "check"}.get(tone, "clock")
        return {"words": str(message.get_state_display()), "tone": tone, "icon": icon}
    tones = {
        ReplyState.LIVE.value: ("good", "check"),
        ReplyState.MARKED_POSTED.value: ("good", "check"),
        ReplyState.FAILED.value: ("bad", "alert"),
        ReplyState.REJECTED.value: ("bad", "alert"),
    }
    tone, icon = tones.get(reply.state, ("", "clock"))
    return {"words": str(reply.get_state_display()), "tone": tone, "icon": icon}


def _may_undo(reply: "Reply", actor: "Actor") -> bool:
    if reply.author_id != actor.id and not actor.can("replies.approve"):
        return False
    if reply.state == ReplyState.QUEUED:
        return True
    is_public = reply.kind == ReplyKind.PUBLIC
    return is_public and reply.state in {ReplyState.LIVE, ReplyState.MARKED_POSTED}


def composer(
    request: "StaffRequest",
    review: "Review",
    *,
    sent: list["Reply"],
    query: str,
    now: datetime,
    form: "forms.Form | None" = None,
    notice: str = "",
) -> dict[str, Any] | None:
    """Return the composer, or None for those who only read."""
    actor = request.actor
    if not actor.can("reviews.reply"):
        return None
    contacts = _contacts(review)
    kind = _kind(request, review, form, has_contacts=bool(contacts))
    is_public = kind == ReplyKind.PUBLIC
    standing = replies.find_public_reply(review) if is_public else None
    own = _begun(request, review, kind, form)
    channel = _channel(contacts, own["contact"])
    private = [r for r in sent if r.kind == ReplyKind.PRIVATE and r.state != ReplyState.FAILED]
    return {
        "kind": kind,
        "tabs": _kinds(request, review, kind),
        "is_public": is_public,
        "is_note": kind == NOTE,
        "is_own_page": replies.is_own_page(review),
        "site": panels.site_name(review.source),
        "site_url": _site_url(review) if is_public else "",
        "standing": standing,
        "contacts": contacts,
        "can_write": kind == NOTE or is_public or bool(contacts),
        "after": private[-1].pk if private else "",
        "templates": replies.suggest_templates(review) if kind != NOTE else [],
        "form": form,
        "notice": notice,
        "now": now,
        "wait": replies.UNDO_SECONDS,
        "signed": actor.name.split(" ")[0],
        **own,
        **({} if kind == NOTE else proof(review, kind, own["text"], channel)),
    }


def _kind(
    request: "StaffRequest", review: "Review", form: "forms.Form | None", *, has_contacts: bool
) -> str:
    wanted = request.GET.get("reply", "")
    if form is not None:
        wanted = str(form.data.get("kind", wanted))
    if wanted in {ReplyKind.PRIVATE.value, NOTE}:
        return wanted
    can_public = replies.can_reply_publicly(review)
    if wanted == ReplyKind.PUBLIC and can_public:
        return wanted
    if review.kind == ReviewKind.REVIEW:
        return str(ReplyKind.PUBLIC)
    return str(ReplyKind.PRIVATE) if has_contacts or not can_public else str(ReplyKind.PUBLIC)


def _kinds(request: "StaffRequest", review: "Review", kind: str) -> list[dict[str, Any]]:
    names = [(NOTE, _("Note"), "edit"), (ReplyKind.PRIVATE.value, _("Private"), "lock")]
    if replies.can_reply_publicly(review):
        names.append((ReplyKind.PUBLIC.value, _("Public reply"), "globe"))
    rest = {key: value for key, value in request.GET.items() if key not in {"reply", "template"}}
    address = reverse("web:reviews:review", args=[review.pk])
    return [
        {
            "title": title,
            "icon": icon,
            "url": f"{address}?{urlencode({**rest, 'reply': name})}#composer",
            "current": name == kind,
        }
        for name, title, icon in reversed(names)
    ]


def _begun(
    request: "StaffRequest", review: "Review", kind: str, form: "forms.Form | None"
) -> dict[str, Any]:
    """Return what stands in the fields: what was just sent, a template, or the kept draft."""
    if form is not None:
        data = form.data
        return {
            "text": data.get("text", ""),
            "subject": data.get("subject", ""),
            "contact": data.get("contact", ""),
            "template_id": data.get("template", ""),
            "kept_at": None,
        }
    draft = None
    if kind != NOTE:
        draft = replies.find_draft(review=review, kind=kind, actor=request.actor)
    begun: dict[str, Any] = {
        "text": draft.text if draft else "",
        "subject": draft.subject if draft else "",
        "contact": str(draft.contact_id or "") if draft else "",
        "template_id": "",
        "kept_at": draft.updated_at if draft else None,
    }
    template_id = read_uuid(request.GET.get("template", ""))
    if template_id is not None and kind != NOTE:
        template = replies.get_template(template_id=template_id)
        filled = replies.fill_template(template, review=review, actor=request.actor)
        # A template goes below what somebody has written already.
        text = f"{begun['text']}\n\n{filled}" if begun["text"].strip() else filled
        begun |= {"text": text, "template_id": template_id, "kept_at": None}
    return begun


def proof(review: "Review", kind: str, text: str, channel: str = "") -> dict[str, Any]:
    """Return what the checkers say, and how readers will see it."""
    checked = replies.check_reply(review=review, kind=kind, text=text, channel=channel)
    parts = [f for f in checked.findings if f.kind == "apology" and f.code in PARTS]
    parts.sort(key=lambda found: PARTS.index(found.code))
    others = [_finding(f, text) for f in checked.findings if f not in parts]
    # A part of an apology that is missing is advice; what should not go out stands above it.
    others += [
        _finding(f, text) | {"tone": "warn", "text": ""} for f in parts if f.tone != Tone.GOOD
    ]
    return {
        "checked": checked,
        "used": number_format(checked.length.used, force_grouping=True),
        "limit": number_format(checked.length.limit, force_grouping=True),
        "parts": parts,
        "part_count": sum(f.tone != Tone.BAD for f in parts),
        "weak_count": sum(f.tone == Tone.WARN for f in parts),
        "checks": others,
        "shown": text,
        "folded": Truncator(text).chars(FOLD),
        "is_folded": len(text) > FOLD,
    }


def _finding(found: "Finding", text: str) -> dict[str, str]:
    return {
        "tone": str(found.tone),
        "title": found.title,
        "found": text[found.start : found.end][:120],
        "text": found.text,
        "fix": found.fix,
    }


def _contacts(review: "Review") -> list[dict[str, Any]]:
    """Return the addresses that a private answer may go to."""
    if review.customer_id is None:
        return []
    found = customers.list_contacts([review.customer_id])[review.customer_id]
    good = [contact for contact in found if contact.status == ContactStatus.OK]
    # Somebody who wrote a text message is answered by one.
    good.sort(key=lambda contact: contact.channel != review.source)
    return [
        {
            "id": str(contact.pk),
            "channel": contact.channel,
            "words": f"{contact.get_channel_display()}: {contact.address}",
        }
        for contact in good
    ]


def _channel(contacts: list[dict[str, Any]], chosen: str) -> str:
    found = next((c for c in contacts if c["id"] == str(chosen)), contacts[0] if contacts else None)
    return found["channel"] if found else str(Channel.EMAIL)


def _site_url(review: "Review") -> str:
    """Return the page of the site where the reply is to be written, if it is known."""
    listed = locations.list_destinations(review.location_id)
    return next((place.url for place in listed if place.site == review.source), "")


def _may_see(customer: "Customer", actor: "Actor") -> bool:
    return actor.can("customers.view") and actor.sees_location(customer.location_id)


def _customer_pane(review: "Review", actor: "Actor") -> dict[str, Any]:
    """Return the right pane; those who may not see customers see that there is one."""
    customer = review.customer
    if customer is None or customer.erased_at is not None or not _may_see(customer, actor):
        return {"customer": None, "is_hidden": customer is not None}
    contacts = customers.list_contacts([customer.pk])[customer.pk]
    explained = consent.explain_contacts(contacts)
    visits = list(customers.get_transactions(customer.pk, actor=actor)[:EARLIER])
    said = queries.list_customer_reviews(actor=actor, customer_id=customer.pk, without=review.pk)
    return {
        "customer": customer,
        "allowed": [
            {
                "contact": contact,
                "icon": "mail" if contact.channel == Channel.EMAIL else "text",
                "sentences": explained[contact.channel, contact.address_hash],
            }
            for contact in contacts
        ],
        "visits": visits,
        "earlier": [
            {
                "review": one,
                "url": reverse("web:reviews:review", args=[one.pk]),
                "words": one.text or one.title,
            }
            for one in said[:EARLIER]
        ],
    }
