"""Sentences from data, in Home Assistant's language: they are made here and nowhere else."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from homeassistant.const import EVENT_CORE_CONFIG_UPDATE
from homeassistant.core import Event, HomeAssistant, callback
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers.translation import (
    async_get_cached_translations,
    async_load_integrations,
)

from .const import DOMAIN
from .data import Attempt
from .engine.models import LastChange, Remark
from .engine.pihole.errors import CheckpointError
from .engine.restore.failures import RestoreDiffers, RestorePartial
from .engine.teleporter.contents import Setting
from .engine.teleporter.diff import Change, ChangeKind, Subject, by_item
from .engine.teleporter.excerpt import LeftOut
from .engine.teleporter.headline import Amount, headline

_ENGLISH: Final = "en"
_SEPARATOR: Final = ", "
_NAMED: Final = 3
"""The most things that one sentence names."""
_SETTINGS: Final = 10
"""The most settings with a sentence of their own."""
_LONGEST: Final = 100
"""The length of a name or a value, in characters."""

_OF_SETTINGS: Final = (ChangeKind.ADDED, ChangeKind.REMOVED, ChangeKind.CHANGED)
_WITH_DETAILS: Final = (ChangeKind.CHANGED, ChangeKind.GROUPS)
"""How an item changed, if that does not say what happened to it."""
_FEW: Final = range(2, 5)
_TEENS: Final = range(12, 15)
_COMMON: Final = f"component.{DOMAIN}.common."
_EXCEPTIONS: Final = f"component.{DOMAIN}.exceptions."

type _Alike = tuple[Subject, ChangeKind]


async def async_setup_words(hass: HomeAssistant) -> None:
    """Have the translations at hand from now on, also when another language is chosen."""

    async def load(_event: Event | None = None) -> None:
        await async_load_integrations(hass, {DOMAIN})

    hass.bus.async_listen(EVENT_CORE_CONFIG_UPDATE, load)
    await load()


@callback
def async_get_words(hass: HomeAssistant) -> Words:
    """Return the words of Home Assistant's language, or English while there are none."""
    for language in (hass.config.language, _ENGLISH):
        texts = async_get_cached_translations(hass, language, "common", DOMAIN)
        if texts:
            break
    errors = async_get_cached_translations(hass, language, "exceptions", DOMAIN)
    return Words(language=language, texts=texts, errors=errors)


@dataclass(frozen=True, kw_only=True, slots=True)
class Words:
    """The words of one language."""

    language: str
    texts: Mapping[str, str]
    """The translations of `common`, by their full keys."""
    errors: Mapping[str, str]
    """Those of `exceptions`."""

    def say(self, key: str, **values: str) -> str:
        """Return a text of `common`."""
        template = self.texts.get(f"{_COMMON}{key}")
        return key if template is None else template.format(**values)

    def counted(self, key: str, number: int) -> str:
        """Return a text of `common` in the plural form of a number."""
        return self._counted(key, number) or key

    def _counted(self, key: str, number: int) -> str | None:
        form = plural_form(self.language, number)
        for suffix in (form, "other"):
            if f"{_COMMON}{key}_{suffix}" in self.texts:
                return self.say(f"{key}_{suffix}", count=str(number))
        return None

    # Errors and remarks ---------------------------------------------------------------------------

    def sentence(self, key: str, placeholders: Mapping[str, str]) -> str:
        """Return a sentence of `exceptions`, without its last full stop."""
        template = self.errors.get(f"{_EXCEPTIONS}{key}.message")
        return key if template is None else template.rstrip(".").format(**placeholders)

    def error(self, error: CheckpointError) -> str:
        """Return the sentence of an error."""
        return self.sentence(error.key, self.placeholders(error))

    def placeholders(self, error: CheckpointError) -> dict[str, str]:
        """Return the values that the sentence of an error names, in words where they are data."""
        match error:
            case RestorePartial():
                return {**error.placeholders, "changes": self.headline(headline(error.changes))}
            case RestoreDiffers():
                words = " ".join(self.sentences(error.changes)).removesuffix(".")
                return {**error.placeholders, "differences": words}
        cause = error.__cause__
        if isinstance(cause, CheckpointError) and error.placeholders.get("reason") == cause.key:
            return {**error.placeholders, "reason": self.error(cause)}
        return error.placeholders

    def raised(self, error: HomeAssistantError) -> str:
        """Return the sentence of an error that was raised as Home Assistant's."""
        if error.translation_domain != DOMAIN or error.translation_key is None:
            return str(error)
        return self.sentence(error.translation_key, error.translation_placeholders or {})

    def attempt(self, attempt: Attempt) -> str | None:
        """Return the sentence that says why an attempt failed, if it did."""
        if attempt.reason is None:
            return None
        return self.sentence(attempt.reason, attempt.placeholders)

    def remark(self, remark: Remark) -> str:
        """Return the sentence of a remark on a restore."""
        return self.sentence(remark.key, remark.placeholders)

    # Changes --------------------------------------------------------------------------------------

    def headline(self, amounts: Iterable[Amount]) -> str:
        """Return the numbers of changes in one line: `1 list added, 2 domains disabled`."""
        return _capitalized(self.numbers(amounts))

    def numbers(self, amounts: Iterable[Amount]) -> str:
        """Return the same as `headline` for the middle of a sentence."""
        return _SEPARATOR.join(
            self._amount(each.subject, each.how, each.number) for each in amounts
        )

    def last_change(self, change: LastChange) -> list[str]:
        """Return what changed the last time as sentences; none if it is not known any more."""
        return self.sentences(change.changes or (), change.left_out)

    def sentences(self, changes: Iterable[Change], left_out: Iterable[LeftOut] = ()) -> list[str]:
        """Return the changes as sentences with names. Long lists of names are shortened."""
        items: defaultdict[_Alike, list[Sequence[Change]]] = defaultdict(list)
        for how, some in by_item(changes):
            items[some[0].subject, how].append(some)
        more = {(each.subject, each.how): each.number for each in left_out}
        lines: list[str] = []
        for subject in Subject:
            alike = [(subject, how) for how in ChangeKind]
            if subject is Subject.SETTINGS:
                settings = [change for each in alike for (change, *_) in items[each]]
                lines += self._about_settings(settings, sum(more.get(each, 0) for each in alike))
            else:
                lines += [
                    self._about(each, items[each], more.get(each, 0))
                    for each in alike
                    if items[each] or each in more
                ]
        return [f"{line}." for line in lines]

    def _amount(self, subject: Subject, how: ChangeKind, number: int) -> str:
        if how is ChangeKind.ORDER and f"{_COMMON}change_{subject}_order" in self.texts:
            return self.say(f"change_{subject}_order")
        words = self._counted(f"change_{subject}_{how}", number)
        # A record may be anybody's: one may say that a file was moved to another group.
        return words or self._counted(f"change_{subject}_changed", number) or str(number)

    def _about(self, alike: _Alike, items: Sequence[Sequence[Change]], left_out: int) -> str:
        subject, how = alike
        amount = _capitalized(self._amount(subject, how, len(items) + left_out))
        if how is ChangeKind.ORDER or not items:
            return amount
        separator = "; " if how in _WITH_DETAILS else _SEPARATOR
        names = separator.join(self._named(how, some) for some in items[:_NAMED])
        if (more := len(items[_NAMED:]) + left_out) > 0:
            names = f"{names} {self._counted('change_more', more)}"
        return self.say("change_named", change=amount, names=names)

    def _about_settings(self, settings: Sequence[Change], left_out: int) -> Iterator[str]:
        yield from map(self._setting, settings[:_SETTINGS])
        if (more := len(settings[_SETTINGS:]) + left_out) > 0:
            yield _capitalized(self._counted("change_more", more) or "")

    def _setting(self, change: Change) -> str:
        how = change.how if change.how in _OF_SETTINGS else ChangeKind.CHANGED
        name = _cut(change.item)
        is_hidden = change.old is None and change.new is None
        if is_hidden or (how is not ChangeKind.CHANGED and _is_empty(change.old, change.new)):
            return self.say(f"change_setting_hidden_{how}", name=name)
        values = {"old": self._value(change.old), "new": self._value(change.new)}
        return self.say(f"change_setting_{how}", name=name, **values)

    def _named(self, how: ChangeKind, some: Sequence[Change]) -> str:
        """Return the name of an item and, where the headline does not say it, what happened."""
        name = _cut(some[0].item)
        if kind := self._kind(some[0].kind):
            name = self.say("item_with_kind", item=name, kind=kind)
        if how not in _WITH_DETAILS:
            return name
        details = _SEPARATOR.join(filter(None, map(self._detail, some)))
        return self.say("item_with_details", item=name, details=details) if details else name

    def _detail(self, change: Change) -> str:
        match change.how:
            case ChangeKind.GROUPS if not change.new:
                return self.say("detail_no_groups")
            case ChangeKind.GROUPS:
                return self.say("detail_groups", groups=self._value(change.new))
            case ChangeKind.COMMENT if change.subject is Subject.GROUPS:
                return self.say("detail_description")
            case ChangeKind.ENABLED | ChangeKind.DISABLED | ChangeKind.COMMENT:
                return self.say(f"detail_{change.how}")
            case _:
                return ""

    def _kind(self, kind: str) -> str:
        """Return the kind of a list or domain; of most lists, which block, nothing."""
        if kind in ("", "block"):
            return ""
        key = f"kind_{kind}"
        return self.say(key) if f"{_COMMON}{key}" in self.texts else _cut(kind)

    def _value(self, value: Setting | None) -> str:
        match value:
            case None | "" | ():
                return self.say("value_nothing")
            case bool():
                return self.say("value_on" if value else "value_off")
            case tuple():
                return _cut(_SEPARATOR.join(map(str, value)))
            case _:
                return _cut(str(value))


def plural_form(language: str, number: int) -> str:
    """Return the form that the Unicode CLDR has for a whole number: one, few, many or other."""
    is_million = number != 0 and number % 1_000_000 == 0
    match language:
        case "pl":
            if number == 1:
                return "one"
            is_few = number % 10 in _FEW and number % 100 not in _TEENS
            return "few" if is_few else "many"
        case "fr" | "pt-BR":
            return "one" if number in (0, 1) else "many" if is_million else "other"
        case "es" | "it":
            return "one" if number == 1 else "many" if is_million else "other"
        case _:
            return "one" if number == 1 else "other"


def _is_empty(*values: Setting | None) -> bool:
    return all(value in (None, "", ()) for value in values)


def _capitalized(text: str) -> str:
    return text[:1].upper() + text[1:]


def _cut(text: str) -> str:
    """Return a text as one line that is not too long."""
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST else f"{line[: _LONGEST - 1]}…"
