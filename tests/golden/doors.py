"""Record the integration's interfaces: entities, actions, websocket, URLs, media, diagnostics."""

from collections.abc import Mapping
from datetime import datetime, timedelta
import os
from typing import Any, Final

from pytest_homeassistant_custom_component.common import get_system_health_info

from homeassistant.helpers import device_registry as dr
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.service import async_get_all_descriptions

from .house import DOMAIN, House
from .kinds import as_it_is

_OF_ENTITIES: Final = (
    "translation_key",
    "original_device_class",
    "entity_category",
    "disabled_by",
    "unit_of_measurement",
    "has_entity_name",
)
NOBODY: Final = "0a1b2c3d4e5f"
"""The ID of no backup."""


def see_entities(house: House) -> None:
    """Record the kitchen's device and entities as the registries have them."""
    hass, entry_id = house.hass, house.entries["kitchen"]
    [device] = dr.async_entries_for_config_entry(dr.async_get(hass), entry_id)
    for name in (
        *("identifiers", "entry_type", "manufacturer", "name", "sw_version"),
        *("configuration_url",),
    ):
        house.see("entities", f"the device: {name}", getattr(device, name))
    for entity in er.async_entries_for_config_entry(er.async_get(hass), entry_id):
        key = entity.unique_id.removeprefix(f"{entry_id}_")
        where = f"{entity.domain}.{key}"
        house.see("entities", f"{where}: unique_id", entity.unique_id)
        house.see("entities", f"{where}: entity_id", entity.entity_id)
        for name in _OF_ENTITIES:
            value = getattr(entity, name)
            shown = as_it_is(value) if isinstance(value, bool) else value
            house.see("entities", f"{where}: {name}", shown)
        house.see("entities", f"{where}: capabilities", dict(entity.capabilities or {}))


async def see_actions(house: House) -> None:
    """Record the actions and their fields."""
    services = house.hass.services.async_services_for_domain(DOMAIN)
    described = (await async_get_all_descriptions(house.hass))[DOMAIN]
    for name, service in services.items():
        house.see("actions", f"{name}: answers", service.supports_response)
        _see_schema(house, "actions", f"{name}: takes", service.schema)
        for field, about in described[name]["fields"].items():
            house.see("actions", f"{name}: form.{field}", _form_of(about))


def _form_of(about: Mapping[str, Any]) -> dict[str, Any]:
    """Return a field's selector, without the defaults that Home Assistant adds."""
    [(selector, config)] = about["selector"].items()
    form: dict[str, Any] = {"selector": selector}
    for name in ("required", "default"):
        if name in about:
            form[name] = as_it_is(about[name])
    for name, value in (config or {}).items():
        if value:
            form[f"selector.{selector}.{name}"] = as_it_is(value) if value is True else value
    return form


def see_websocket(house: House) -> None:
    """Record the websocket commands and their fields."""
    for command, (_, schema) in house.hass.data["websocket_api"].items():
        if command.startswith(DOMAIN):
            _see_schema(house, "websocket", f"{command}: takes", schema)


def _see_schema(house: House, book: str, where: str, schema: Any) -> None:  # noqa: ANN401 - either
    house.see(book, where, [])
    fields: Mapping[Any, Any] = getattr(schema, "schema", schema) or {}
    for field in fields:
        if field in ("id", "type"):  # Home Assistant's, of every command
            continue
        called = type(field).__name__.lower()
        house.see(book, where, [f"{called if called != 'str' else 'optional'}:{field}"])
        if callable(usual := getattr(field, "default", None)):
            house.see(book, f"{where}.{field}: default", as_it_is(usual()))


async def see_page(house: House) -> None:
    """Record the results and errors of the websocket commands."""
    entry_id = house.entries["kitchen"]
    one = {"config_entry_id": entry_id}
    newest = (await house.listed())[0]["id"]
    for command, fields in (
        ("piholes", {}),
        ("backups", one | {"limit": 2}),
        ("backups", one | {"after": newest}),
        ("changes", one | {"backup_id": newest}),
        ("contents", one | {"backup_id": newest}),
        ("contents", one | {"backup_id": newest, "subject": "settings"}),
        ("differences", {}),
    ):
        result = await house.page.result(f"{DOMAIN}/{command}", **fields)
        house.see("websocket", f"{DOMAIN}/{command}: result", result)
    for command, fields in (
        ("backups", one | {"after": NOBODY}),
        ("backups", {"config_entry_id": "none"}),
        ("changes", one | {"backup_id": NOBODY}),
        ("contents", one | {"backup_id": NOBODY}),
        ("subscribe", {"config_entry_id": "none"}),
    ):
        answer = await house.page.ask(f"{DOMAIN}/{command}", **fields)
        error = {name: item for name, item in answer["error"].items() if name != "message"}
        house.see("websocket", f"{DOMAIN}/{command}: error", error)


async def see_urls(house: House) -> None:
    """Record the URLs, and the headers of a download."""
    for resource in house.hass.http.app.router.resources():
        if DOMAIN in (path := resource.canonical):
            methods = {route.method for route in resource}
            house.see("urls", path, methods)
    for url in house.hass.data["frontend_extra_module_url"].urls:
        if DOMAIN in url:
            house.see("urls", "loaded by every page", url)
            response = await house.browser.get(url)
            house.see("urls", "loaded by every page: status", as_it_is(response.status))
    good, damaged, *_ = [item for item in await house.listed() if item["status"] == "good"]
    os.truncate(house.folder / damaged["filename"], 10)
    await house.act("verify", backup_id=damaged["id"])
    nobody = {"id": NOBODY}
    for backup, where in (
        (good, "an archive"),
        (damaged, "a damaged archive"),
        (nobody, "no archive"),
    ):
        response = await house.browser.get(
            f"/api/{DOMAIN}/{house.entries['kitchen']}/{backup['id']}"
        )
        house.see("urls", f"{where}: status", as_it_is(response.status))
        for name in ("Content-Type", "Content-Disposition", "Cache-Control"):
            header = response.headers.get(name, "-")
            house.see("urls", f"{where}: {name}", header.replace(" ", "\N{OPEN BOX}"))


async def see_media(house: House) -> None:
    """Record the folders and files in the media browser."""

    async def browse(media_id: str, depth: int) -> None:
        found = await house.page.result("media_source/browse_media", media_content_id=media_id)
        _see_media(house, f"folder {depth}", found)
        for child in found["children"]:
            if child["can_expand"]:
                await browse(child["media_content_id"], depth + 1)
            else:
                _see_media(house, "archive", child)
                files.append(child["media_content_id"])

    files: list[str] = []
    await browse(f"media-source://{DOMAIN}", 0)
    link = await house.page.result("media_source/resolve_media", media_content_id=files[0])
    house.see("media", "link", link | {"url": link["url"].partition("?")[0]})


def _see_media(house: House, where: str, found: Mapping[str, Any]) -> None:
    for name in ("media_class", "media_content_id", "media_content_type"):
        house.see("media", f"{where}: {name}", found[name])
    for name in ("can_play", "can_expand"):
        house.see("media", f"{where}: {name}", as_it_is(found[name]))


async def see_what_helps(house: House) -> None:
    """Record diagnostics and system health."""
    path = f"/api/diagnostics/config_entry/{house.entries['kitchen']}"
    response = await house.browser.get(path)
    house.see("diagnostics", "data", (await response.json())["data"])
    house.see("system_health", "info", await get_system_health_info(house.hass, DOMAIN))


async def see_logbook(house: House, since: datetime) -> None:
    """Record the logbook's line for each event."""
    until = since + timedelta(days=3)
    lines = await house.page.result(
        "logbook/get_events", start_time=since.isoformat(), end_time=until.isoformat()
    )
    described = [item for item in lines if item.get("domain") == DOMAIN and "entity_id" not in item]
    assert len(described) == len(house.happened)
    for line, kind in zip(described, house.happened, strict=True):
        for name in ("domain", "name", "message"):
            house.see("logbook", f"{kind}: {name}", line[name])
