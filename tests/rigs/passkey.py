"""A passkey in software: makes a key and signs challenges, as a browser would pass them on."""

import hashlib
import json
import os
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from fido2.cose import ES256
from fido2.utils import websafe_encode
from fido2.webauthn import (
    Aaguid,
    AttestationObject,
    AttestedCredentialData,
    AuthenticatorData,
    CollectedClientData,
)

FLAGS = AuthenticatorData.FLAG


@dataclass
class Passkey:
    """One credential for one person at one site."""

    origin: str = "http://localhost"
    id: bytes = field(default_factory=lambda: os.urandom(16))
    secret: ec.EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.generate_private_key(ec.SECP256R1())
    )
    user: str = ""

    def register(self, options: dict[str, Any]) -> str:
        """Answer to the options of a registration."""
        asked = options["publicKey"]
        self.user = asked["user"]["id"]
        key = ES256.from_cryptography_key(self.secret.public_key())  # type: ignore[no-untyped-call]
        data = AuthenticatorData.create(
            hashlib.sha256(asked["rp"]["id"].encode()).digest(),
            FLAGS.UP | FLAGS.UV | FLAGS.AT,
            0,
            AttestedCredentialData.create(Aaguid.NONE, self.id, key),
        )
        answer = {
            "clientDataJSON": websafe_encode(self._client("webauthn.create", asked)),
            "attestationObject": websafe_encode(AttestationObject.create("none", data, {})),
        }
        return self._wrap(answer, credProps={"rk": True})

    def sign(self, options: dict[str, Any]) -> str:
        """Answer to the options of a log-in."""
        asked = options["publicKey"]
        site = hashlib.sha256(asked["rpId"].encode()).digest()
        data = AuthenticatorData.create(site, FLAGS.UP | FLAGS.UV, 0)
        client = self._client("webauthn.get", asked)
        signed = bytes(data) + hashlib.sha256(client).digest()
        answer = {
            "clientDataJSON": websafe_encode(client),
            "authenticatorData": websafe_encode(data),
            "signature": websafe_encode(self.secret.sign(signed, ec.ECDSA(SHA256()))),
            "userHandle": self.user,
        }
        return self._wrap(answer)

    def _client(self, kind: str, asked: dict[str, Any]) -> bytes:
        return bytes(CollectedClientData.create(kind, asked["challenge"], self.origin))

    def _wrap(self, answer: dict[str, Any], **results: Any) -> str:
        name = websafe_encode(self.id)
        return json.dumps({
            "type": "public-key",
            "id": name,
            "rawId": name,
            "response": answer,
            "clientExtensionResults": results,
        })  # fmt: skip
