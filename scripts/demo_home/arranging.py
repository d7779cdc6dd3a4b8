"""From a Home Assistant that just started to one that is ready to log in to."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import NotRequired, TypedDict, cast

from aiohttp import ClientError

from . import dashboard
from .api import Api
from .dashboard import Entities
from .home import Home
from .telling import DemoError

DOMAIN = "pihole_checkpoint"
USER = "demo"  # the name and the password
_START_TIMEOUT = 180
_FIRST_BACKUP_TIMEOUT = 90


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """The Pi-hole to add."""

    url: str
    password: str = field(repr=False)
    verify_ssl: bool = True


class _Entry(TypedDict):
    entry_id: str
    title: str


class _Step(TypedDict):
    """A config flow's answer."""

    type: str
    flow_id: str
    step_id: NotRequired[str]
    errors: NotRequired[dict[str, str] | None]
    description_placeholders: NotRequired[dict[str, str] | None]
    reason: NotRequired[str]
    result: NotRequired[_Entry]


class _RegistryEntry(TypedDict):
    config_entry_id: str | None
    entity_id: str
    translation_key: str | None


async def wait_until_up(home: Home, api: Api) -> None:
    """Wait until it answers."""
    await _until(home, api.is_up)


async def onboard(home: Home, api: Api) -> None:
    """Create the user, as one does on the first visit, and keep the address."""
    client = api.client
    user = {"name": "Demo", "username": USER, "password": USER, "language": "en"}
    created = await api.post("onboarding/users", {**user, "client_id": client})
    await api.log_in(cast("dict[str, str]", created)["auth_code"])
    with suppress(DemoError):  # older ones know nothing of this
        # Before anything else: unconfirmed, the settings that keep it on 127.0.0.1 are taken back
        # after five minutes.
        await api.command("http/config/promote")
        # It advises to take them out of configuration.yaml now. Not in a demo.
        await api.command(
            "repairs/ignore_issue", domain="http", issue_id="deprecated_yaml", ignore=True
        )
    await api.post("onboarding/analytics")
    await api.post("onboarding/integration", {"client_id": client, "redirect_uri": client})
    await wait_until_running(home, api)
    # The frontend waits for this on every page, for ever when it fails.
    await api.command("get_services")


async def wait_until_running(home: Home, api: Api) -> None:
    """Wait until all that is set up at a start is there."""

    async def is_running() -> bool:
        try:
            return cast("dict[str, object]", await api.get("config"))["state"] == "RUNNING"
        except ClientError, DemoError:  # not yet
            return False

    await _until(home, is_running)


async def add_pihole(api: Api, target: Target) -> _Entry:
    """Go through the config flow, as one does in the browser, and wait for the first backup."""
    flows = "config/config_entries/flow"
    step = cast("_Step", await api.post(flows, {"handler": DOMAIN}))
    answers: dict[str, object] = {
        "user": {"url": target.url, "verify_ssl": target.verify_ssl},
        "password": {"password": target.password},
    }
    while step["type"] == "form":
        if step.get("errors"):
            raise DemoError(await _error_text(api, step))
        answer = answers.pop(step.get("step_id", ""), None)
        if answer is None:
            raise DemoError(f"The config flow asks for something unexpected: {step.get('step_id')}")
        if answer == {"password": ""}:
            raise DemoError("The Pi-hole asks for a password: put it into PIHOLE_PASSWORD.")
        step = cast("_Step", await api.post(f"{flows}/{step['flow_id']}", answer))
    if "result" not in step:
        raise DemoError(f"The config flow ended without an entry: {step.get('reason')}")
    entry = step["result"]
    await _wait_for_first_backup(api, entry)
    return entry


async def _wait_for_first_backup(api: Api, entry: _Entry) -> None:
    """Wait for the backup that is made right after a Pi-hole was added."""
    path = f"services/{DOMAIN}/list?return_response"
    try:
        async with asyncio.timeout(_FIRST_BACKUP_TIMEOUT):
            while True:
                answer = await api.post(path, {"config_entry_id": entry["entry_id"]})
                if cast("dict[str, dict[str, object]]", answer)["service_response"]["backups"]:
                    return
                await asyncio.sleep(0.1)
    except TimeoutError:
        raise DemoError(
            f"{entry['title']} was not backed up within {_FIRST_BACKUP_TIMEOUT} seconds of adding."
        ) from None


async def _error_text(api: Api, step: _Step) -> str:
    """Say it in the words that the browser would show."""
    texts = await api.command(
        "frontend/get_translations", language="en", category="config", integration=[DOMAIN]
    )
    resources = cast("dict[str, dict[str, str]]", texts)["resources"]
    placeholders = step.get("description_placeholders") or {}
    keys = (step.get("errors") or {}).values()
    prefix = f"component.{DOMAIN}.config.error"
    return " ".join(resources.get(f"{prefix}.{key}", key).format(**placeholders) for key in keys)


async def find_entities(api: Api, entry: _Entry) -> Entities:
    """Look up what the entities are called here."""
    listed = cast("list[_RegistryEntry]", await api.command("config/entity_registry/list"))
    ids = {
        str(item["translation_key"]): item["entity_id"]
        for item in listed
        if item["config_entry_id"] == entry["entry_id"]
    }
    try:
        return Entities(
            backup_now=ids["backup_now"],
            last_backup=ids["last_backup"],
            backup_count=ids["backup_count"],
        )
    except KeyError as missing:
        raise DemoError(f"The integration has not added its entity {missing}.") from None


async def make_dashboard(api: Api, title: str, entities: Entities) -> None:
    """Add the dashboard and make it the first thing that is shown."""
    await api.command(
        "lovelace/dashboards/create",
        url_path=dashboard.PATH,
        title=dashboard.TITLE,
        icon=dashboard.ICON,
        mode="storage",
    )
    await api.command(
        "lovelace/config/save", url_path=dashboard.PATH, config=dashboard.dashboard(title, entities)
    )
    await api.command(
        "frontend/set_system_data", key="core", value={"default_panel": dashboard.PATH}
    )


async def _until(home: Home, reached: Callable[[], Awaitable[bool]]) -> None:
    try:
        async with asyncio.timeout(_START_TIMEOUT):
            while not await reached():
                if home.has_ended:
                    raise DemoError("Home Assistant ended instead of starting.")
                await asyncio.sleep(0.2)
    except TimeoutError:
        raise DemoError(f"Home Assistant did not start within {_START_TIMEOUT} seconds.") from None
