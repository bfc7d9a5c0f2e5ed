"""Messages in plain form: HTML as text, and stored bodies without usable links."""

import re
from collections.abc import Collection
from html.parser import HTMLParser
from urllib.parse import urlsplit

_SKIPPED = frozenset({"head", "script", "style", "template", "title", "noscript", "svg"})
_PARAGRAPHS = frozenset(
    {"p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "table", "blockquote"}
)
_LINES = frozenset({"div", "tr", "section", "article", "header", "footer", "address", "pre", "dt"})
_LINE = "\n"
_PARAGRAPH = "\n\n"
_MASK = "…"
_URL = re.compile(r"https?://[^\s<>\"'\u201c\u201d()]+", re.IGNORECASE)
_SECRET_LENGTH = 8


class _TextMaker(HTMLParser):
    """Collects the words of a document, with breaks where a reader would see them."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[str] = []
        self._hidden = 0
        self._links: list[tuple[str, int]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if tag in _SKIPPED:
            self._hidden += 1
        elif tag == "br":
            self.pieces.append(_LINE)
        elif tag == "hr":
            self.pieces.append(f"{_PARAGRAPH}---{_PARAGRAPH}")
        elif tag == "li":
            self.pieces.append(f"{_LINE}- ")
        elif tag in {"td", "th"}:
            self.pieces.append(" ")
        elif tag == "img":
            self.pieces.append(values.get("alt") or "")
        elif tag == "a":
            self._links.append((values.get("href") or "", len(self.pieces)))
        self._break(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in _SKIPPED:
            self._hidden = max(self._hidden - 1, 0)
        elif tag == "a" and self._links:
            self._close_link()
        self._break(tag)

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.pieces.append(re.sub(r"\s+", " ", data))

    def _break(self, tag: str) -> None:
        if tag in _PARAGRAPHS:
            self.pieces.append(_PARAGRAPH)
        elif tag in _LINES and not (self.pieces and self.pieces[-1].endswith(_LINE)):
            self.pieces.append(_LINE)

    def _close_link(self) -> None:
        href, start = self._links.pop()
        shown = "".join(self.pieces[start:]).strip()
        target = href.removeprefix("mailto:").removeprefix("tel:").strip()
        if not target or target.startswith(("#", "javascript:", "data:")) or target == shown:
            return
        self.pieces.append(f" ({target})" if shown else target)


def html_to_text(html: str) -> str:
    """Return the words of ``html`` as plain text, links beside their words, nothing hidden."""
    maker = _TextMaker()
    maker.feed(html)
    maker.close()
    text = "".join(maker.pieces)
    text = re.sub(r"[^\S\n]+", " ", text)
    text = re.sub(r" ?\n ?", "\n", text)
    return re.sub(r"\n{3,}", _PARAGRAPH, text).strip()


def mask_links(text: str, *, hosts: Collection[str] | None = None) -> str:
    """Return ``text`` with the secret part of each link to ``hosts`` (None: any host) hidden.

    What stays is the host and the first word of the path, so that staff can still tell a rating
    link from one to an offer.
    """
    known = None if hosts is None else {host.lower() for host in hosts}

    def mask(match: re.Match[str]) -> str:
        url = match.group().rstrip(".,;:!?")
        return _mask_url(url, known) + match.group()[len(url) :]

    return _URL.sub(mask, text)


def _mask_url(url: str, hosts: set[str] | None) -> str:
    try:
        parts = urlsplit(url)
    except ValueError:
        return _MASK
    if hosts is not None and not {parts.netloc.lower(), parts.hostname or ""} & hosts:
        return url
    base = f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"
    first, slash, rest = parts.path.lstrip("/").partition("/")
    if rest or (slash and parts.query):
        return f"{base}/{first}/{_MASK}"
    if len(first) >= _SECRET_LENGTH or parts.query or parts.fragment:
        return f"{base}/{_MASK}"
    return url
