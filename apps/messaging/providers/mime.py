"""An e-mail as bytes: the same message always gives the same Message-ID and the same parts."""

import binascii
from datetime import datetime
from email.header import Header
from email.utils import format_datetime
from functools import lru_cache

from apps.messaging.providers.base import Outgoing

LINE_END = b"\r\n"
MAX_LINE = 998
FOLD_AT = 78
SHORT_SUBJECT = 68
RESERVED = frozenset(
    {
        "from",
        "to",
        "cc",
        "bcc",
        "sender",
        "subject",
        "date",
        "message-id",
        "reply-to",
        "return-path",
        "mime-version",
        "content-type",
        "content-transfer-encoding",
        "x-cx-message",
    }
)
_NAME_CHARACTERS = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_")


class Unsendable(ValueError):
    """The message cannot be put into an e-mail; `code` says why, `invalid_address` whose fault."""

    def __init__(self, code: str, *, invalid_address: bool = False) -> None:
        super().__init__(code)
        self.code = code
        self.invalid_address = invalid_address


def read_address(address: str) -> str:
    """Return an address safe inside a command and a header, its domain as plain ASCII."""
    local, at, domain = address.strip().rpartition("@")
    if not (at and local and domain) or any(
        character == " " or not character.isprintable() or character in '<>()[]\\,;:"'
        for character in local + domain
    ):
        raise Unsendable("invalid_address", invalid_address=True)
    try:
        return f"{local}@{domain.encode('idna').decode('ascii')}"
    except UnicodeError as error:
        raise Unsendable("invalid_address", invalid_address=True) from error


def message_id(outgoing: Outgoing, domain: str = "") -> str:
    """Name the message for good: our own id at the sender's domain."""
    return f"<{outgoing.message_id}@{domain or read_address(outgoing.sender).rpartition('@')[2]}>"


def build(outgoing: Outgoing, *, now: datetime, domain: str = "") -> bytes:
    """Put the message into bytes ready for DATA (dots not yet doubled), or raise Unsendable."""
    lines = [
        _address_header("From", outgoing.sender_name, read_address(outgoing.sender)),
        _address_header("To", "", read_address(outgoing.to)),
        _subject(outgoing.subject),
        b"Date: " + format_datetime(now).encode(),
        b"Message-ID: " + message_id(outgoing, domain).encode(),
        b"X-CX-Message: " + str(outgoing.message_id).encode(),
        b"MIME-Version: 1.0",
    ]
    if outgoing.reply_to:
        lines.append(_address_header("Reply-To", "", read_address(outgoing.reply_to)))
    lines += [_plain_header(name, value) for name, value in _extra_headers(outgoing)]
    return LINE_END.join([*lines, _body(outgoing)])


def _extra_headers(outgoing: Outgoing) -> tuple[tuple[str, str], ...]:
    names = {name.lower() for name, _ in outgoing.headers}
    if names & RESERVED or len(names) != len(outgoing.headers):
        raise Unsendable("invalid_header")
    unsubscribe = {n.lower(): v for n, v in outgoing.headers}.get("list-unsubscribe", "")
    if "<https://" in unsubscribe and "list-unsubscribe-post" not in names:
        return (
            *outgoing.headers,
            ("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"),
        )
    return outgoing.headers


def _plain_header(name: str, value: str) -> bytes:
    # The email package would encode a long link as an encoded word, which mail programs
    # do not follow: links stay as they are and lines are folded at spaces only.
    if not name or not set(name) <= _NAME_CHARACTERS:
        raise Unsendable("invalid_header")
    if not (value.isascii() and value.isprintable()):
        raise Unsendable("invalid_header")
    folded = f"{name}:"
    width = len(folded)
    for word in value.split():
        if width + 1 + len(word) > FOLD_AT and width > len(name) + 1:
            folded += "\r\n"
            width = 0
        folded += f" {word}"
        width += 1 + len(word)
        if width > MAX_LINE:
            raise Unsendable("invalid_header")
    return folded.encode("ascii")


def _subject(subject: str) -> bytes:
    _refuse_control(subject)
    if subject.isascii() and len(subject) <= SHORT_SUBJECT and "=?" not in subject:
        return b"Subject: " + subject.encode("ascii")
    return b"Subject: " + _encoded_words(subject, header_name="Subject")


@lru_cache(maxsize=4096)
def _address_header(name: str, display: str, address: str) -> bytes:
    _refuse_control(display)
    mailbox = f"<{address}>".encode()
    if not display:
        return f"{name}: {address}".encode()
    if display.isascii() and "=?" not in display:
        quoted = display.replace("\\", "\\\\").replace('"', '\\"')
        return f'{name}: "{quoted}" '.encode("ascii") + mailbox
    return name.encode() + b": " + _encoded_words(display, header_name=name) + b"\r\n " + mailbox


def _encoded_words(value: str, *, header_name: str) -> bytes:
    clean = value.encode("utf-8", "replace").decode()
    return Header(clean, "utf-8", 76, header_name).encode(linesep="\r\n").encode("ascii")


def _refuse_control(value: str) -> None:
    if any(ord(character) < ord(" ") or character == "\x7f" for character in value):
        raise Unsendable("invalid_header")


def _body(outgoing: Outgoing) -> bytes:
    if not outgoing.html:
        return _part("plain", outgoing.text)
    boundary = f"cx-{outgoing.message_id.hex}".encode()
    return b"".join(
        (
            b'Content-Type: multipart/alternative; boundary="' + boundary + b'"\r\n\r\n',
            b"--" + boundary + LINE_END + _part("plain", outgoing.text) + LINE_END,
            b"--" + boundary + LINE_END + _part("html", outgoing.html) + LINE_END,
            b"--" + boundary + b"--\r\n",
        )
    )


def _part(subtype: str, content: str) -> bytes:
    content = content.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")
    raw = content.encode("utf-8", "replace").replace(b"\n", LINE_END)
    if not raw.endswith(LINE_END):
        raw += LINE_END
    encoding = b"7bit"
    if not content.isascii() or len(max(raw.split(LINE_END), key=len)) > MAX_LINE:
        encoding = b"quoted-printable"
        raw = binascii.b2a_qp(raw, istext=True).replace(LINE_END, b"\n").replace(b"\n", LINE_END)
    return (
        f"Content-Type: text/{subtype}; charset=utf-8\r\nContent-Transfer-Encoding: ".encode()
        + encoding
        + LINE_END * 2
        + raw
    )
