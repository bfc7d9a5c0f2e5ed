"""Which providers exist, which settings each needs, and how one is made."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from apps.messaging.providers.base import Provider, ProviderMisconfigured
from apps.messaging.providers.local import is_local
from apps.messaging.providers.sandbox import Deliver, SandboxProvider
from apps.messaging.providers.smtp import SmtpProvider
from apps.messaging.providers.twilio import TwilioProvider

CHANNELS = ("email", "sms")


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting of a provider's account, as a settings page needs to know it."""

    name: str
    required: bool = False
    secret: bool = False
    default: str = ""


SETTINGS: Mapping[str, tuple[Setting, ...]] = {
    "sandbox": (Setting("channel", required=True),),
    "smtp": (
        Setting("host", required=True),
        Setting("port", default="587"),
        Setting("security", default="starttls"),
        Setting("username"),
        Setting("password", secret=True),
        Setting("helo"),
        Setting("return_path"),
        Setting("message_id_domain"),
    ),
    "twilio": (
        Setting("account_sid", required=True),
        Setting("auth_token", required=True, secret=True),
        Setting("api_key_sid"),
        Setting("api_key_secret", secret=True),
        Setting("messaging_service_sid"),
        Setting("base_url", default="https://api.twilio.com"),
        Setting("previous_auth_token", secret=True),
    ),
}


def make(
    kind: str,
    settings: Mapping[str, str],
    *,
    sandbox: Deliver | None = None,
    allow_local: bool = True,
) -> Provider:
    """Make the provider of this kind, or raise ProviderMisconfigured naming the setting.

    Without `allow_local` a server on this very machine is refused.
    """
    if kind not in SETTINGS:
        raise ProviderMisconfigured(f"There is no provider called “{kind}”.", field="kind")
    known = {setting.name for setting in SETTINGS[kind]}
    for name in settings:
        if name not in known:
            raise ProviderMisconfigured(f"{kind} has no setting “{name}”.", field=name)
    values = {
        setting.name: (settings.get(setting.name) or "").strip() or setting.default
        for setting in SETTINGS[kind]
    }
    for setting in SETTINGS[kind]:
        if setting.required and not values[setting.name]:
            raise ProviderMisconfigured(f"{kind} needs “{setting.name}”.", field=setting.name)
    if kind == "sandbox":
        return _make_sandbox(values, sandbox)
    if not allow_local:
        _refuse_local(kind, values)
    return _MAKERS[kind](values)


def _refuse_local(kind: str, values: Mapping[str, str]) -> None:
    field = "host" if kind == "smtp" else "base_url"
    host = values[field] if kind == "smtp" else urlsplit(values[field]).hostname or ""
    if is_local(host):
        raise ProviderMisconfigured("A server on this machine is not allowed here.", field=field)


def _make_sandbox(values: Mapping[str, str], deliver: Deliver | None) -> Provider:
    if values["channel"] not in CHANNELS:
        raise ProviderMisconfigured("The channel must be email or sms.", field="channel")
    if deliver is None:
        raise ProviderMisconfigured("The sandbox needs somewhere to deliver to.", field="kind")
    return SandboxProvider(channel=values["channel"], deliver=deliver)


_MAKERS: Mapping[str, Callable[[Mapping[str, str]], Provider]] = {
    "smtp": SmtpProvider,
    "twilio": TwilioProvider,
}
