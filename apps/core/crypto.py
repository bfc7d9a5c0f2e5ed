"""Keys of a business derived from the master key, keyed hashes and sealed secrets."""

import base64
import hashlib
import hmac
import os
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings


def business_key(business_id: UUID, purpose: str, *, generation: int = 0) -> bytes:
    """Return 32 bytes that belong to one business and one purpose.

    ``generation`` counts back through ``MASTER_KEYS``: 0 is the key in use, 1 the one before.
    """
    return HKDF(
        algorithm=SHA256(), length=32, salt=business_id.bytes, info=b"cxsaas:" + purpose.encode()
    ).derive(settings.MASTER_KEYS[generation].encode())


def keyed_hash(business_id: UUID, value: str) -> str:
    """Return a hash of an address that outlives its erasure; equal only within one business."""
    key = business_key(business_id, "address-hash")
    return hmac.new(key, value.encode(), hashlib.sha256).hexdigest()


def seal(business_id: UUID, plain: str, *, place: str) -> str:
    """Encrypt ``plain`` for one business and one ``place`` (table.column)."""
    nonce = os.urandom(12)
    cipher = AESGCM(business_key(business_id, "secrets"))
    sealed = cipher.encrypt(nonce, plain.encode(), place.encode())
    return base64.b64encode(nonce + sealed).decode()


def unseal(business_id: UUID, sealed: str, *, place: str) -> str:
    """Decrypt what ``seal`` made, with any master key still listed; ValueError when none fits."""
    raw = base64.b64decode(sealed)
    for generation in range(len(settings.MASTER_KEYS)):
        cipher = AESGCM(business_key(business_id, "secrets", generation=generation))
        try:
            return cipher.decrypt(raw[:12], raw[12:], place.encode()).decode()
        except InvalidTag:
            continue
    message = "This secret was sealed with a master key that is no longer listed."
    raise ValueError(message)
