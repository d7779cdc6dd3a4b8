"""What opens a Pi-hole."""

import base64
from dataclasses import dataclass, field
import hashlib


@dataclass(frozen=True, slots=True, kw_only=True)
class Credentials:
    """What opens a Pi-hole. An empty text stands for "not set"."""

    password: str = field(default="the-main-password", repr=False)
    app_password: str = field(default="", repr=False)
    totp_secret: str = field(default="", repr=False)

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
    salt = hashlib.sha256(purpose.encode()).digest()[:16]
    digest = hashlib.sha256(salt + password.encode()).digest()
    encoded = [base64.b64encode(part).decode() for part in (salt, digest)]
    return f"$BALLOON-SHA256$v=1$s=1024,t=32${encoded[0]}${encoded[1]}"
