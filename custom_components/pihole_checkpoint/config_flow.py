"""Adding a Pi-hole, typed in or discovered, and correcting its address and its password."""

from collections.abc import Awaitable, Mapping
from dataclasses import asdict
from itertools import count
import re
from typing import Any, Final, override

import voluptuous as vol
from yarl import URL

from homeassistant.config_entries import (
    SOURCE_REAUTH,
    SOURCE_RECONFIGURE,
    ConfigEntry,
    ConfigEntryState,
    ConfigFlow,
    ConfigFlowResult,
    OptionsFlow,
)
from homeassistant.const import CONF_MAC, CONF_PASSWORD, CONF_URL, CONF_VERIFY_SSL
from homeassistant.core import callback
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers.device_registry import format_mac
from homeassistant.helpers.service_info.dhcp import DhcpServiceInfo

from .address_change import async_forget_offers
from .connection import async_lend_client
from .const import CONF_BACK_UP_FIRST, CONF_FOLDER, CONF_VERSIONS, DOMAIN
from .coordinator import PiholeCheckpointConfigEntry
from .discovery import async_known_password, async_piholes_on_offer, async_recognise
from .engine.errors import catch_unexpected
from .engine.pihole.address import folder_name, https_instead, parse_address
from .engine.pihole.client import PiholeClient, read_host_name, read_versions
from .engine.pihole.errors import CheckpointError, HttpsNeeded, Redirected
from .engine.pihole.models import Probe, Versions
from .engine.restore.survey import may_restore_settings
from .migration import async_forget_upgrade
from .naming import async_free_name
from .options_flow import PiholeCheckpointOptionsFlow
from .schemas import MAYBE_PASSWORD_SCHEMA, PASSWORD_SCHEMA, address_schema, errors_on
from .wording import async_get_words

_READY: Final = {
    True: "settings_allowed",
    False: "settings_not_allowed",
    None: "settings_unknown",
}
"""What the last step says is ready, by whether settings can be restored."""
_SECONDS_TO_LOOK = 5.0
_PLAIN_NAME = re.compile(r"(?=.{1,63}$)[a-z-]+\d{0,2}(\.[a-z-]+)*", re.ASCII)


class PiholeCheckpointConfigFlow(ConfigFlow, domain=DOMAIN):
    """The steps of adding and changing a Pi-hole."""

    # A change that breaks older releases needs a new major version: they do not set up an entry
    # of an unknown one.
    VERSION = 1
    MINOR_VERSION = 2

    def __init__(self) -> None:
        self._url = URL()
        self._verify_ssl = True
        self._mac: str | None = None
        self._probe = Probe(needs_password=True)
        self._error: CheckpointError | None = None
        self._offer: URL | None = None
        """An address to fill in. Nothing but the user's submitting it makes it the address."""

    @staticmethod
    @callback
    @override
    def async_get_options_flow(config_entry: ConfigEntry) -> OptionsFlow:
        """Return the options flow."""
        return PiholeCheckpointOptionsFlow()

    @override
    async def async_step_user(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Ask for the address, and check that a Pi-hole answers there."""
        if user_input is not None and (result := await self._try(self._async_choose(user_input))):
            return result
        known = async_piholes_on_offer(self.hass)
        schema = address_schema([pihole.url for pihole in known])
        if user_input is None and known:
            user_input = {CONF_URL: known[0].url, CONF_VERIFY_SSL: known[0].verify_ssl}
        values = self._with_offer(user_input)
        schema = self.add_suggested_values_to_schema(schema, values)
        return self._form("user", schema, last_step=False)

    async def async_step_known_password(
        self, _user_input: Mapping[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask whether to use the password that Home Assistant's own integration has."""
        return self.async_show_menu(
            step_id="known_password",
            menu_options=["use_known_password", "password"],
            description_placeholders={"address": str(self._url), "settings": self._settings},
        )

    async def async_step_use_known_password(
        self, _user_input: Mapping[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Try that password, and ask for another one if it does not work."""
        password = async_known_password(self.hass, self._url)
        if password and (result := await self._try(self._async_add(password))):
            return result
        return await self.async_step_password()

    async def async_step_password(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask for the password, and try it."""
        if user_input is not None and (
            result := await self._try(self._async_add(user_input[CONF_PASSWORD]))
        ):
            return result
        return self._form("password", PASSWORD_SCHEMA)

    @override
    async def async_step_dhcp(self, discovery_info: DhcpServiceInfo) -> ConfigFlowResult:
        """Check whether a host with a Pi-hole's name is one, and whether it is set up already."""
        if await async_recognise(self.hass, discovery_info):
            return self.async_abort(reason="already_configured")
        self._mac = format_mac(discovery_info.macaddress)
        await self.async_set_unique_id(self._mac)
        self._abort_if_unique_id_configured()
        try:
            self._url = parse_address(discovery_info.ip)
            self._probe = await self._client().probe()
        except CheckpointError as error:
            await self._async_offered(error)
            if self._offer is None:
                return self.async_abort(reason="not_a_pihole")
            self._url = self._offer
        # Any device can choose its host name, for example to show another address beside its own.
        is_plain = _PLAIN_NAME.fullmatch(discovery_info.hostname) is not None
        hostname = discovery_info.hostname if is_plain else "Pi-hole"
        name = f"{hostname} ({self._url.host})"
        self.context["title_placeholders"] = {"name": name}
        return await self.async_step_discovery_confirm()

    async def async_step_discovery_confirm(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Offer what was discovered."""
        if user_input is not None and self._offer is not None:
            return await self.async_step_user()  # where to say what to do about its certificate
        if user_input is not None and (result := await self._try(self._async_reach())):
            return result
        return self._form("discovery_confirm", vol.Schema({}), last_step=False)

    async def async_step_reauth(self, _entry_data: Mapping[str, Any]) -> ConfigFlowResult:
        """Start over with the password."""
        return await self.async_step_reauth_confirm()

    async def async_step_reauth_confirm(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask for the new password, and try it."""
        self._start_from(self._get_reauth_entry())
        if user_input is not None and (
            result := await self._try(self._async_renew(user_input[CONF_PASSWORD]))
        ):
            return result
        return self._form("reauth_confirm", MAYBE_PASSWORD_SCHEMA)

    async def async_step_reconfigure(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask for another address."""
        if user_input is not None:
            if result := await self._try(self._async_choose(user_input)):
                return result
        else:
            self._start_from(self._get_reconfigure_entry())
        values = self._with_offer(
            user_input or {CONF_URL: str(self._url), CONF_VERIFY_SSL: self._verify_ssl}
        )
        schema = self.add_suggested_values_to_schema(address_schema([]), values)
        return self._form("reconfigure", schema, last_step=False)

    async def async_step_reconfigure_password(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask for the password there; the stored one need not be typed again."""
        if user_input is not None:
            stored = self._get_reconfigure_entry().data[CONF_PASSWORD]
            password = user_input[CONF_PASSWORD] or stored
            if result := await self._try(self._async_correct(password)):
                return result
        return self._form("reconfigure_password", MAYBE_PASSWORD_SCHEMA)

    async def _try(self, going_on: Awaitable[ConfigFlowResult]) -> ConfigFlowResult | None:
        """Continue with the next step, or show in the form what is wrong."""
        try:
            with catch_unexpected(passing=(HomeAssistantError,)):
                return await going_on
        except CheckpointError as error:
            self._error = error
            return None

    def _form(self, step: str, schema: vol.Schema, *, last_step: bool = True) -> ConfigFlowResult:
        error, self._error = self._error, None
        return self.async_show_form(
            step_id=step,
            data_schema=schema,
            errors=errors_on(schema, error),
            description_placeholders={
                "address": str(self._url),
                "settings": self._settings,
                "hint": self._hint(),
                **(error.placeholders if error else {}),
            },
            last_step=last_step,
        )

    @property
    def _settings(self) -> str:
        """The page of the Pi-hole's web interface that makes app passwords."""
        return f"{self._url}/admin/settings/api"

    def _hint(self) -> str:
        """Return why a password is asked for, if that is known."""
        if self.source == SOURCE_REAUTH and not self._get_reauth_entry().data[CONF_PASSWORD]:
            return f"{async_get_words(self.hass).sentence('hint_password_set', {})}. "
        if self._has_been_restored():
            return f"{async_get_words(self.hass).sentence('hint_restored_password', {})}. "
        return ""

    def _has_been_restored(self) -> bool:
        """Check whether a restore brought back another password than the stored one."""
        if self.source != SOURCE_REAUTH:
            return False
        entry: PiholeCheckpointConfigEntry = self._get_reauth_entry()
        return (
            entry.state is ConfigEntryState.LOADED
            and entry.runtime_data.manager.restores.brought_password
        )

    def _start_from(self, entry: ConfigEntry) -> None:
        self._url = URL(entry.data[CONF_URL])
        self._verify_ssl = entry.data[CONF_VERIFY_SSL]

    async def _async_choose(self, entered: Mapping[str, Any]) -> ConfigFlowResult:
        discovered, self._url = self._url, parse_address(entered[CONF_URL])
        self._verify_ssl = entered[CONF_VERIFY_SSL]
        if self._mac is not None and self._url.host != discovered.host:
            # It may be another machine, whose hardware address this is not.
            self._mac = None
            await self.async_set_unique_id(None)
        return await self._async_reach()

    async def _async_reach(self) -> ConfigFlowResult:
        """Check without a login that a Pi-hole answers, and whether it needs a password."""
        self._async_abort_entries_match({CONF_URL: str(self._url)})
        try:
            self._probe = await self._client().probe()
        except CheckpointError as error:
            raise await self._async_offered(error) from None
        if self.source == SOURCE_RECONFIGURE:
            if self._probe.needs_password:
                return await self.async_step_reconfigure_password()
            return await self._async_correct("")
        if self._probe.needs_password:
            # With 2FA, the main password does not work here, and an app password is asked for.
            if not self._probe.has_totp and async_known_password(self.hass, self._url):
                return await self.async_step_known_password()
            return await self.async_step_password()
        return await self._async_add("")

    async def _async_offered(self, error: CheckpointError) -> CheckpointError:
        """Offer the address with https if a Pi-hole answers there, and return what to say."""
        url = https_instead(self._url, error)
        if url is None:
            return error
        # Nothing secret is sent, and a Pi-hole's own certificate is not to be trusted yet.
        client = async_lend_client(self.hass, url=url, verify_ssl=False)
        if not await client.answers(_SECONDS_TO_LOOK):
            return error
        self._offer = url
        kind = Redirected if isinstance(error, Redirected) else HttpsNeeded
        return kind(url=str(url))

    def _with_offer(self, entered: dict[str, Any] | None) -> dict[str, Any] | None:
        """Fill in the address that is offered instead of the one that was entered."""
        offer, self._offer = self._offer, None
        return entered if offer is None else {**(entered or {}), CONF_URL: str(offer)}

    async def _async_add(self, password: str) -> ConfigFlowResult:
        async with self._client(password).session() as session:
            versions = await read_versions(session)
            allowed = await may_restore_settings(session, versions)
            host_name = await read_host_name(session)
        data = self._data(password, versions)
        if self._mac is not None:
            data[CONF_MAC] = self._mac
        return self.async_create_entry(
            title=async_free_name(self.hass, host_name),
            data={**data, CONF_FOLDER: self._free_folder(), CONF_BACK_UP_FIRST: True},
            description=_READY[allowed],
            description_placeholders={"all_settings": f"{self._url}/admin/settings/all"},
        )

    async def _async_correct(self, password: str) -> ConfigFlowResult:
        entry = self._get_reconfigure_entry()
        data = {**entry.data, **await self._async_log_in(password)}
        unique_id = entry.unique_id
        async_forget_offers(self.hass, entry.entry_id)
        async_forget_upgrade(self.hass, entry.entry_id)
        if self._url.host != URL(entry.data[CONF_URL]).host:
            # It may be another machine, so the hardware address of the old one is not followed.
            data.pop(CONF_MAC, None)
            unique_id = None
        return self.async_update_reload_and_abort(entry, unique_id=unique_id, data=data)

    async def _async_renew(self, password: str) -> ConfigFlowResult:
        self._probe = await self._client().probe()
        if not self._probe.needs_password:
            password = ""
        await self._async_log_in(password)
        return self.async_update_reload_and_abort(
            self._get_reauth_entry(), data_updates={CONF_PASSWORD: password}
        )

    async def _async_log_in(self, password: str) -> dict[str, Any]:
        """Log in once to check the password, and return the data of the entry."""
        async with self._client(password).session() as session:
            versions = await read_versions(session)
        return self._data(password, versions)

    def _data(self, password: str, versions: Versions) -> dict[str, Any]:
        self._async_abort_entries_match({CONF_URL: str(self._url)})
        return {
            CONF_URL: str(self._url),
            CONF_VERIFY_SSL: self._verify_ssl,
            CONF_PASSWORD: password,
            CONF_VERSIONS: asdict(versions),
        }

    def _client(self, password: str = "") -> PiholeClient:
        return async_lend_client(
            self.hass, url=self._url, verify_ssl=self._verify_ssl, password=password
        )

    def _free_folder(self) -> str:
        """Name the folder after the address: a Pi-hole that is added again finds its archives."""
        taken = {entry.data.get(CONF_FOLDER) for entry in self._async_current_entries()}
        wanted = folder_name(self._url)
        numbered = (wanted if number == 1 else f"{wanted}_{number}" for number in count(1))
        return next(folder for folder in numbered if folder not in taken)
