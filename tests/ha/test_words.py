"""What is said of changes, in each language and in that of Home Assistant."""

import json

import pytest

from custom_components.pihole_checkpoint.engine.teleporter.diff import Change, ChangeKind, Subject
from custom_components.pihole_checkpoint.engine.teleporter.headline import Amount
from custom_components.pihole_checkpoint.wording import Words, plural_form
from pihole_simulator import Simulator, faults
from tests.support.home import Home
from tests.support.kitchen import Kitchen, messed_up
from tests.support.words import TRANSLATIONS, sentences, words_of

pytestmark = pytest.mark.usefixtures("unlimited_logins")

LANGUAGES = sorted(file.stem for file in TRANSLATIONS.glob("*.json"))
every_language = pytest.mark.parametrize("language", LANGUAGES)
LIST = "https://lists.example.org/phishing.txt"


async def speak(home: Home, language: str) -> None:
    await home.hass.config.async_update(language=language)
    await home.hass.async_block_till_done()


@pytest.mark.parametrize(
    ("language", "forms"),
    [
        ("en", {"other": [0, 2, 5, 11, 1_000_000], "one": [1]}),
        ("de", {"other": [0, 2, 5, 11, 1_000_000], "one": [1]}),
        ("nl", {"other": [0, 2, 5, 11, 1_000_000], "one": [1]}),
        ("es", {"other": [0, 2, 999_999, 1_000_001], "one": [1], "many": [1_000_000, 3_000_000]}),
        ("it", {"other": [0, 2, 999_999, 1_000_001], "one": [1], "many": [1_000_000]}),
        ("fr", {"other": [2, 999_999], "one": [0, 1], "many": [1_000_000]}),
        ("pt-BR", {"other": [2, 999_999], "one": [0, 1], "many": [1_000_000]}),
        (
            "pl",
            {
                "one": [1],
                "few": [2, 3, 4, 22, 24, 102, 1003],
                "many": [0, 5, 11, 12, 13, 14, 21, 25, 111, 112, 1_000_000],
            },
        ),
        ("another", {"one": [1], "other": [0, 2]}),
    ],
)
def test_the_forms_of_numbers_are_those_of_the_unicode_cldr(
    language: str, forms: dict[str, list[int]]
) -> None:
    for form, numbers in forms.items():
        assert {plural_form(language, number) for number in numbers} == {form}


@every_language
@pytest.mark.parametrize("number", [0, 1, 2, 5, 1_000_000])
def test_there_are_words_for_everything_that_can_be_in_a_record(language: str, number: int) -> None:
    words = words_of(language)

    for subject in Subject:
        for how in ChangeKind:
            said = words.headline([Amount(subject=subject, how=how, number=number)])
            assert " " in said
            assert "_" not in said
            assert how is ChangeKind.ORDER or str(number) in said
            changes = [Change(subject=subject, how=how, item="an item", kind="deny_exact")]
            assert all("_" not in line for line in words.sentences(changes))


@every_language
def test_no_sentence_is_left_in_english(language: str) -> None:
    if language == "en":
        return
    said = words_of(language)
    english = words_of("en")

    same = [key for key, text in said.texts.items() if english.texts.get(key) == text]
    counted = [key.rpartition(".")[2] for key in same]
    sentences_about = ("change_", "logbook_", "left_out_", "need_")
    assert {key for key in counted if key.startswith(sentences_about)} <= {"change_named"}


def test_one_entry_to_which_several_things_happened_is_one_change_with_details() -> None:
    changes = [
        Change(subject=Subject.LISTS, how=ChangeKind.DISABLED, item=LIST, kind="block"),
        Change(subject=Subject.LISTS, how=ChangeKind.COMMENT, item=LIST, kind="block"),
    ]

    assert sentences(changes) == [f"1 list changed: {LIST}: disabled, comment changed."]
    assert words_of("de").sentences(changes) == [
        f"1 Liste geändert: {LIST}: deaktiviert, Kommentar geändert."
    ]


async def test_what_users_read_is_in_the_language_of_home_assistant(
    home: Home, sim: Simulator
) -> None:
    await speak(home, "de")
    await home.press()
    sim.pihole.add_adlist(LIST)
    sim.pihole.settings["dns.dnssec"] = True

    [record] = await home.back_up()

    assert record["changes"] == "1 Liste hinzugefügt, 1 Einstellung geändert"
    assert home.state("last_change").attributes["summary"] == [
        f"1 Liste hinzugefügt: {LIST}.",
        "dns.dnssec von aus auf an geändert.",
    ]
    assert home.state("backup").attributes["changes"] == record["changes"]
    compared = await home.call(
        "compare", config_entry_id=home.entry.entry_id, backup_id=record["id"]
    )
    assert compared["summary"] == ["Keine Unterschiede."]
    sim.faults.next("export", faults.replace(b"PK\x03\x04 and no more"))
    await home.fail_to_back_up()
    assert (
        home.state("last_attempt")
        .attributes["message"]
        .startswith("Das Pi-hole hat eine unvollständige")
    )
    assert (
        home.state("backup").attributes["message"].startswith("Das Pi-hole hat eine unvollständige")
    )


async def test_a_restore_says_what_is_to_be_known_in_the_language_of_home_assistant(
    kitchen: Kitchen,
) -> None:
    await speak(kitchen.home, "fr")
    stored, *_ = await messed_up(kitchen)

    answer = await kitchen.restore(stored, include=["clients"])

    assert answer["remarks"][0].startswith("Groupes inclus")
    assert answer["summary"][0].startswith("2 clients ajoutés\N{NO-BREAK SPACE}: 192.168.1.50, ")
    kitchen.sim.skips = {"client", "client_by_group"}
    kitchen.sim.pihole.clients.clear()
    await kitchen.fails(kitchen.restore(stored, way="import"), "restore_differs")
    message = kitchen.events[-1].data["message"]
    assert "2 clients" in message
    assert message.startswith("Le résultat de la restauration")


async def test_a_language_without_a_translation_reads_english(home: Home, sim: Simulator) -> None:
    await speak(home, "sv")
    await home.press()
    sim.pihole.add_domain("one.example.net")
    sim.pihole.add_domain("two.example.net")

    [record] = await home.back_up()

    assert record["changes"] == "2 domains added"


def test_without_any_translation_there_is_at_least_a_key() -> None:
    words = Words(language="en", texts={}, errors={})

    assert words.headline([Amount(subject=Subject.LISTS, how=ChangeKind.ADDED, number=3)]) == "3"
    assert words.sentence("backup_not_found", {"id": "x"}) == "backup_not_found"


async def test_what_an_old_release_said_of_the_last_change_is_said_anew_from_its_record(
    home: Home, sim: Simulator
) -> None:
    await home.press()
    sim.pihole.add_adlist(LIST)
    finding = (await home.back_up())[0]["id"]
    await home.press()
    assert await home.hass.config_entries.async_unload(home.entry.entry_id)
    for record in home.folder.glob("*.json"):
        content = json.loads(record.read_text())
        if content["last_change"] is not None:
            del content["last_change"]["changes"]
            content["last_change"]["summary"] = ["1 list added: an old sentence."]
        record.unlink()  # a new file is read again
        record.write_text(json.dumps(content))

    await home.hass.config_entries.async_setup(home.entry.entry_id)
    await home.hass.async_block_till_done()

    assert home.state("last_change").attributes["summary"] == [f"1 list added: {LIST}."]
    when = home.state("last_change").state
    await home.call("delete", config_entry_id=home.entry.entry_id, backup_id=finding)
    assert home.state("last_change").attributes["summary"] == []
    assert home.state("last_change").state == when
