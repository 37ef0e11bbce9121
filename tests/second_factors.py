"""Second factors for the tests: an authenticator app that shows codes, recovery codes, and a passkey that signs."""

import base64
import hashlib
import json
import secrets
import time
from dataclasses import dataclass, field

from allauth.account.utils import user_pk_to_url_str
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from allauth.mfa.webauthn.internal.auth import WebAuthn
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from fido2.cose import ES256
from fido2.webauthn import AttestationObject, AttestedCredentialData, AuthenticatorData, CollectedClientData

from scoreboard.models import User

HOST, ORIGIN = "localhost", "http://localhost"


def code(secret: str, *, steps: int = 0) -> str:
    """Return what an app with this secret shows now, or some half minutes later."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + steps))


def an_app(person: User) -> str:
    """Give the person an authenticator app with recovery codes; return its secret."""
    secret = generate_totp_secret()
    TOTP.activate(person, secret)
    RecoveryCodes.activate(person)
    return secret


def recovery_codes(person: User) -> list[str]:
    """Return the person's unused recovery codes."""
    return Authenticator.objects.get(user=person, type="recovery_codes").wrap().get_unused_codes()


@dataclass
class Passkey:
    """A passkey in software: it answers what a page asks as a browser would."""

    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    number: bytes = field(default_factory=lambda: secrets.token_bytes(16))

    def register(self, options: dict, *, rp: str = HOST, origin: str = ORIGIN) -> dict:
        """Return the answer to the options of a new passkey."""
        public = AttestedCredentialData.create(
            b"\0" * 16, self.number, ES256.from_cryptography_key(self.key.public_key())
        )
        flags = AuthenticatorData.FLAG.UP | AuthenticatorData.FLAG.UV | AuthenticatorData.FLAG.AT
        data = AuthenticatorData.create(_sha(rp.encode()), flags, 1, public)
        client = self._client("webauthn.create", options, origin)
        attested = AttestationObject.create("none", data, {})
        return self._answer({"clientDataJSON": _text(client), "attestationObject": _text(attested)}) | {
            "clientExtensionResults": {"credProps": {"rk": True}}
        }

    def sign(self, options: dict, person: User, *, rp: str = HOST, origin: str = ORIGIN) -> dict:
        """Return the answer to the options of a sign-in."""
        data = AuthenticatorData.create(_sha(rp.encode()), AuthenticatorData.FLAG.UP | AuthenticatorData.FLAG.UV, 2)
        client = self._client("webauthn.get", options, origin)
        signature = self.key.sign(bytes(data) + _sha(bytes(client)), ec.ECDSA(hashes.SHA256()))
        return self._answer(
            {
                **{"clientDataJSON": _text(client), "authenticatorData": _text(data), "signature": _text(signature)},
                "userHandle": _text(user_pk_to_url_str(person).encode()),
            }
        )

    def _client(self, kind: str, options: dict, origin: str) -> CollectedClientData:
        challenge = options["publicKey"]["challenge"]
        return CollectedClientData(json.dumps({"type": kind, "challenge": challenge, "origin": origin}).encode())

    def _answer(self, response: dict) -> dict:
        number = _text(self.number)
        return {"id": number, "rawId": number, "type": "public-key", "response": response, "clientExtensionResults": {}}


def a_passkey(person: User, name: str = "Laptop") -> tuple[Authenticator, Passkey]:
    """Give the person a passkey; return its record and the passkey."""
    passkey = Passkey()
    credential = passkey.register({"publicKey": {"challenge": _text(b"a challenge of the past")}})
    return WebAuthn.add(person, name, credential).instance, passkey


def _sha(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()


def _text(data: bytes) -> str:
    return base64.urlsafe_b64encode(bytes(data)).rstrip(b"=").decode()
