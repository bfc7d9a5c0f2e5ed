"""States and reasons of messages in words that a person behind a counter understands."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.consent.choices import Purpose, Reason


@dataclass(frozen=True)
class StateWords:
    """How a state is shown."""

    words: str | Promise
    tone: str
    icon: str


STATES = {
    "queued": StateWords(gettext_lazy("Waiting"), "", "clock"),
    "sending": StateWords(gettext_lazy("On its way"), "", "send"),
    "sent": StateWords(gettext_lazy("Sent"), "good", "send"),
    "delivered": StateWords(gettext_lazy("Arrived"), "good", "ok"),
    "bounced": StateWords(gettext_lazy("Came back"), "bad", "x"),
    "failed": StateWords(gettext_lazy("Not delivered"), "bad", "x"),
    "suppressed": StateWords(gettext_lazy("Not sent"), "warn", "mute"),
    "expired": StateWords(gettext_lazy("Too late"), "warn", "clock"),
    "cancelled": StateWords(gettext_lazy("Cancelled"), "", "stop"),
    "unconfirmed": StateWords(gettext_lazy("Nobody knows"), "warn", "help"),
}
REASONS: dict[str, str | Promise] = {
    **{str(reason.value): reason.label for reason in Reason},
    "bounced": gettext_lazy("Mail to this address came back before."),
    "invalid": gettext_lazy("This address does not exist."),
    "invalid_address": gettext_lazy("This address does not exist."),
    "invalid_number": gettext_lazy("This number does not exist."),
    "landline": gettext_lazy("This is a landline: it takes no text messages."),
    "opted_out": gettext_lazy("The customer has stopped messages at the provider."),
    "blocked": gettext_lazy("The customer's network blocks our messages."),
    "filtered": gettext_lazy("The provider took it for an unwanted message."),
    "unreachable": gettext_lazy("The phone or mail server could not be reached."),
    "mailbox_full": gettext_lazy("The mailbox is full."),
    "too_large": gettext_lazy("The message is too long."),
    "throttled": gettext_lazy("The provider asks us to slow down."),
    "temporary": gettext_lazy("The provider could not take it just then."),
    "config": gettext_lazy("The provider refuses the account's settings."),
    "auth": gettext_lazy("The provider refuses the account's password."),
    "bug": gettext_lazy("The provider could not read the message."),
    "business_closed": gettext_lazy("The business was closed."),
    "unknown": gettext_lazy("The provider gave no reason that we know."),
    "closed": gettext_lazy("Its campaign was stopped."),
    "expired": gettext_lazy("It would have come too late to be of use."),
    "no_answer": gettext_lazy("The connection broke while it was handed over."),
    "by_hand": gettext_lazy("Settled by a member of the team."),
    "gave_up": gettext_lazy("Tried eight times without success."),
}
WAITS: dict[str, str | Promise] = {
    "quiet": gettext_lazy("outside the customer's hours"),
    "capped": gettext_lazy("they have had enough messages for now"),
    "paused": gettext_lazy("its campaign is paused"),
    "retry": gettext_lazy("the provider could not take it; it is tried again"),
    "account": gettext_lazy("the provider refuses the account; see the accounts"),
    "scheduled": gettext_lazy("planned for then"),
}
OUTCOMES: dict[str, str | Promise] = {
    "": gettext_lazy("open"),
    "accepted": gettext_lazy("taken by the provider"),
    "rejected": gettext_lazy("refused"),
    "retry": gettext_lazy("not taken, to be tried again"),
    "unknown": gettext_lazy("no answer"),
    "not_sent": gettext_lazy("stopped before it was sent"),
}


def describe_reason(reason: str) -> str:
    """Return a reason in words; a provider's own code is named as such."""
    if not reason:
        return ""
    known = REASONS.get(reason)
    return str(known) if known else _("The provider answered %(code)s.") % {"code": reason}


def describe_purpose(purpose: str) -> str:
    """Return what a message is for."""
    if purpose == "staff":
        return _("To the team")
    return str(Purpose(purpose).label) if purpose in Purpose.values else purpose


def show_links(text: str) -> str:
    """Return a stored text with its masked links in words."""
    return text.replace("⟦link⟧", _("[personal link]")).replace(
        "⟦unsubscribe⟧", _("[link to stop]")
    )
