"""Other values for settings: which of them are taken, and what follows."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from .auth import Auth
from .configuration import values
from .credentials import Credentials
from .definitions import Definition, Setting, SettingType, definitions
from .dnsmasq import complaint
from .responses import ApiError
from .rules import Rules
from .setting_checks import InvalidSetting, check, tidied
from .setting_values import InvalidValue, read_value
from .state import Pihole

_MASK = "********"
_API = "webserver.api"
_PASSWORD = f"{_API}.password"
_HASHES = {f"{_API}.pwhash", f"{_API}.totp_secret", f"{_API}.app_pwhash"}
_PRIVACY = "misc.privacylevel"


def shown_values(pihole: Pihole) -> dict[str, Setting]:
    """Return the values of all settings as the API shows them, in its order."""
    current = values(pihole) | {_PASSWORD: _MASK}
    return {
        name: _MASK if definition.write_only else current[name]
        for name, definition in definitions(pihole.version).items()
    }


@dataclass(slots=True)
class SettingChanges:
    """What one request changes: added one by one, and taken at the end.

    A value that is refused ends the request. What those before it led to (that sessions end, or
    a restart) stays.
    """

    pihole: Pihole
    rules: Rules
    auth: Auth
    change_credentials: Callable[[Credentials], None]
    new: dict[str, Setting] = field(default_factory=dict)
    restarts: bool = False

    def add(self, definition: Definition, sent: object) -> None:
        """Add a value, unless the setting has it already. Raises `ApiError`."""
        name = definition.name
        if definition.read_only and sent is True:
            message = "This config option can only be set in pihole.toml, not via the API"
            raise _bad_request(message, name)
        if sent == _MASK and (definition.write_only or definition.type is SettingType.PASSWORD):
            return
        try:
            value = read_value(definition, sent)
        except InvalidValue as error:
            raise _bad_request("Config item is invalid", f"{name}: {error}") from error
        now = (values(self.pihole) | {_PASSWORD: _MASK})[name]
        if value == now:
            return
        self.refuse_forced(name)
        self.check(definition, value, "Config item validation failed")
        if name == _PRIVACY and str(value) < str(now):
            self.restarts = True
        if definition.ends_sessions:
            self.auth.end_all_sessions()
        self.new[name] = value

    def refuse_forced(self, name: str) -> None:
        """Raise `ApiError` for a setting that the environment fixes."""
        if name in self.pihole.forced:
            message = "Config items set via environment variables cannot be changed via the API"
            raise _bad_request(message, name)

    def check(self, definition: Definition, value: Setting, message: str) -> None:
        """Raise `ApiError` for a value that the setting cannot have."""
        try:
            check(definition, value)
        except InvalidSetting as error:
            raise _bad_request(message, str(error)) from error

    def take(self, *, restart: bool) -> None:
        """Take over what was added. Raises `ApiError`.

        Without `restart` what needs one is only written down.
        """
        known = definitions(self.pihole.version)
        if any(known[name].restarts for name in self.new):
            if words := complaint(values(self.pihole) | self.new, self.rules):
                raise _bad_request("Invalid configuration", words)
            self.restarts = restart or not self.rules.restart_can_wait
        for name, value in self.new.items():
            if name not in _HASHES | {_PASSWORD}:
                self.pihole.settings[name] = tidied(known[name], value)
        self._take_secrets()

    def _take_secrets(self) -> None:
        current = values(self.pihole) | self.new
        credentials = Credentials.behind(
            **{name.rpartition(".")[2]: str(current[name]) for name in _HASHES}
        )
        if _PASSWORD in self.new:
            credentials = replace(credentials, password=str(self.new[_PASSWORD]))
        if credentials != self.pihole.credentials:
            self.change_credentials(credentials)


def _bad_request(message: str, hint: str) -> ApiError:
    return ApiError(400, "bad_request", message, hint)
