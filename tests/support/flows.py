"""A user in front of a flow."""

from copy import deepcopy
from typing import Final, cast, override

from custom_components.pihole_checkpoint.const import DOMAIN
from custom_components.pihole_checkpoint.options import chosen_values, other_piholes
from custom_components.pihole_checkpoint.schemas import OPTIONS_SCHEMAS, grouped
from homeassistant.config_entries import SOURCE_USER, ConfigFlowContext, ConfigFlowResult
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType, section
from tests.support.home import Home
from tests.support.passwords import APP_PASSWORD

type Values = dict[str, object]

SECTION_OF: Final = {
    "schedule": "schedule",
    "retention": "retention",
    "storage": "storage",
    "advanced": "backup",
}
"""The section of the options that each page of the options changes."""


class Flow:
    """A flow of this integration, and what a user enters and sees there."""

    def __init__(self, hass: HomeAssistant) -> None:
        self.hass = hass
        self.result: ConfigFlowResult

    async def start(self, source: str, data: object = None, *, entry_id: str = "") -> None:
        context = ConfigFlowContext(source=source)
        if entry_id:
            context["entry_id"] = entry_id
        self.result = await self.hass.config_entries.flow.async_init(
            DOMAIN, context=context, data=data
        )

    async def begin(self) -> None:
        await self.start(SOURCE_USER)
        assert self.at == ("user", {})

    async def enter(self, **fields: object) -> None:
        self.result = await self.hass.config_entries.flow.async_configure(
            self.result["flow_id"], fields
        )
        await self.hass.async_block_till_done()

    async def enter_address(self, url: str, *, verify_ssl: bool = True) -> None:
        await self.enter(url=url, verify_ssl=verify_ssl)

    async def choose(self, step: str) -> None:
        """Choose a line of the menu that is shown."""
        await self.enter(next_step_id=step)

    async def add(self, url: str, password: str = APP_PASSWORD) -> None:
        """Go through all steps of adding a Pi-hole."""
        await self.begin()
        await self.enter_address(url)
        await self.enter(password=password)

    async def settle(self) -> None:
        """Wait for what Home Assistant does by itself afterwards, such as the first backup."""
        await self.hass.async_block_till_done(wait_background_tasks=True)

    @property
    def menu(self) -> tuple[str, list[str]]:
        """The menu that is shown, and its lines."""
        assert self.result["type"] is FlowResultType.MENU
        return self.result["step_id"], list(cast("list[str]", self.result["menu_options"]))

    @property
    def at(self) -> tuple[str | None, dict[str, str] | None]:
        """The step that is shown, and the errors on it."""
        assert self.result["type"] is FlowResultType.FORM
        return self.result["step_id"], self.result["errors"]

    @property
    def placeholders(self) -> dict[str, str]:
        """What the text of the step names."""
        return dict(self.result["description_placeholders"] or {})

    @property
    def suggested(self) -> dict[str, object]:
        """What stands in the form before anything is typed; in a section, under its name."""
        schema = self.result["data_schema"]
        assert schema is not None
        return suggested(schema.schema)

    @property
    def added(self) -> dict[str, object]:
        """The data of the entry that was made."""
        assert self.result["type"] is FlowResultType.CREATE_ENTRY
        return dict(self.result["result"].data)

    @property
    def ended(self) -> str:
        """Why the flow is over without a new entry."""
        assert self.result["type"] is FlowResultType.ABORT
        return self.result["reason"]


def suggested(fields: dict[object, object]) -> dict[str, object]:
    """Give what stands in a form, and in its parts by their names."""
    found: dict[str, object] = {}
    for field, kind in fields.items():
        if isinstance(kind, section):
            found[str(field)] = suggested(kind.schema.schema)
        elif description := getattr(field, "description", None):
            found[str(field)] = description["suggested_value"]
    return found


class Options(Flow):
    """A user who chooses how one Pi-hole is backed up."""

    def __init__(self, home: Home) -> None:
        super().__init__(home.hass)
        self.home = home

    async def open(self, page: str) -> None:
        """Open the menu, and a page of it."""
        self.result = await self.hass.config_entries.options.async_init(self.home.entry.entry_id)
        compare = ["compare"] if other_piholes(self.hass, self.home.entry) else []
        pages = ["schedule", "retention", "storage", "restore", *compare, "advanced"]
        assert self.menu == ("init", pages)
        await self.choose(page)

    async def save(self, **changes: object) -> Values:
        """Send what stands in the form, with changes to it; give what was sent."""
        step, _ = self.at
        section = chosen_values(self.hass, self.home.entry)[SECTION_OF[step or ""]]
        flat: Values = deepcopy(section) | changes
        schema = OPTIONS_SCHEMAS.get(SECTION_OF[step or ""])
        sent = flat if schema is None else grouped(schema, flat)
        await self.enter(**sent)
        return sent

    async def move(self, parent: object) -> Values:
        """Open the page for the folder, and choose another one."""
        await self.open("storage")
        return await self.save(parent=str(parent))

    @override
    async def enter(self, **fields: object) -> None:
        self.result = await self.hass.config_entries.options.async_configure(
            self.result["flow_id"], fields
        )
        await self.hass.async_block_till_done()

    @property
    def effect(self) -> str:
        """What the page says that the present options lead to."""
        return self.placeholders["effect"]

    @property
    def is_saved(self) -> bool:
        return self.result["type"] is FlowResultType.CREATE_ENTRY

    @property
    def stored(self) -> dict[str, object]:
        return dict(self.home.entry.options)
