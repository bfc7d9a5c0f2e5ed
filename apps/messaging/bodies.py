"""Finished texts of messages: merged, completed with what the law asks for, links masked."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol

from django.utils.html import escape
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.customers.choices import Channel
from apps.messaging import merge
from apps.messaging.merge import Compiled, TemplateInvalid

LINK = "⟦link⟧"
UNSUBSCRIBE = "⟦unsubscribe⟧"
FOOTER = "\n\n-- \n"
SERVICE = "service"
STAFF = "staff"
_BRACKETS = re.compile("[⟦⟧]")
_STOP = re.compile(r"\bstop\b", re.IGNORECASE)
_MASKS = re.compile(f"({LINK}|{UNSUBSCRIBE})")

FIELDS: Mapping[str, tuple[object, str]] = {
    "customer.first_name": (gettext_lazy("First name"), "Nora"),
    "customer.last_name": (gettext_lazy("Last name"), "Keane"),
    "customer.name": (gettext_lazy("Full name"), "Nora Keane"),
    "business.name": (gettext_lazy("Your business"), ""),
    "location.name": (gettext_lazy("Location"), "Mill Lane"),
    "location.city": (gettext_lazy("Town of the location"), "Bath"),
    "staff.name": (gettext_lazy("Who writes"), "Sam"),
    "link": (gettext_lazy("The link"), LINK),
    "unsubscribe": (gettext_lazy("Link to stop these messages"), UNSUBSCRIBE),
    "transaction.description": (gettext_lazy("What they had"), "Brake service"),
    "transaction.date": (gettext_lazy("When they had it"), "12 May"),
    "offer.title": (gettext_lazy("The offer"), "A free service"),
    "offer.value": (gettext_lazy("What the offer is worth"), "£25"),
    "offer.expires": (gettext_lazy("Until when the offer holds"), "30 June"),
    "offer.code": (gettext_lazy("The code of the offer"), "K7QM-4XRD-2W"),
    "case.title": (gettext_lazy("What the case is about"), "Late delivery"),
}
BUTTONS = {
    "r": gettext_lazy("Tell us how it was"),
    "c": gettext_lazy("See how it stands"),
    "o": gettext_lazy("See your offer"),
}


class Source(Protocol):
    """A text with merge fields, saved or not."""

    @property
    def channel(self) -> str:
        """Return the channel it is for."""

    @property
    def subject(self) -> str:
        """Return the subject of a mail."""

    @property
    def text(self) -> str:
        """Return the words."""

    @property
    def html(self) -> str:
        """Return the HTML of a mail, where it has its own."""


@dataclass(frozen=True)
class TemplateSource:
    """A text with merge fields that is not saved (yet)."""

    channel: str
    text: str
    subject: str = ""
    html: str = ""


@dataclass(frozen=True)
class Sender:
    """Who writes, as the end of each message tells."""

    name: str
    postal_address: str = ""


@dataclass(frozen=True)
class Body:
    """A finished message with its links masked."""

    subject: str
    text: str
    html: str = ""


@dataclass(frozen=True)
class Parts:
    """The compiled parts of a template."""

    subject: Compiled
    text: Compiled
    html: Compiled | None

    @property
    def fields(self) -> frozenset[str]:
        """Return all merge fields in it."""
        html = self.html.fields if self.html else frozenset()
        return self.subject.fields | self.text.fields | html

    def missing(self, values: Mapping[str, object]) -> frozenset[str]:
        """Return the fields that would leave a hole."""
        html = self.html.missing(values) if self.html else frozenset()
        return self.subject.missing(values) | self.text.missing(values) | html


@lru_cache(maxsize=512)
def compile_parts(channel: str, subject: str, text: str, html: str) -> Parts:
    """Check and compile a template; TemplateInvalid names the field at fault."""
    way = merge.Channel.SMS if channel == Channel.SMS else merge.Channel.TEXT
    return Parts(
        _compile("subject", subject, merge.Channel.HEADER),
        _compile("text", text, way),
        _compile("html", html, merge.Channel.HTML) if html else None,
    )


def _compile(field: str, source: str, way: merge.Channel) -> Compiled:
    try:
        return merge.compile_template(source, allowed=FIELDS.keys(), channel=way)
    except TemplateInvalid as error:
        error.field = field
        raise


def clean_values(values: Mapping[str, object]) -> dict[str, str]:
    """Return values as plain texts that cannot pass for one of our masks."""
    return {name: _BRACKETS.sub("", str(value)) for name, value in values.items() if value}


def render(source: Source, values: Mapping[str, object]) -> Body:
    """Merge values into a template; the links stay masked."""
    parts = compile_parts(source.channel, source.subject, source.text, source.html)
    own = {**clean_values(values), "link": LINK, "unsubscribe": UNSUBSCRIBE}
    return Body(
        subject=str(parts.subject.render(own))[:300],
        text=str(parts.text.render(own)).strip(),
        html=str(parts.html.render(own)) if parts.html else "",
    )


def complete(body: Body, *, channel: str, purpose: str, sender: Sender, has_link: bool) -> Body:
    """Add what is missing: the link, who writes, and the way to end it."""
    text = body.text
    if has_link and LINK not in text:
        text = f"{text} {LINK}" if channel == Channel.SMS else f"{text}\n\n{LINK}"
    if purpose == STAFF:
        return Body(body.subject, text, body.html)
    if channel == Channel.SMS:
        return Body("", _complete_sms(text, sender.name))
    foot = "\n".join(
        line for line in (" · ".join(filter(None, (sender.name, sender.postal_address))),) if line
    )
    if purpose != SERVICE and UNSUBSCRIBE not in text:
        foot = f"{foot}\n" + _("No more of these: %(link)s") % {"link": UNSUBSCRIBE}
    return Body(body.subject or sender.name, f"{text}{FOOTER}{foot}", body.html)


def _complete_sms(text: str, name: str) -> str:
    if name.casefold() not in text.casefold():
        text = f"{name}: {text}"
    if not _STOP.search(_MASKS.sub("", text)):
        text = f"{text}\n" + _("Reply STOP to end")
    return text


def insert_links(text: str, links: Mapping[str, str]) -> str:
    """Put the addresses in where the masks stand."""
    for mask, url in links.items():
        text = text.replace(mask, url)
    return text


def to_html(body: Body, *, links: Mapping[str, str], button: str, language: str = "en") -> str:
    """Return a mail in simple, accessible HTML, from its own template or made of its text."""
    words, _mark, foot = body.text.partition(FOOTER)
    if body.html:
        content = insert_links(body.html, {mask: escape(url) for mask, url in links.items()})
    else:
        content = "".join(_paragraph(part, links, button) for part in words.split("\n\n") if part)
    end = "".join(f"{_inline(line, links, button)}<br>" for line in foot.split("\n") if line)
    return (
        f'<!doctype html><html lang="{escape(language)}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width">'
        f"<title>{escape(body.subject)}</title></head>"
        '<body style="margin:0;padding:24px;font:16px/1.5 sans-serif;color:#1a1d21;'
        'background:#fff"><div style="max-width:36em;margin:0 auto">'
        f"{content}"
        f'<p style="margin-top:32px;font-size:13px;color:#5a6068">{end}</p>'
        "</div></body></html>"
    )


def _paragraph(part: str, links: Mapping[str, str], button: str) -> str:
    words = part.strip()
    shown = ""
    if words.endswith(LINK) and LINK in links:
        words = words.removesuffix(LINK).rstrip()
        shown = (
            f'<p style="margin:24px 0"><a class="button" href="{escape(links[LINK])}" '
            'style="display:inline-block;'
            "padding:12px 20px;background:#1a1d21;color:#fff;text-decoration:none;"
            f'border-radius:6px">{escape(button)}</a></p>'
        )
    lines = "<br>".join(_inline(line, links, button) for line in words.split("\n"))
    return (f"<p>{lines}</p>" if words else "") + shown


def _inline(line: str, links: Mapping[str, str], button: str) -> str:
    """Return a line with links in words: an address of 80 signs tells nobody anything."""
    words = {LINK: button, UNSUBSCRIBE: _("Unsubscribe")}
    return "".join(
        f'<a href="{escape(links[piece])}">{escape(words[piece])}</a>'
        if piece in links
        else escape(piece)
        for piece in _MASKS.split(line)
    )
