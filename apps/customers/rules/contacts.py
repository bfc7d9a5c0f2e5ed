"""Email addresses and phone numbers in their one form, or why they cannot be used."""

import re
from dataclasses import dataclass
from enum import StrEnum

import phonenumbers
from django.utils.translation import gettext as _
from email_validator import EmailNotValidError, validate_email
from phonenumbers import NumberParseException, PhoneNumber, PhoneNumberType, ValidationResult
from phonenumbers.timezone import time_zones_for_number

from apps.core.errors import AppError


class ContactInvalid(AppError):
    """An email address or phone number cannot be used; the message says why."""

    code = "contact_invalid"


class PhoneKind(StrEnum):
    """What kind of line a number is, as far as the number itself tells."""

    MOBILE = "mobile"
    FIXED = "fixed"
    FIXED_OR_MOBILE = "fixed_or_mobile"
    VOIP = "voip"
    TOLL_FREE = "toll_free"
    OTHER = "other"


@dataclass(frozen=True)
class Phone:
    """A number that exists in the numbering plan, where it belongs, and its possible zones."""

    e164: str
    kind: PhoneKind
    region: str
    zones: frozenset[str]

    @property
    def can_text(self) -> bool:
        """Tell whether a text message may reach it."""
        return self.kind in {PhoneKind.MOBILE, PhoneKind.FIXED_OR_MOBILE}


_MAX_EMAIL = 254
_PLACEHOLDERS = re.compile(
    r"^(?:no-?e?-?mail|none|n/?a|nil|null|unknown|keine?|test|noreply|no-reply|x+|-+)"
    r"(?:@(?:none|noemail|nomail|example|test|x+|na)(?:\.\w+)?)?$",
    re.IGNORECASE,
)
_NAMED = re.compile(r"^[^<>]*<\s*([^<>]+?)\s*>$")
_FALLBACK_NUMBER_LENGTH = 60
_FEWEST_DIGITS = 3


def normalise_email(raw: str) -> str:
    """Return the address in lower case without wrapping, or raise ContactInvalid."""
    text = raw.strip().strip(";,").removeprefix("mailto:").strip()
    named = _NAMED.match(text)
    text = named.group(1) if named else text
    _refuse_email_shape(text)
    try:
        found = validate_email(text, check_deliverability=False)
    except EmailNotValidError as error:
        raise _explain_email(text) from error
    if found.ascii_email is None:
        raise ContactInvalid(
            _("“%(value)s” has letters before the @ that many mail servers refuse.")
            % {"value": _short(text)},
            code="email_letters",
        )
    return found.normalized.lower()


def _refuse_email_shape(text: str) -> None:
    if not text:
        raise ContactInvalid(_("The email address is empty."), code="email_empty")
    if _PLACEHOLDERS.match(text):
        raise ContactInvalid(
            _("“%(value)s” stands for “no address”; leave the cell empty.")
            % {"value": _short(text)},
            code="email_placeholder",
        )
    if "@" not in text:
        raise ContactInvalid(
            _("“%(value)s” has no @, so it is no email address.") % {"value": _short(text)},
            code="email_no_at",
        )
    if text.count("@") > 1 and re.search(r"[\s,;/|]", text):
        raise ContactInvalid(
            _("“%(value)s” holds more than one address; keep one.") % {"value": _short(text)},
            code="email_several",
        )
    if len(text) > _MAX_EMAIL:
        raise ContactInvalid(_("The email address is too long."), code="email_long")


def _explain_email(text: str) -> ContactInvalid:
    value = {"value": _short(text)}
    domain = text.rpartition("@")[2]
    if re.search(r"\s", text):
        return ContactInvalid(_("“%(value)s” has a space in it.") % value, code="email_space")
    if "." not in domain:
        return ContactInvalid(
            _("“%(value)s” lacks the ending after the @, such as “.com”.") % value,
            code="email_domain",
        )
    if domain.lower().rpartition(".")[2] in {"test", "invalid", "local", "localhost", "arpa"}:
        return ContactInvalid(
            _("“%(value)s” is on a domain that never receives mail.") % value,
            code="email_reserved",
        )
    return ContactInvalid(
        _("“%(value)s” is not written as an email address.") % value, code="email_syntax"
    )


_KINDS = {
    PhoneNumberType.MOBILE: PhoneKind.MOBILE,
    PhoneNumberType.FIXED_LINE: PhoneKind.FIXED,
    PhoneNumberType.FIXED_LINE_OR_MOBILE: PhoneKind.FIXED_OR_MOBILE,
    PhoneNumberType.VOIP: PhoneKind.VOIP,
    PhoneNumberType.TOLL_FREE: PhoneKind.TOLL_FREE,
}
_COSTLY = frozenset({PhoneNumberType.PREMIUM_RATE, PhoneNumberType.SHARED_COST})


def normalise_phone(raw: str, *, region: str | None) -> Phone:
    """Return the number in international form, or raise ContactInvalid.

    ``region`` is the country (two letters) whose numbers are written without a country code.
    """
    text = raw.strip().strip("'").removeprefix("tel:").strip()
    _refuse_phone_shape(text)
    number = _parse_phone(text, region)
    if number.extension:
        raise ContactInvalid(
            _("“%(value)s” has an extension; a direct number is needed.") % {"value": _short(text)},
            code="phone_extension",
        )
    if not phonenumbers.is_valid_number(number):
        raise _explain_phone(text, number)
    line = phonenumbers.number_type(number)
    if line in _COSTLY:
        raise ContactInvalid(
            _("“%(value)s” is a number that costs extra; it cannot be a customer's.")
            % {"value": _short(text)},
            code="phone_premium",
        )
    return Phone(
        e164=phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164),
        kind=_KINDS.get(line, PhoneKind.OTHER),
        region=phonenumbers.region_code_for_number(number) or "",
        zones=frozenset(time_zones_for_number(number)) - {"Etc/Unknown"},
    )


def show_phone(e164: str) -> str:
    """Return an international number in groups, as people read it."""
    try:
        number = phonenumbers.parse(e164, None)
    except NumberParseException:
        return e164
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL)


def _refuse_phone_shape(text: str) -> None:
    if not text:
        raise ContactInvalid(_("The phone number is empty."), code="phone_empty")
    if re.fullmatch(r"\d[.,]\d+E\+?\d+", text, re.IGNORECASE):
        raise ContactInvalid(
            _(
                "“%(value)s” was cut short by the spreadsheet; format the column as text and "
                "export it again."
            )
            % {"value": _short(text)},
            code="phone_spreadsheet",
        )
    digits = sum(sign.isdigit() for sign in text)
    if digits < _FEWEST_DIGITS or len(text) > _FALLBACK_NUMBER_LENGTH:
        raise ContactInvalid(
            _("“%(value)s” is no phone number.") % {"value": _short(text)}, code="phone_syntax"
        )


def _parse_phone(text: str, region: str | None) -> PhoneNumber:
    try:
        return phonenumbers.parse(text, region.upper() if region else None)
    except NumberParseException as error:
        if error.error_type == NumberParseException.INVALID_COUNTRY_CODE:
            raise _explain_country(text) from error
        raise ContactInvalid(
            _("“%(value)s” is no phone number.") % {"value": _short(text)}, code="phone_syntax"
        ) from error


def _explain_country(text: str) -> ContactInvalid:
    if text.startswith(("+", "00")):
        return ContactInvalid(
            _("“%(value)s” begins with a country code that does not exist.")
            % {"value": _short(text)},
            code="phone_country",
        )
    return ContactInvalid(
        _("“%(value)s” has no country code; write it as +44… or choose the country of the file.")
        % {"value": _short(text)},
        code="phone_no_country",
    )


def _explain_phone(text: str, number: PhoneNumber) -> ContactInvalid:
    value = {"value": _short(text)}
    verdict = phonenumbers.is_possible_number_with_reason(number)
    if verdict in {ValidationResult.TOO_SHORT, ValidationResult.IS_POSSIBLE_LOCAL_ONLY}:
        return ContactInvalid(_("“%(value)s” has too few digits.") % value, code="phone_short")
    if verdict == ValidationResult.TOO_LONG:
        return ContactInvalid(_("“%(value)s” has too many digits.") % value, code="phone_long")
    return ContactInvalid(
        _("“%(value)s” is not in use in its country; perhaps a digit is wrong.") % value,
        code="phone_unused",
    )


def _short(text: str) -> str:
    longest = 60
    return text if len(text) <= longest else f"{text[: longest - 1]}…"
