"""Links nobody can guess: an id, a purpose and a 128-bit MAC under the business's own key."""

import base64
import binascii
import hashlib
import hmac
from uuid import UUID

from django.conf import settings

from apps.core.crypto import business_key

_ID = 16
_MAC = 16


def _mac(business_id: UUID, purpose: str, raw: bytes, generation: int) -> bytes:
    key = business_key(business_id, "links", generation=generation)
    return hmac.new(key, purpose.encode() + b":" + raw, hashlib.sha256).digest()[:_MAC]


def sign(business_id: UUID, purpose: str, object_id: UUID) -> str:
    """Return the token of a link: 43 characters safe in an address."""
    raw = object_id.bytes
    packed = raw + _mac(business_id, purpose, raw, 0)
    return base64.urlsafe_b64encode(packed).rstrip(b"=").decode()


def read(business_id: UUID, purpose: str, token: str) -> UUID | None:
    """Return the id in a token, or None when it is not one of ours for this purpose."""
    try:
        packed = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return None
    if len(packed) != _ID + _MAC:
        return None
    raw, mac = packed[:_ID], packed[_ID:]
    fits = [
        hmac.compare_digest(mac, _mac(business_id, purpose, raw, generation))
        for generation in range(len(settings.MASTER_KEYS))
    ]
    return UUID(bytes=raw) if any(fits) else None
