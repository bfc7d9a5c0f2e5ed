"""Twilio's signature and keywords, written apart from the product's: each checks the other."""

import base64
import hmac
from collections.abc import Mapping

STOP_WORDS = frozenset(
    {"STOP", "UNSUBSCRIBE", "END", "QUIT", "STOPALL", "REVOKE", "OPTOUT", "CANCEL"}
)
START_WORDS = frozenset({"START", "YES", "UNSTOP"})


def sign(token: str, url: str, form: Mapping[str, str]) -> str:
    """Sign a form post to a URL."""
    text = url
    for name in sorted(form):
        text += name + form[name]
    return base64.b64encode(hmac.digest(token.encode(), text.encode(), "sha1")).decode()
