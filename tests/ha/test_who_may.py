"""Who may do what: every cell of `docs/who-may.md` is tried, and every door has a row there."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from http import HTTPStatus
from pathlib import Path
import re
from typing import Any, Final

import aiohttp
from aiohttp.test_utils import TestClient
import pytest
from pytest_homeassistant_custom_component.common import CLIENT_ID, MockUser
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator
from yarl import URL

from custom_components.pihole_checkpoint.const import DOMAIN, EVENT_BACKUP
from custom_components.pihole_checkpoint.http import download_url
from homeassistant import components
from homeassistant.auth.const import GROUP_ID_ADMIN, GROUP_ID_READ_ONLY, GROUP_ID_USER
from homeassistant.auth.models import RefreshToken
from homeassistant.components.backup.const import DATA_MANAGER
from homeassistant.components.http.auth import async_sign_path
from homeassistant.components.media_source import MediaSource
from homeassistant.core import Context, HomeAssistant
from homeassistant.exceptions import Unauthorized
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers import issue_registry as ir
from homeassistant.helpers.llm import LLMContext, ToolInput, async_get_api
from homeassistant.helpers.recorder import get_instance
from homeassistant.loader import async_get_integration
from homeassistant.setup import async_setup_component
from pihole_simulator import Simulator, configuration_of
from tests.support.home import Home

pytestmark = [
    # Of older ones, when they look at a token that nobody gave out.
    pytest.mark.filterwarnings("ignore:The HMAC key is 0 bytes long")
]

DOCUMENT: Final = Path(__file__).parents[2] / "docs" / "who-may.md"
PEOPLE: Final = ("nobody", "read-only user", "user", "administrator")
GROUPS: Final = {
    "read-only user": GROUP_ID_READ_ONLY,
    "user": GROUP_ID_USER,
    "administrator": GROUP_ID_ADMIN,
}
BUILT_IN: Final = frozenset(
    path.parent.name
    for folder in components.__path__
    for path in Path(folder).glob("*/manifest.json")
)
SHARED_ROOMS: Final = (
    "api",
    "auth",
    "backup",
    "config",
    "diagnostics",
    "file_upload",
    "media_source",
    "repairs",
    "system_health",
    "websocket_api",
)
"""Those of Home Assistant that somebody of ours is tried in."""
OWN_ROOMS: Final = {"frontend", "http", "websocket_api"}
"""Those that are called like one of Home Assistant's and have to do with none."""


def table() -> dict[str, list[str]]:
    """Read the page: by door, what each of the people may do."""
    rows = [
        [cell.strip().replace("`", "") for cell in line.strip("|\n").split("|")]
        for line in DOCUMENT.read_text().splitlines()
        if line.startswith("|") and not line.startswith("| ---")
    ]
    assert {tuple(row) for row in rows if row[0] == "door"} == {("door", *PEOPLE)}
    rows = [row for row in rows if row[0] != "door"]
    assert len({row[0] for row in rows}) == len(rows), "a door has one row"
    return {door: cells for door, *cells in rows}


TABLE: Final = table()


@dataclass(kw_only=True)
class Person:
    """Someone before the doors, with what one has to show. It may be nothing."""

    browser: TestClient[Any, Any]
    token: str | None
    refresh_token: RefreshToken | None

    async def http(self, method: str, path: str, body: object = None) -> aiohttp.ClientResponse:
        """Ask over HTTP."""
        headers = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        return await self.browser.request(
            method, URL(path, encoded=True), headers=headers, json=body
        )

    async def asks(self, method: str, path: str, body: object = None) -> str:
        """Ask over HTTP, and return the outcome."""
        response = await self.http(method, path, body)
        return "allowed" if response.status < HTTPStatus.BAD_REQUEST else str(response.status)

    async def says(self, command: str, **data: object) -> dict[str, Any]:
        """Send a command over the websocket, and give its answer."""
        async with self.browser.ws_connect("/api/websocket") as socket:
            assert (await socket.receive_json())["type"] == "auth_required"
            if self.token:
                await socket.send_json({"type": "auth", "access_token": self.token})
                if (answer := await socket.receive_json())["type"] != "auth_ok":
                    return dict(answer)
            await socket.send_json({"id": 1, "type": command, **data})
            return dict(await socket.receive_json())

    async def commands(self, command: str, **data: object) -> str:
        """Send a command over the websocket, and return the outcome."""
        return said(await self.says(command, **data))


def said(answer: dict[str, Any]) -> str:
    if answer["type"] != "result":
        return str(answer["type"])
    if answer["success"]:
        return "allowed"
    # Of an action, the code is only that it failed.
    is_about_rights = answer["error"]["message"] == "Unauthorized"
    return "unauthorized" if is_about_rights else str(answer["error"]["code"])


@dataclass(kw_only=True)
class House:
    """All that is behind the doors, and who stands before them."""

    home: Home
    sim: Simulator
    people: dict[str, list[Person]]
    backup_id: str

    @property
    def hass(self) -> HomeAssistant:
        return self.home.hass

    @property
    def entry_id(self) -> str:
        return self.home.entry.entry_id

    @property
    def administrator(self) -> Person:
        return self.people["administrator"][0]

    @property
    def archive(self) -> str:
        return download_url(self.entry_id, self.backup_id)

    def look(self) -> tuple[object, ...]:
        """Give all that somebody who is refused must leave as it is."""
        return (
            {file: (self.home.folder / file).stat().st_mtime_ns for file in self.home.files},
            self.sim.logins,
            self.hass.config_entries.flow.async_progress(),
            self.hass.config_entries.options.async_progress(),
        )


type Try = Callable[[House, Person], Awaitable[list[str]]]
"""Have somebody try a door in each way there is, and return the outcome of each."""


def acting(action: str, prepare: Callable[[House], Awaitable[dict[str, object]]]) -> Try:
    """Have an action performed."""
    domain, service = action.split(".")
    answers = {"return_response": True} if domain == DOMAIN else {}

    async def do(house: House, person: Person) -> list[str]:
        outcomes: list[str] = []
        for over_http in (True, False):
            data = await prepare(house)
            before = house.look()
            if over_http:
                query = "?return_response" if answers else ""
                path = f"/api/services/{domain}/{service}{query}"
                outcome = await person.asks("POST", path, data)
            else:
                names = {"domain": domain, "service": service, "service_data": data}
                outcome = await person.commands("call_service", **names, **answers)
            assert outcome == "allowed" or house.look() == before
            outcomes.append(outcome)
        return outcomes

    return do


def commanding(command: str, prepare: Callable[[House], Awaitable[dict[str, object]]]) -> Try:
    """Have a command sent over the websocket."""

    async def do(house: House, person: Person) -> list[str]:
        return [await person.commands(command, **await prepare(house))]

    return do


def asking(method: str, path: Callable[[House], str]) -> Try:
    """Have a path asked for."""

    async def do(house: House, person: Person) -> list[str]:
        return [await person.asks(method, path(house))]

    return do


def posting(path: str, prepare: Callable[[House], Awaitable[dict[str, object]]]) -> Try:
    """Have something posted."""

    async def do(house: House, person: Person) -> list[str]:
        return [await person.asks("POST", path, await prepare(house))]

    return do


async def nothing(_house: House) -> dict[str, object]:
    return {}


async def the_pihole(house: House) -> dict[str, object]:
    return {"config_entry_id": house.entry_id}


async def the_backup(house: House) -> dict[str, object]:
    return {"config_entry_id": house.entry_id, "backup_id": house.backup_id}


async def a_backup(house: House) -> dict[str, object]:
    [record] = await house.home.back_up()
    return {"config_entry_id": house.entry_id, "backup_id": record["id"]}


async def the_button(house: House) -> dict[str, object]:
    return {"entity_id": house.home.entity_id("backup_now")}


async def a_restored_pihole(house: House) -> dict[str, object]:
    if "before_restore" not in {record["trigger"] for record in await house.home.backups()}:
        house.sim.pihole.settings["dns.blockTTL"] = 60
        await house.home.call("restore", **await the_backup(house))
    return await the_pihole(house)


async def a_file(house: House) -> dict[str, object]:
    form = aiohttp.FormData()
    form.add_field("file", house.home.archives[0].read_bytes(), filename="mine.zip")
    person = house.administrator
    response = await person.browser.post(
        "/api/file_upload", data=form, headers={"Authorization": f"Bearer {person.token}"}
    )
    return {"config_entry_id": house.entry_id, "file": (await response.json())["file_id"]}


async def what_to_delete(house: House) -> dict[str, object]:
    await house.home.back_up()
    return {"config_entry_id": house.entry_id, "dry_run": False}


async def a_note(house: House) -> dict[str, object]:
    return {**await the_backup(house), "note": f"after {house.sim.logins} logins", "pinned": True}


async def the_issue(house: House) -> dict[str, object]:
    ir.async_create_issue(
        house.hass,
        DOMAIN,
        "an_issue",
        is_fixable=True,
        data={"entry_id": house.entry_id},
        severity=ir.IssueSeverity.WARNING,
        translation_key="restore_not_begun",
    )
    return {"handler": DOMAIN, "issue_id": "an_issue"}


async def the_folder(house: House) -> dict[str, object]:
    return {"media_content_id": f"media-source://{DOMAIN}/{house.entry_id}"}


async def the_search(house: House) -> dict[str, object]:
    return {**await the_folder(house), "search_query": "first"}


async def follow_a_link(house: House, person: Person) -> list[str]:
    """Follow an own signed link or, for people who cannot sign, one for something else."""
    path = house.archive
    if person.refresh_token is not None and person.token is not None:
        answer = await person.says("auth/sign_path", path=path, expires=30)
        if answer["type"] == "result":
            return [await _follow(person, str(answer["result"]["path"]))]
    signer = house.administrator.refresh_token
    assert signer is not None
    other = async_sign_path(house.hass, f"{path}0", timedelta(60), refresh_token_id=signer.id)
    late = async_sign_path(house.hass, path, timedelta(-60), refresh_token_id=signer.id)
    links = [f"{path}?{URL(other).query_string}", late, f"{path}?authSig=nonsense", path]
    [outcome] = {await _follow(person, link) for link in links}
    return [outcome]


async def _follow(person: Person, link: str) -> str:
    """Follow a link as a browser does, which shows no token."""
    response = await person.browser.get(URL(link, encoded=True))
    return "allowed" if response.status == HTTPStatus.OK else str(response.status)


async def follow_to_an_archive(house: House, person: Person) -> list[str]:
    answer = await person.says(
        "media_source/resolve_media",
        media_content_id=f"media-source://{DOMAIN}/{house.entry_id}/{house.backup_id}",
    )
    if (outcome := said(answer)) != "allowed":
        return [outcome]
    return [await _follow(person, str(answer["result"]["url"]))]


async def read_states(house: House, person: Person) -> list[str]:
    response = await person.http("GET", "/api/states")
    read = await response.json() if response.status == HTTPStatus.OK else None
    answer = await person.says("get_states")
    entity_ids = {
        state for state in house.hass.states.async_entity_ids() if state in entities(house)
    }
    assert entity_ids
    return [
        str(response.status) if read is None else _all_of(entity_ids, read),
        said(answer) if said(answer) != "allowed" else _all_of(entity_ids, answer["result"]),
    ]


def _all_of(wanted: set[str], states: list[dict[str, object]]) -> str:
    return "allowed" if wanted <= {state["entity_id"] for state in states} else "some left out"


def entities(house: House) -> set[str]:
    registry = er.async_get(house.hass)
    found = er.async_entries_for_config_entry(registry, house.entry_id)
    return {entry.entity_id for entry in found}


def asking_as_a_model(tool: str, missing: str | None = None) -> Try:
    """Have a language model use one of its tools."""

    async def do(house: House, person: Person) -> list[str]:
        known = person.refresh_token
        context = LLMContext(
            platform="test",
            context=Context(user_id="nobody" if known is None else known.user.id),
            language="en",
            assistant="conversation",
            device_id=None,
        )
        api = await async_get_api(house.hass, DOMAIN, context)
        arguments = {"since": house.backup_id} if tool == "get_changes" else {}
        asked = ToolInput(tool_name=f"{DOMAIN}__{tool}", tool_args=arguments)
        try:
            result: Any = await api.async_call_tool(asked)
        except Unauthorized:
            return ["unauthorized"]
        [answer] = getattr(result, "data", result)["piholes"]
        return ["left out" if missing is not None and missing not in answer else "allowed"]

    return do


async def read_logbook(house: House, person: Person) -> list[str]:
    await get_instance(house.hass).async_block_till_done()
    answer = await person.says(
        "logbook/get_events",
        start_time=house.home.entry.created_at.isoformat(),
        device_ids=[device(house)],
    )
    if said(answer) != "allowed":
        return [said(answer)]
    lines = [line.get("message", "") for line in answer["result"]]
    return ["allowed" if "was backed up" in lines else "empty"]


def device(house: House) -> str:
    entry = er.async_get(house.hass).async_get(house.home.entity_id("backup"))
    assert entry is not None
    assert entry.device_id is not None
    return entry.device_id


async def back_up_home_assistant(house: House, person: Person) -> list[str]:
    outcome = await person.commands(
        "backup/generate", agent_ids=["backup.local"], include_database=False
    )
    if outcome == "allowed":
        ending = house.hass.data[DATA_MANAGER]._backup_finish_task  # noqa: SLF001 - or it lingers
        assert ending is not None
        await ending
    return [outcome]


def card(house: House) -> str:
    [base] = {
        str(route.resource.canonical)
        for route in house.hass.http.app.router.routes()
        if route.resource is not None and f"{DOMAIN}_static" in route.resource.canonical
    }
    return f"{base}/loader.js"


TRIES: Final[dict[str, Try]] = {
    f"action {action}": acting(action, prepare)
    for action, prepare in {
        f"{DOMAIN}.backup": the_pihole,
        f"{DOMAIN}.list": the_pihole,
        f"{DOMAIN}.compare": the_backup,
        f"{DOMAIN}.restore": the_backup,
        f"{DOMAIN}.undo_restore": a_restored_pihole,
        f"{DOMAIN}.upload": a_file,
        f"{DOMAIN}.update": a_note,
        f"{DOMAIN}.verify": the_pihole,
        f"{DOMAIN}.prune": what_to_delete,
        f"{DOMAIN}.delete": a_backup,
        "button.press": the_button,
    }.items()
} | {
    f"command {DOMAIN}/piholes": commanding(f"{DOMAIN}/piholes", nothing),
    f"command {DOMAIN}/subscribe": commanding(f"{DOMAIN}/subscribe", the_pihole),
    f"command {DOMAIN}/backups": commanding(f"{DOMAIN}/backups", the_pihole),
    f"command {DOMAIN}/differences": commanding(f"{DOMAIN}/differences", the_pihole),
    f"command {DOMAIN}/changes": commanding(f"{DOMAIN}/changes", the_backup),
    f"command {DOMAIN}/contents": commanding(f"{DOMAIN}/contents", the_backup),
    f"route GET /api/{DOMAIN}/{{entry_id}}/{{backup_id}}": asking(
        "GET", lambda value: value.archive
    ),
    f"link GET /api/{DOMAIN}/{{entry_id}}/{{backup_id}}": follow_a_link,
    f"route GET /{DOMAIN}_static/{{version}}": asking("GET", card),
    "the states of its entities": read_states,
    "media_source, to browse": commanding("media_source/browse_media", the_folder),
    "media_source, to search": commanding("media_source/search_media", the_search),
    "media_source, to follow the link to an archive": follow_to_an_archive,
    "llm, to ask about backups": asking_as_a_model("get_backups"),
    "llm, to have what changed named": asking_as_a_model("get_changes", "changes"),
    "llm, to make a backup": asking_as_a_model("back_up", "backup"),
    "logbook": read_logbook,
    f"the event {EVENT_BACKUP}": commanding(
        "subscribe_events", lambda _: _a(event_type=EVENT_BACKUP)
    ),
    "system_health": commanding("system_health/info", nothing),
    "diagnostics": asking("GET", lambda value: f"/api/diagnostics/config_entry/{value.entry_id}"),
    "repairs": posting("/api/repairs/issues/fix", the_issue),
    "backup, Home Assistant's own": back_up_home_assistant,
    "config_flow, to add a Pi-hole": posting(
        "/api/config/config_entries/flow", lambda _: _a(handler=DOMAIN)
    ),
    "config_flow, to reconfigure one": posting(
        "/api/config/config_entries/flow", lambda value: _a(handler=DOMAIN, entry_id=value.entry_id)
    ),
    "config_flow, to choose options": posting(
        "/api/config/config_entries/options/flow", lambda value: _a(handler=value.entry_id)
    ),
}


async def _a(**data: object) -> dict[str, object]:
    return data


@pytest.fixture
def expected_lingering_timers() -> bool:
    """Let a websocket's heartbeat outlive it: it does when the server is the first to close."""
    return True


@pytest.fixture
async def house(
    request: pytest.FixtureRequest,
    home: Home,
    sim: Simulator,
    hass_client_no_auth: ClientSessionGenerator,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> House:
    hass = home.hass
    sim.auth.login_attempts_per_second = 1000
    sim.pihole.restless = True
    sim.pihole.settings |= {"webserver.api.app_sudo": True, "dns.port": 0}
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))  # for uploads
    if "recorder_mock" in request.fixturenames:
        assert await async_setup_component(hass, "logbook", {})
    for name in SHARED_ROOMS:
        assert await async_setup_component(hass, name, {})
    await hass.async_block_till_done()
    browser = await hass_client_no_auth()
    people = {name: [await _person(hass, browser, group)] for name, group in GROUPS.items()}
    people["nobody"] = [
        Person(browser=browser, token=token, refresh_token=None)
        for token in (
            None,
            "nonsense",
            await _expired(hass, people["administrator"][0]),
            await _withdrawn(hass, browser),
        )
    ]
    [record] = await home.back_up()
    return House(home=home, sim=sim, people=people, backup_id=str(record["id"]))


async def _person(hass: HomeAssistant, browser: TestClient[Any, Any], group_id: str) -> Person:
    group = await hass.auth.async_get_group(group_id)
    assert group is not None
    user = MockUser(groups=[group]).add_to_hass(hass)
    refresh_token = await hass.auth.async_create_refresh_token(user, CLIENT_ID)
    return Person(
        browser=browser,
        token=hass.auth.async_create_access_token(refresh_token),
        refresh_token=refresh_token,
    )


async def _expired(hass: HomeAssistant, person: Person) -> str:
    token = person.refresh_token
    assert token is not None
    lasts, token.access_token_expiration = token.access_token_expiration, timedelta(minutes=-1)
    expired = hass.auth.async_create_access_token(token)
    token.access_token_expiration = lasts
    return expired


async def _withdrawn(hass: HomeAssistant, browser: TestClient[Any, Any]) -> str:
    person = await _person(hass, browser, GROUP_ID_ADMIN)
    assert person.refresh_token is not None
    assert person.token is not None
    hass.auth.async_remove_refresh_token(person.refresh_token)
    return person.token


TOO_NEW: Final = () if hasattr(MediaSource, "async_search_media") else ("media_source, to search",)
"""The doors that this release of Home Assistant does not have."""


@pytest.mark.parametrize("door", [item for item in TABLE if item not in ("logbook", *TOO_NEW)])
async def test_each_may_do_what_the_page_says(house: House, door: str) -> None:
    await is_as_the_page_says(house, door)


async def test_each_may_read_in_the_logbook_what_the_page_says(
    recorder_mock: object, house: House
) -> None:
    await is_as_the_page_says(house, "logbook")


async def is_as_the_page_says(house: House, door: str) -> None:
    found: list[str] = []
    for who in PEOPLE:
        outcomes = {tuple(await _tried(house, person, door)) for person in house.people[who]}
        assert len(outcomes) == 1, f"{who}: {outcomes}"
        found.append(_cell(*outcomes.pop()))

    assert dict(zip(PEOPLE, found, strict=True)) == dict(zip(PEOPLE, TABLE[door], strict=True))


async def _tried(house: House, person: Person, door: str) -> list[str]:
    before = house.look()
    outcomes = await TRIES[door](house, person)
    if not door.startswith("action") and "allowed" not in outcomes:
        assert house.look() == before
    return outcomes


def _cell(*outcomes: str) -> str:
    return "allowed" if set(outcomes) == {"allowed"} else f"refused: {', '.join(outcomes)}"


NEW_FIELDS: Final[dict[str, dict[str, object]]] = {
    "a preview": {"dry_run": True},
    "settings": {"settings": ["dns.hosts"]},
    "all settings": {"settings": "*"},
    "live": {"way": "live"},
    "import": {"way": "import"},
    "parts": {"include": ["dhcp_leases"]},
}


@pytest.mark.parametrize("what", [*NEW_FIELDS, "a plan", "single changes"])
async def test_who_may_not_restore_may_not_with_any_field(house: House, what: str) -> None:
    house.sim.pihole.settings["dns.blockTTL"] = 60
    house.sim.pihole.hosts = []
    backup = await the_backup(house)
    fields = NEW_FIELDS.get(what)
    if fields is None:
        preview = await house.home.call("restore", **backup, dry_run=True)
        fields = {"plan": preview["plan"]}
        if what == "single changes":
            fields["only"] = [preview["items"][0]["id"]]

    async def prepare(_house: House) -> dict[str, object]:
        return {**backup, **fields}

    attempt = acting(f"{DOMAIN}.restore", prepare)
    before = house.look(), configuration_of(house.sim.pihole)
    for who in ("nobody", "read-only user", "user"):
        for person in house.people[who]:
            refused = ["401", "auth_invalid" if who == "nobody" else "unauthorized"]
            assert await attempt(house, person) == refused
    assert (house.look(), configuration_of(house.sim.pihole)) == before
    path = f"/api/services/{DOMAIN}/restore?return_response"
    assert await house.administrator.asks("POST", path, {**backup, **fields}) == "allowed"


async def test_every_door_has_a_row(house: House) -> None:
    hass = house.hass
    doors = {f"action {DOMAIN}.{name}" for name in hass.services.async_services_for_domain(DOMAIN)}
    platforms = {entity_id.partition(".")[0] for entity_id in entities(house)}
    doors |= {
        f"action {platform}.{name}"
        for platform in platforms
        for name in hass.services.async_services_for_domain(platform)
    }
    doors |= {f"command {item}" for item in hass.data["websocket_api"] if item.startswith(DOMAIN)}
    doors |= {
        f"route {route.method} {_without_version(route.resource.canonical)}"
        for route in hass.http.app.router.routes()
        if route.resource is not None
        and DOMAIN in route.resource.canonical
        and route.method not in {"HEAD", "OPTIONS"}
    }
    assert doors == {
        element for element in TABLE if element.split()[0] in {"action", "command", "route"}
    }

    shared = BUILT_IN | {"config_flow"}
    integration = await async_get_integration(hass, DOMAIN)
    rooms = shared & {path.stem for path in integration.file_path.iterdir()}
    named = shared & {re.split(r"\W", door)[0] for door in TABLE}
    assert rooms - platforms - OWN_ROOMS == named
    assert TRIES.keys() == TABLE.keys()


def _without_version(path: str) -> str:
    return re.sub(r"(?<=_static/)\w+$", "{version}", path)
