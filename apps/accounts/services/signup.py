"""Signing up: a log-in comes to be once its address is shown to be the person's own."""

import secrets
from datetime import datetime, timedelta

from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Sum
from django.template.loader import render_to_string
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext as _

from apps.accounts import queries, sql
from apps.accounts.models import SignUp, User
from apps.accounts.services.mails import queue_mail
from apps.core.db import execute
from apps.core.errors import AppError

LIFETIME = timedelta(minutes=15)
PAUSE = timedelta(seconds=30)
MOST_TRIES = 5
MOST_MAILS = 5
# To one address, whoever asks: they also bound how many codes can be guessed.
LIMITS = ((timedelta(hours=1), MOST_MAILS), (timedelta(days=1), 10))


@transaction.atomic
def start_sign_up(*, email: str, name: str, password: str, now: datetime) -> SignUp:
    """Keep what somebody wants and mail them a code.

    Takes the same steps for an address that has a log-in, whose owner is told so by mail and
    nobody else. Raises AppError at the field for an empty name or a weak password, and
    ``too_many_mails`` for an address that has had many.
    """
    if not name.strip():
        raise AppError(_("Write the name others see."), field="name")
    fault = explain_weakness(password=password, email=email, name=name)
    if fault:
        raise AppError(fault, field="password")
    sign_up = SignUp(
        email=email.lower(),
        name=name.strip(),
        password=make_password(password),
        created_at=now,
    )
    _send_code(sign_up, now)
    return sign_up


def explain_weakness(*, password: str, email: str, name: str) -> str:
    """Say why a password is too weak for this person, or nothing."""
    try:
        validate_password(password, User(email=email, name=name))
    except ValidationError as error:
        return " ".join(error.messages)
    return ""


@transaction.atomic
def resend_code(*, sign_up: SignUp, now: datetime) -> None:
    """Mail a new code; the one before works no more.

    Raises AppError ``too_soon`` within half a minute, ``too_many`` after five mails,
    ``too_many_mails`` for an address that has had many.
    """
    locked = SignUp.objects.select_for_update().get(pk=sign_up.pk)
    wait = int((locked.sent_at + PAUSE - now).total_seconds())
    if wait > 0:
        message = _("A mail went out just now. Please wait %(n)s seconds.") % {"n": wait}
        raise AppError(message, code="too_soon")
    if locked.mails >= MOST_MAILS:
        message = _(
            "We have sent %(n)s mails. Look into the spam folder, or begin with another address."
        )
        raise AppError(message % {"n": MOST_MAILS}, code="too_many")
    _send_code(locked, now)


def confirm_sign_up(*, sign_up: SignUp, code: str, now: datetime) -> User:
    """Make the log-in for who has the code from the mail.

    Raises AppError at the field: ``code_over`` where the code works no more, ``wrong_code``.
    """
    try:
        with transaction.atomic():
            locked = SignUp.objects.select_for_update().get(pk=sign_up.pk)
            refusal = _refuse(locked, code, now)
            if not refusal:
                locked.used_at = now
                locked.save(update_fields=["used_at"])
                return _make_user(locked, now)
    except IntegrityError:
        refusal = "code_over"
    words = {
        "code_over": _("This code works no more. Let us send you a new one."),
        "too_many": _("That was the fifth wrong code. Let us send you a new one."),
        "wrong_code": _("This is not the code in the newest mail. Look again."),
    }
    raise AppError(words[refusal], code=refusal, field="code")


def _make_user(sign_up: SignUp, now: datetime) -> User:
    """Make the log-in; never touch one that somebody else has made meanwhile."""
    user = User(email=sign_up.email, name=sign_up.name, password=sign_up.password, created_at=now)
    user.save(force_insert=True)
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


def _refuse(sign_up: SignUp, code: str, now: datetime) -> str:
    """Return why a code is refused, having counted the try; nothing when it is right."""
    if sign_up.used_at or sign_up.expires_at <= now:
        return "code_over"
    if sign_up.tries >= MOST_TRIES:
        return "too_many"
    digits = "".join(letter for letter in code if letter.isdigit())
    has_login = User.objects.filter(email__iexact=sign_up.email).exists()
    if constant_time_compare(_hash(sign_up, digits), sign_up.code_hash) and not has_login:
        return ""
    sign_up.tries += 1
    sign_up.save(update_fields=["tries"])
    return "too_many" if sign_up.tries >= MOST_TRIES else "wrong_code"


def _hash(sign_up: SignUp, code: str) -> str:
    return salted_hmac("accounts.signup", f"{sign_up.pk}:{code}", algorithm="sha256").hexdigest()


def _send_code(sign_up: SignUp, now: datetime) -> None:
    """Set a new code and mail it; without a mail there is no code that one could guess."""
    _check_flood(sign_up.email, now)
    code = f"{secrets.randbelow(1_000_000):06d}"
    has_login = User.objects.filter(email__iexact=sign_up.email).exists()
    sign_up.code_hash = "" if has_login else _hash(sign_up, code)
    sign_up.tries, sign_up.mails = 0, sign_up.mails + 1
    sign_up.sent_at, sign_up.expires_at = now, now + LIFETIME
    sign_up.save()
    platform = queries.platform_url()
    context = {
        "name": sign_up.name,
        "code": f"{code[:3]} {code[3:]}",
        "url": f"{platform}/signup/confirm/?code={code}",
        "login_url": f"{platform}{settings.LOGIN_URL}",
        "reset_url": f"{platform}/account/password/reset/",
    }
    kind = "signup_known" if has_login else "signup"
    text = render_to_string(f"account/email/{kind}.txt", context)
    subject = _("You have a log-in already") if has_login else _("Your code")
    queue_mail(to=sign_up.email, subject=subject, text=text, now=now)


def _check_flood(email: str, now: datetime) -> None:
    """Refuse a further mail to an address that got many, in the same words for every address."""
    execute(sql.LOCK_ADDRESS, [email])
    for period, most in LIMITS:
        lately = SignUp.objects.filter(email=email, sent_at__gt=now - period)
        if (lately.aggregate(n=Sum("mails"))["n"] or 0) >= most:
            message = _(
                "This address has had several mails from us lately. Look for them, also in the "
                "spam folder, or try again in some hours."
            )
            raise AppError(message, code="too_many_mails", field="email")
