"""Texts with merge fields: checked when saved, never changed afterwards."""

from datetime import datetime

from django.utils.translation import gettext as _

from apps.core.errors import AppError
from apps.customers.choices import Channel
from apps.messaging.bodies import compile_parts
from apps.messaging.models import Template

MOST_SUBJECT = 300


def create_template(
    *, channel: str, text: str, now: datetime, subject: str = "", html: str = ""
) -> Template:
    """Save a version of a text; AppError with the field when it is not valid."""
    if channel not in Channel.values:
        raise AppError(_("Choose email or text message."), code="channel", field="channel")
    if not text.strip():
        raise AppError(_("Write the message."), code="empty", field="text")
    if channel == Channel.EMAIL and not subject.strip():
        raise AppError(_("Write a subject."), code="empty", field="subject")
    if len(subject) > MOST_SUBJECT:
        message = _("Keep the subject under %(most)d characters.") % {"most": MOST_SUBJECT}
        raise AppError(message, code="too_long", field="subject")
    if channel == Channel.SMS:
        subject, html = "", ""
    compile_parts(channel, subject, text, html)
    return Template.objects.create(
        channel=channel, subject=subject, text=text, html=html, created_at=now
    )
