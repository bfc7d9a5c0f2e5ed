"""The platform's own mails: queued with what causes them, sent at least once."""

import smtplib
from datetime import datetime, timedelta
from urllib.parse import unquote, urlsplit

import structlog
from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.smtp import EmailBackend
from django.db import transaction

from apps.accounts.models import PlatformMail

TIMEOUT_S = 10
GIVE_UP_AFTER = timedelta(days=1)
LONGEST_WAIT = timedelta(hours=1)
A_TURN = 20
log = structlog.get_logger(__name__)


def queue_mail(*, to: str, subject: str, text: str, now: datetime) -> PlatformMail:
    """Keep a mail to be sent, in the caller's transaction."""
    return PlatformMail.objects.create(
        to=to, subject=subject, text=text, created_at=now, not_before=now
    )


def send_mails(*, now: datetime) -> int:
    """Send what waits, each in a transaction of its own; returns how many were taken.

    Without a mail server they wait; the sandbox of local mode shows them all the same.
    """
    if not settings.SMTP_URL:
        return 0
    server = _server()
    taken = 0
    try:
        for _ in range(A_TURN):
            found = _send_next(server, now)
            if found is None:
                break
            taken += found
    finally:
        server.close()
    return taken


@transaction.atomic
def _send_next(server: EmailBackend, now: datetime) -> bool | None:
    mail = (
        PlatformMail.objects.select_for_update(skip_locked=True)
        .filter(sent_at__isnull=True, given_up_at__isnull=True, not_before__lte=now)
        .order_by("not_before")
        .first()
    )
    if mail is None:
        return None
    mail.tries += 1
    try:
        server.send_messages([EmailMessage(mail.subject, mail.text, to=[mail.to])])
    except (smtplib.SMTPException, OSError) as error:
        _put_off(mail, error, now)
    else:
        mail.sent_at = now
        mail.last_error = ""
    if (mail.sent_at or mail.given_up_at) and not settings.LOCAL_MODE:
        mail.text = ""
    mail.save()
    return mail.sent_at is not None


def _put_off(mail: PlatformMail, error: Exception, now: datetime) -> None:
    mail.last_error = type(error).__name__
    mail.not_before = now + min(timedelta(seconds=15 * 2 ** min(mail.tries, 10)), LONGEST_WAIT)
    if now - mail.created_at >= GIVE_UP_AFTER:
        mail.given_up_at = now
    log.warning("mail.not_taken", mail=str(mail.pk), tries=mail.tries, error=mail.last_error)


def _server() -> EmailBackend:
    parts = urlsplit(settings.SMTP_URL)
    is_tls = parts.scheme == "smtps"
    return EmailBackend(
        host=parts.hostname or "",
        port=parts.port or 25,
        username=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        use_ssl=is_tls,
        # A password never goes over an open line.
        use_tls=bool(parts.username) and not is_tls,
        timeout=TIMEOUT_S,
    )
