"""Add and change Pi-holes through Home Assistant's flows, and record what these show."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
import shutil
from typing import Any, Final

import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_fire_time_changed,
)

from custom_components.pihole_checkpoint.const import CONF_BACK_UP_FIRST
from custom_components.pihole_checkpoint.manager.storage import PersistentState
from homeassistant.config_entries import (
    RELOAD_AFTER_UPDATE_DELAY,
    SOURCE_DHCP,
    SOURCE_RECONFIGURE,
    SOURCE_USER,
    ConfigEntryState,
)
from homeassistant.data_entry_flow import FlowResultType, section
from homeassistant.helpers.service_info.dhcp import DhcpServiceInfo
from pihole_simulator import PiholeV5, Simulator, faults
from tests.support.flows import SECTION_OF
from tests.support.home import enable_as_before
from tests.support.network import Network
from tests.support.passwords import APP_PASSWORD, PASSWORD

from .house import DOMAIN, House
from .kinds import as_it_is

_MAC: Final = "001122334455"

type Result = Mapping[str, Any]


class Flow:
    """A flow whose forms and endings are recorded."""

    def __init__(self, house: House, name: str, manager: Any) -> None:  # noqa: ANN401 - of either
        self._house = house
        self._name = name
        self._manager = manager
        self.result: Result = {}

    async def start(self, handler: str, **of_it: Any) -> None:  # noqa: ANN401 - it is passed on
        self._take(await self._manager.async_init(handler, **of_it))

    async def go_on(self, flow_id: str) -> None:
        """Open a flow that Home Assistant started."""
        self._take(await self._manager.async_configure(flow_id))

    async def enter(self, **fields: object) -> None:
        self._take(await self._manager.async_configure(self.result["flow_id"], fields))
        is_added = self.result["type"] is FlowResultType.CREATE_ENTRY
        await self._house.hass.async_block_till_done(wait_background_tasks=is_added)
        await self._house.look()

    def _take(self, result: Result) -> None:
        self.result = result
        match result["type"]:
            case FlowResultType.FORM:
                self._see_form(result)
            case FlowResultType.MENU:
                where = f"{self._name}: {result['step_id']}"
                self._house.see("flows", f"{where}: menu_options", list(result["menu_options"]))
            case FlowResultType.ABORT:
                self._house.see("flows", f"{self._name}: ends with", result["reason"])
            case FlowResultType.CREATE_ENTRY:
                self._house.see("flows", f"{self._name}: ends with", "create_entry")
                if description := result["description"]:
                    self._house.see("flows", f"{self._name}: says at last", description)
                    names = list(result["description_placeholders"])
                    self._house.see("flows", f"{self._name}: says at last: placeholders", names)

    def _see_form(self, result: Result) -> None:
        where = f"{self._name}: {result['step_id']}"
        self._house.see("flows", f"{where}: errors", result["errors"] or {})
        names = list(result["description_placeholders"] or {})
        self._house.see("flows", f"{where}: placeholders", names)
        _see_fields(self._house, f"{where}: fields", result["data_schema"].schema)


def _see_fields(house: House, where: str, fields: Mapping[Any, Any]) -> None:
    house.see("flows", where, [f"{type(field).__name__.lower()}:{field}" for field in fields])
    for field, kind in fields.items():
        if isinstance(kind, section):
            _see_fields(house, f"{where}.{field}", kind.schema.schema)
            continue
        path = f"{where}.{field}"
        selectors = getattr(kind, "validators", (kind,))  # of one that is completed by more
        selector = selectors[0]
        options = [
            option if isinstance(option, str) else option["value"]
            for option in selector.config.get("options") or ()
        ]
        translated = selector.config.get("translation_key")
        called = selector.selector_type + (f":{translated}" if translated else "")
        house.see("flows", path, called)
        if options:
            house.see("flows", f"{path}: options", options)
        if (usual := getattr(field, "default", None)) and callable(usual):
            house.see("flows", f"{path}: default", as_it_is(usual()))


def _fields(schema: Mapping[Any, Any]) -> Iterator[Any]:
    """Give the fields of a form, with those in its sections."""
    for field, kind in schema.items():
        if isinstance(kind, section):
            yield from _fields(kind.schema.schema)
        else:
            yield field


def config_flow(house: House, name: str) -> Flow:
    return Flow(house, name, house.hass.config_entries.flow)


async def _user(house: House) -> Flow:
    flow = config_flow(house, "user")
    await flow.start(DOMAIN, context={"source": SOURCE_USER})
    return flow


async def add_kitchen(house: House) -> None:
    """Add the kitchen, after every error that a user can make or meet."""
    flow = await _user(house)
    await flow.enter(url="no address", verify_ssl=True)
    await flow.enter(url=house.attic.url, verify_ssl=True)
    await flow.enter(url=house.kitchen.url.replace("http:", "https:"), verify_ssl=True)
    async with PiholeV5() as old:
        await flow.enter(url=old.origin, verify_ssl=True)
    for fault in (
        faults.html(),
        faults.redirect_to("https://proxy.example/"),
        faults.raw(b"SSH-2.0-OpenSSH_9.2p1\r\n"),
        faults.drop(),
    ):
        house.kitchen.faults.next("probe", fault, times=2)
        await flow.enter(url=house.kitchen.url, verify_ssl=True)
        house.kitchen.faults.clear()
    await house.kitchen.stop()
    await flow.enter(url=house.kitchen.url, verify_ssl=True)
    await house.kitchen.start()
    await flow.enter(url=house.kitchen.url, verify_ssl=True)
    for fault in (
        faults.error(401, "unauthorized", "Invalid 2FA token"),
        faults.error(429, "api_seats_exceeded", "API seats exceeded"),
        faults.error(500, "internal_error", "Out of memory"),
    ):
        house.kitchen.faults.always("login", fault)
        await flow.enter(password=PASSWORD)
        house.kitchen.faults.clear()
    await flow.enter(password="another")
    await flow.enter(password=PASSWORD)
    house.entries["kitchen"] = flow.result["result"].entry_id
    await _forget_first_backup(house)
    again = await _user(house)
    await again.enter(url=house.kitchen.url, verify_ssl=True)


async def _forget_first_backup(house: House) -> None:
    """Have the kitchen be as an older release has added it: never backed up."""
    entry = house.entry("kitchen")
    await house.hass.config_entries.async_unload(entry.entry_id)
    shutil.rmtree(house.folder)
    await PersistentState(house.hass, entry.entry_id).remove()
    data = {name: value for name, value in entry.data.items() if name != CONF_BACK_UP_FIRST}
    house.hass.config_entries.async_update_entry(entry, data=data)
    enable_as_before(house.hass, entry)
    # Home Assistant reloads it, for the entities that were enabled.
    soon = datetime.now(UTC) + timedelta(seconds=RELOAD_AFTER_UPDATE_DELAY + 1)
    async_fire_time_changed(house.hass, soon)
    await house.look()
    assert entry.state is ConfigEntryState.LOADED


async def add_attic(house: House) -> None:
    """Add the attic, over https and with the app password of Home Assistant's own integration."""
    own = {"host": f"127.0.0.1:{house.attic.port}", "location": "admin", "ssl": True}
    known = MockConfigEntry(domain="pi_hole", data={**own, "api_key": APP_PASSWORD})
    known.add_to_hass(house.hass)
    flow = await _user(house)
    await flow.enter(url=house.attic.url, verify_ssl=False)
    await flow.enter(next_step_id="password")
    house.hass.config_entries.flow.async_abort(flow.result["flow_id"])
    flow = await _user(house)
    await flow.enter(url=house.attic.url, verify_ssl=False)
    await flow.enter(next_step_id="use_known_password")
    entry = flow.result["result"]
    house.entries["attic"] = entry.entry_id
    # Its usual time depends on the port, which may be any.
    never = {"schedule": {"frequency": "never", "time": "03:00:00", "weekdays": []}}
    house.hass.config_entries.async_update_entry(entry, options=never)
    await house.hass.config_entries.async_reload(entry.entry_id)
    await house.look()


async def discover(house: House) -> None:
    """Discover a host that is no Pi-hole, a new Pi-hole, and the same one at another address."""

    async def flow(ip: str) -> Flow:
        begun = config_flow(house, "dhcp")
        found = DhcpServiceInfo(ip=ip, hostname="pihole", macaddress=_MAC)
        await begun.start(DOMAIN, context={"source": SOURCE_DHCP}, data=found)
        await house.look()
        return begun

    with pytest.MonkeyPatch.context() as patch:
        network = Network(patch)
        async with Simulator(password="") as found:
            network["192.168.1.2:80"] = found
            await flow("192.168.1.9")
            offered = await flow("192.168.1.2")
            found.faults.always("everything", faults.drop())
            await offered.enter()
            found.faults.clear()
            await offered.enter()
            entry = offered.result["result"]
            house.see("entry", "of a discovered one: unique_id", entry.unique_id)
            house.see("entry", "of a discovered one: data", entry.data)
            await flow("192.168.1.2")
            network["192.168.1.3:80"] = network.pop("192.168.1.2:80")
            await flow("192.168.1.3")
            await _look_at_offer(house, f"new_address_{entry.entry_id}_192.168.1.3")
            await house.hass.config_entries.async_remove(entry.entry_id)
            await house.look()


async def _look_at_offer(house: House, issue_id: str) -> None:
    """Record the choices of the repair for a Pi-hole that was seen at another address."""
    order = {"handler": DOMAIN, "issue_id": issue_id}
    response = await house.browser.post("/api/repairs/issues/fix", json=order)
    flow = await response.json()
    for name in ("type", "step_id", "menu_options"):
        house.see("flows", f"repair of new_address: {name}", flow[name])


async def reconfigure(house: House) -> None:
    """Enter another address and the same password, and then the address of before."""
    with pytest.MonkeyPatch.context() as patch:
        network = Network(patch)
        network["pi.hole:80"] = network[f"127.0.0.1:{house.kitchen.port}"] = house.kitchen
        for url in ("http://pi.hole", house.kitchen.url):
            flow = config_flow(house, "reconfigure")
            context = {"source": SOURCE_RECONFIGURE, "entry_id": house.entries["kitchen"]}
            await flow.start(DOMAIN, context=context)
            await flow.enter(url="http://nobody.here", verify_ssl=True)
            await flow.enter(url=url, verify_ssl=True)
            await flow.enter(password="another")
            await flow.enter(password="")


async def enter_password_again(house: House) -> None:
    """Enter the right password in the form that Home Assistant shows after a wrong one."""
    [asked] = house.hass.config_entries.flow.async_progress_by_handler(DOMAIN)
    house.see("flows", "reauth: begins with", asked["step_id"])
    flow = config_flow(house, "reauth")
    await flow.go_on(asked["flow_id"])
    await flow.enter(password="another")
    await flow.enter(password=PASSWORD)


async def choose_options(house: House) -> None:
    """Set all options, after every error in the form, and move the backups."""
    for name in ("nas", "taken"):
        (house.config / name).mkdir()
    taken = house.config / "taken" / house.folder.name
    taken.mkdir()
    (taken / "mine.txt").touch()
    daily = {"frequency": "daily", "time": "03:10:00", "weekdays": ["mon", "thu"]}
    rules = {"last": 10, "daily": 14, "weekly": 8, "monthly": 12, "yearly": 0}
    entered: dict[str, tuple[dict[str, object], ...]] = {
        "schedule": ({"frequency": "weekdays", "time": "03:10:00", "weekdays": []}, {**daily}),
        "retention": ({**rules, "more": {"manual": 100, "max_age": 0}},),
        "storage": tuple(
            {"parent": str(house.config / folder)}
            for folder in (".storage", "not there", "taken", "nas")
        ),
        "advanced": ({"deadline": 60, "skip_unchanged": True, "before_ha_backup": True},),
    }
    flow = Flow(house, "options", house.hass.config_entries.options)
    await flow.start(house.entries["kitchen"])
    await flow.enter(next_step_id="restore")
    for page, tries in entered.items():
        await flow.start(house.entries["kitchen"])
        await flow.enter(next_step_id=page)
        for field in _fields(flow.result["data_schema"].schema):
            usual = field.description["suggested_value"]
            is_own = field in ("time", "parent")  # of each Pi-hole
            shown = "<its_own>" if is_own else as_it_is(usual)
            house.see("entry", f"default options.{SECTION_OF[page]}.{field}", shown)
        for values in tries:
            await flow.enter(**values)
    await house.look()


def see_entries(house: House) -> None:
    """Record the data and options of the entries."""
    for name in house.entries:
        entry = house.entry(name)
        house.see("entry", "data", entry.data)
        house.see("entry", "options", entry.options)
        house.see("entry", "unique_id", entry.unique_id)
        house.see("entry", "title", entry.title)
        house.see("entry", "version", as_it_is(entry.version))
