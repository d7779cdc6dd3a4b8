"""What an import makes of the files of an archive that are text."""

import tomllib

from .configuration import settings, values
from .credentials import Credentials
from .definitions import Setting, definitions
from .rows import Lease
from .state import Pihole

_LEASE_FIELDS = 5


class InvalidConfiguration(Exception):
    """Why a configuration file cannot be imported."""


def adopt_configuration(pihole: Pihole, data: bytes) -> Credentials:
    """Take the settings of a file over: all of them, or none.

    What the file does not say stays. The credentials in force after it are returned, not set:
    who is logged in depends on them.
    """
    if not data:
        raise InvalidConfiguration("File etc/pihole/pihole.toml is empty")
    try:
        file = tomllib.loads(data.decode())
    except ValueError as error:
        raise InvalidConfiguration("File etc/pihole/pihole.toml is no valid TOML") from error
    known, current = definitions(pihole.version), values(pihole)
    new = {name: value for name, value in settings(file) if name in current}
    for name, value in new.items():
        if not _is_like(value, known[name].default):
            raise InvalidConfiguration(f"etc/pihole/pihole.toml: invalid value of {name}")
    for name, value in new.items():
        if not name.endswith(("pwhash", "totp_secret")):
            pihole.settings[name] = value
    return Credentials.behind(
        **{
            name: str((current | new)[f"webserver.api.{name}"])
            for name in ("pwhash", "app_pwhash", "totp_secret")
        }
    )


def adopt_leases(pihole: Pihole, data: bytes) -> None:
    """Take the leases over. The state has no place for lines that are none."""
    lines = [line.split() for line in data.decode(errors="replace").splitlines()]
    pihole.leases = [
        Lease(
            expires=int(expires),
            mac=mac,
            ip=ip,
            name=name,
            client_id=None if client_id == f"01:{mac}" else client_id,
        )
        for expires, mac, ip, name, client_id in (
            line for line in lines if len(line) == _LEASE_FIELDS and line[0].isdecimal()
        )
    ]


def _is_like(value: object, default: Setting) -> bool:
    """Tell whether a value has the type of a setting. A whole number is good for a broken one."""
    if isinstance(default, list):
        return isinstance(value, list) and all(isinstance(item, str) for item in value)
    if isinstance(default, float):
        return type(value) in {int, float}
    return type(value) is type(default)
