"""Adding a Pi-hole: its address, and its password when it has one."""

from dataclasses import asdict
from itertools import count
from typing import Any, override

import voluptuous as vol
from yarl import URL

from homeassistant.config_entries import ConfigFlow, ConfigFlowResult
from homeassistant.const import CONF_PASSWORD, CONF_URL, CONF_VERIFY_SSL
from homeassistant.helpers.selector import (
    BooleanSelector,
    TextSelector,
    TextSelectorConfig,
    TextSelectorType,
)
from homeassistant.util import slugify

from .const import CONF_FOLDER, CONF_VERSIONS, DOMAIN
from .coordinator import async_create_client
from .engine.address import parse_address
from .engine.client import Probe
from .engine.errors import (
    CheckpointError,
    InvalidUrl,
    Redirected,
    TlsNotTrusted,
    TotpRequired,
    WrongPassword,
)

_USER_SCHEMA = vol.Schema(
    {
        vol.Required(CONF_URL): TextSelector(TextSelectorConfig(autocomplete="off")),
        vol.Required(CONF_VERIFY_SSL, default=True): BooleanSelector(),
    }
)
_PASSWORD_SCHEMA = vol.Schema(
    {
        vol.Required(CONF_PASSWORD): TextSelector(
            TextSelectorConfig(type=TextSelectorType.PASSWORD, autocomplete="current-password")
        ),
    }
)
_FIELDS: dict[type[CheckpointError], str] = {
    InvalidUrl: CONF_URL,
    Redirected: CONF_URL,
    TlsNotTrusted: CONF_VERIFY_SSL,
    WrongPassword: CONF_PASSWORD,
    TotpRequired: CONF_PASSWORD,
}


class PiholeCheckpointConfigFlow(ConfigFlow, domain=DOMAIN):
    """Leads a user through it."""

    VERSION = 1

    def __init__(self) -> None:
        self._url = URL()
        self._verify_ssl = True
        self._probe = Probe(needs_password=True, totp=False)

    @override
    async def async_step_user(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Ask for the address, and see who answers there."""
        error: CheckpointError | None = None
        if user_input is not None:
            try:
                self._url = parse_address(user_input[CONF_URL])
                self._verify_ssl = user_input[CONF_VERIFY_SSL]
                self._async_abort_entries_match({CONF_URL: str(self._url)})
                self._probe = await async_create_client(
                    self.hass, url=self._url, verify_ssl=self._verify_ssl, password=""
                ).probe()
                if not self._probe.needs_password:
                    return await self._async_add("")
            except CheckpointError as caught:
                error = caught
            else:
                return await self.async_step_password()
        return self.async_show_form(
            step_id="user",
            data_schema=self.add_suggested_values_to_schema(_USER_SCHEMA, user_input),
            errors=_errors(error),
            description_placeholders=error.placeholders if error else None,
        )

    async def async_step_password(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask for the password, and try it."""
        error: CheckpointError | None = None
        if user_input is not None:
            try:
                return await self._async_add(user_input[CONF_PASSWORD])
            except CheckpointError as caught:
                error = caught
        return self.async_show_form(
            step_id="password",
            data_schema=_PASSWORD_SCHEMA,
            errors=_errors(error),
            description_placeholders={
                "url": str(self._url),
                "totp": "on" if self._probe.totp else "off",
                **(error.placeholders if error else {}),
            },
        )

    async def _async_add(self, password: str) -> ConfigFlowResult:
        """Log in once, to be sure and to learn the versions, and add the Pi-hole."""
        client = async_create_client(
            self.hass, url=self._url, verify_ssl=self._verify_ssl, password=password
        )
        async with client.session() as session:
            versions = await session.versions()
        self._async_abort_entries_match({CONF_URL: str(self._url)})
        return self.async_create_entry(
            title=_title(self._url),
            data={
                CONF_URL: str(self._url),
                CONF_VERIFY_SSL: self._verify_ssl,
                CONF_PASSWORD: password,
                CONF_FOLDER: self._free_folder(),
                CONF_VERSIONS: asdict(versions),
            },
        )

    def _free_folder(self) -> str:
        """Name the store after the address: one who adds a Pi-hole again finds its archives."""
        taken = {entry.data.get(CONF_FOLDER) for entry in self._async_current_entries()}
        port = "" if self._url.is_default_port() else self._url.port
        wanted = slugify(f"{self._url.host} {port} {self._url.path}")
        numbered = (wanted if number == 1 else f"{wanted}_{number}" for number in count(1))
        return next(folder for folder in numbered if folder not in taken)


def _title(url: URL) -> str:
    host = url.host_port_subcomponent  # a default port left out
    return "Pi-hole" if host == "pi.hole" else f"Pi-hole {host}"


def _errors(error: CheckpointError | None) -> dict[str, str]:
    return {} if error is None else {_FIELDS.get(type(error), "base"): error.key}
