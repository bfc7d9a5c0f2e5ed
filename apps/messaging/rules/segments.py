"""How many parts of a text message are billed, counted as the networks count."""

from dataclasses import dataclass

GSM_7 = "GSM-7"
UCS_2 = "UCS-2"

_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENDED = frozenset("\f^{}\\[~]|€")
_GSM = _BASIC | _EXTENDED
_BMP_END = 0xFFFF
_SINGLE = {GSM_7: 160, UCS_2: 70}
_SPLIT = {GSM_7: 153, UCS_2: 67}


@dataclass(frozen=True)
class Segments:
    """The encoding of a text, its length in that encoding's units, and its billed parts.

    ``forced_by`` holds the characters, each once, that made the dearer encoding necessary.
    """

    encoding: str
    units: int
    parts: int
    forced_by: tuple[str, ...] = ()


def sms_segments(text: str) -> Segments:
    """Count the parts of ``text``; an escaped character or a surrogate pair is never torn."""
    odd = tuple(dict.fromkeys(sign for sign in text if sign not in _GSM))
    if odd:
        widths = [2 if ord(sign) > _BMP_END else 1 for sign in text]
        return _count(UCS_2, widths, odd)
    return _count(GSM_7, [2 if sign in _EXTENDED else 1 for sign in text], ())


def _count(encoding: str, widths: list[int], forced_by: tuple[str, ...]) -> Segments:
    units = sum(widths)
    if units <= _SINGLE[encoding]:
        return Segments(encoding, units, min(units, 1), forced_by)
    parts, room = 1, _SPLIT[encoding]
    for width in widths:
        if width > room:
            parts, room = parts + 1, _SPLIT[encoding]
        room -= width
    return Segments(encoding, units, parts, forced_by)
