"""Tools for language models, in Home Assistant's APIs for them and in one of their own.

*Assist* gets them for those Pi-holes that are exposed to the assistant. It takes tools of other
integrations in newer releases only, so all of them are also offered as an API that users of any
release can choose for a conversation agent (ADR 13). `docs/who-may.md` says who gets which answer.
"""

from typing import TYPE_CHECKING, Final, override

from homeassistant.components.homeassistant.exposed_entities import async_should_expose
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers import llm

from .const import DOMAIN
from .coordinator import PiholeCheckpointConfigEntry
from .llm_tools import NOTHING_BUT_DATA, tools_for

if TYPE_CHECKING:
    from homeassistant.components.llm import LLMTools

_API_HOME_ASSISTANT: Final = "homeassistant"
"""An API for administrators alone. Older releases have neither it nor a name for it."""
_PROMPT: Final = f"The pihole_checkpoint tools know the backups of Pi-holes. {NOTHING_BUT_DATA}"


@callback
def async_get_tools(
    hass: HomeAssistant, llm_context: llm.LLMContext, api_id: str
) -> LLMTools | None:
    """Return the tools for one of Home Assistant's own APIs."""
    from homeassistant.components.llm import LLMTools  # noqa: PLC0415 - older releases lack it

    entries: list[PiholeCheckpointConfigEntry] = []
    if api_id == _API_HOME_ASSISTANT:
        entries = _entries(hass)
    elif api_id == llm.LLM_API_ASSIST:
        entries = [each for each in _entries(hass) if _is_exposed(hass, each, llm_context)]
    return LLMTools(tools=tools_for(entries), prompt=_PROMPT) if entries else None


@callback
def async_setup_llm(hass: HomeAssistant) -> None:
    """Offer all tools, for all Pi-holes, as an API of their own."""
    llm.async_register_api(hass, _CheckpointAPI(hass=hass, id=DOMAIN, name="Pi-hole Checkpoint"))


class _CheckpointAPI(llm.API):
    @override
    async def async_get_api_instance(self, llm_context: llm.LLMContext) -> llm.APIInstance:
        return llm.APIInstance(
            api=self,
            api_prompt=_PROMPT,
            llm_context=llm_context,
            tools=tools_for(_entries(self.hass)),
            custom_serializer=llm.selector_serializer,
        )


def _entries(hass: HomeAssistant) -> list[PiholeCheckpointConfigEntry]:
    return hass.config_entries.async_entries(DOMAIN, include_ignore=False, include_disabled=False)


def _is_exposed(
    hass: HomeAssistant, entry: PiholeCheckpointConfigEntry, llm_context: llm.LLMContext
) -> bool:
    """Return whether the user has exposed an entity of the Pi-hole to the assistant."""
    entities = er.async_entries_for_config_entry(er.async_get(hass), entry.entry_id)
    return any(
        async_should_expose(hass, llm_context.assistant, entity.entity_id)
        for entity in entities
        if entity.disabled_by is None
    )
