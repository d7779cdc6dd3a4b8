"""What opens a Pi-hole."""

import base64
from dataclasses import dataclass, field
import hashlib
import secrets
from typing import Self

# Which password is behind a hash: a real Pi-hole never needs to know, tests do.
_PASSWORDS: dict[str, str] = {}
# The hash of each password that nobody knows.
_FOREIGN: dict[str, str] = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Credentials:
    """What opens a Pi-hole. An empty text stands for "not set"."""

    password: str = field(default="the-main-password", repr=False)
    app_password: str = field(default="", repr=False)
    totp_secret: str = field(default="", repr=False)

    @classmethod
    def behind(cls, *, pwhash: str, app_pwhash: str, totp_secret: str) -> Self:
        """Return those that an archive carries the hashes of."""
        return cls(
            password=_password(pwhash), app_password=_password(app_pwhash), totp_secret=totp_secret
        )

    @property
    def pwhash(self) -> str:
        """The hash of the password, as the archive carries it."""
        return _balloon(self.password, "main")

    @property
    def app_pwhash(self) -> str:
        """The hash of the app password, as the archive carries it."""
        return _balloon(self.app_password, "app")

    @property
    def secrets(self) -> set[str]:
        """Everything of it that must never be seen outside of an archive."""
        every = {self.password, self.app_password, self.totp_secret, self.pwhash, self.app_pwhash}
        return every - {""}


def _balloon(password: str, purpose: str) -> str:
    """Return what looks like Pi-hole's hash but is cheap, and the same every time."""
    if not password:
        return ""
    if known := _FOREIGN.get(password):
        return known
    salt = hashlib.sha256(purpose.encode()).digest()[:16]
    digest = hashlib.sha256(salt + password.encode()).digest()
    encoded = [base64.b64encode(part).decode() for part in (salt, digest)]
    made = f"$BALLOON-SHA256$v=1$s=1024,t=32${encoded[0]}${encoded[1]}"
    _PASSWORDS[made] = password
    return made


def _password(hashed: str) -> str:
    """Return the password behind a hash. It is one that nobody knows if the hash is foreign."""
    if not hashed:
        return ""
    if hashed not in _PASSWORDS:
        _PASSWORDS[hashed] = unknown = secrets.token_hex()
        _FOREIGN[unknown] = hashed
    return _PASSWORDS[hashed]
