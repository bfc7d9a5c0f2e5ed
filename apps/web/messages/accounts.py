"""The accounts by which messages leave: one for mail, one for text messages."""

from typing import Any

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from apps.core import clock
from apps.core.errors import AppError
from apps.messaging import queries as messages
from apps.messaging import services as messaging
from apps.tenants import queries as tenants
from apps.web.messages.forms import KINDS, form_of
from apps.web.shared import sandbox
from apps.web.shared.render import add_error, back_with, render_page
from apps.web.shared.staff import StaffRequest, staff_required

CHANNELS = {"email": gettext_lazy("Email"), "sms": gettext_lazy("Text messages")}
NAMES = {
    "sandbox": gettext_lazy("Sandbox: nothing leaves"),
    "smtp": gettext_lazy("Your mail server (SMTP)"),
    "twilio": gettext_lazy("Twilio"),
}
USED = {"smtp": gettext_lazy("your mail server (SMTP)"), "twilio": NAMES["twilio"]}


@staff_required("settings.view")
@require_safe
def overview(request: StaffRequest) -> HttpResponse:
    """Show by which account each channel's messages leave."""
    found = {account.channel: account for account in messages.list_accounts()}
    context = {
        "channels": [
            {
                "key": key,
                "title": title,
                "account": found.get(key),
                "kind": NAMES[found[key].kind if key in found else "sandbox"],
                "is_sandbox": key not in found or found[key].kind == "sandbox",
                "callback_url": _callback_url(request, found.get(key)),
                "choices": [
                    (kind, _verb(kind, found[key].kind if key in found else "sandbox"))
                    for kind in KINDS[key]
                ],
            }
            for key, title in CHANNELS.items()
        ],
        "can_change": request.actor.can("settings.change"),
        "sandboxes": sandbox.list_links(request.actor, messages.list_sandboxed()),
        "crumbs": [{"title": _("Settings"), "url": reverse("web:settings:index")}],
    }
    return render_page(request, "web/messages/accounts.html", context)


def _verb(kind: str, used: str) -> str:
    """Say what the button of a kind of account does."""
    if kind == used:
        return _("Change its settings")
    if kind == "sandbox":
        return _("Go to the sandbox instead")
    return _("Use %(name)s") % {"name": USED[kind]}


def _callback_url(request: StaffRequest, account: Any) -> str:
    """Return what to enter at Twilio for incoming messages."""
    if account is None or account.kind != "twilio" or not request.actor.can("settings.change"):
        return ""
    path = reverse("callbacks:messaging", args=["twilio", account.callback_key, "inbound"])
    return f"{tenants.base_url(request.business)}{path}"


@staff_required("settings.change")
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: StaffRequest, channel: str, kind: str) -> HttpResponse:
    """Set up the account of a channel."""
    if kind not in KINDS.get(channel, ()):
        raise Http404
    form = form_of(channel, kind)(request.POST or None, initial=_initial(request, channel, kind))
    if request.method == "POST" and form.is_valid():
        try:
            messaging.save_account(
                kind=kind,
                channel=channel,
                values=form.settings(),
                sender=form.cleaned_data["sender"],
                sender_name=form.cleaned_data.get("sender_name", ""),
                now=clock.now(),
            )
        except AppError as error:
            add_error(form, error)
        else:
            said = _("Saved. Messages leave this way from now on.")
            return back_with(request, "web:messages:accounts", message=said)
    context = {
        "form": form,
        "channel": channel,
        "title": f"{CHANNELS[channel]}: {NAMES[kind]}",
        "kind": kind,
        "crumbs": [
            {"title": _("Settings"), "url": reverse("web:settings:index")},
            {"title": _("Accounts"), "url": reverse("web:messages:accounts")},
        ],
    }
    status = 422 if form.is_bound else 200
    return render_page(request, "web/messages/account.html", context, status=status)


def _initial(request: StaffRequest, channel: str, kind: str) -> dict[str, str]:
    account = messages.list_accounts().filter(channel=channel).first()
    own = {"sender": str(getattr(request.user, "email", ""))} if channel == "email" else {}
    if account is None:
        return own
    if account.kind != kind:
        return {**own, "sender_name": account.sender_name}
    known = {"sender": account.sender, "sender_name": account.sender_name}
    return {**{name: str(value) for name, value in account.settings.items()}, **known}
