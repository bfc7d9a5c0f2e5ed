"""Whether messages leave or land in the sandbox, and where they can be read there."""

from collections.abc import Collection
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from apps.core.facts import Actor
from apps.messaging import queries as messaging


def list_links(actor: Actor, channels: Collection[str]) -> list[dict[str, str]]:
    """Return the links to the sandbox of these channels that the actor may open."""
    if not settings.LOCAL_MODE or not actor.can("customers.view"):
        return []
    pages = {
        "email": (_("Open the sandbox mailbox"), "web:sandbox:mailbox", "mail"),
        "sms": (_("Open the sandbox phone"), "web:sandbox:phone", "phone"),
    }
    return [
        {"title": title, "url": reverse(page), "icon": icon}
        for channel, (title, page, icon) in pages.items()
        if channel in channels
    ]


def describe(actor: Actor, channels: Collection[str]) -> dict[str, Any]:
    """Return what ``web/shared/sandbox.html`` says about messages of these channels."""
    caught = messaging.list_sandboxed() & set(channels)
    share = "all" if caught and caught == set(channels) else "some"
    return {"in_sandbox": share if caught else "", "sandboxes": list_links(actor, caught)}
