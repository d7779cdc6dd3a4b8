"""Looking whether all is as it should be: once an hour, and more closely once a day."""

from datetime import UTC, datetime, timedelta
import logging

from custom_components.pihole_checkpoint.const import DOMAIN
from custom_components.pihole_checkpoint.engine.models import BackupRecord, BackupStatus
from custom_components.pihole_checkpoint.engine.policy.retention import plan
from custom_components.pihole_checkpoint.engine.policy.schedule import last_run, next_run
from custom_components.pihole_checkpoint.engine.repository.naming import record_filename
from custom_components.pihole_checkpoint.options import read_options
from homeassistant.const import STATE_UNKNOWN
from homeassistant.util import dt as dt_util

from .home import Home
from .pihole import Inmate

_PATIENCE = timedelta(hours=2)
"""After which a missing backup has to be told as overdue."""
_SESSION = timedelta(minutes=30)
_COULD_NOT_CLOSE = "Could not close the session"
"""Our own words in the log, where a Pi-hole went away in the middle."""
_OTHER_FILES = frozenset({".HA_VERSION", ".storage", ".cloud", DOMAIN})


async def look(home: Home) -> None:
    """Look at everything; what is wrong is said to the home."""
    for pihole in home.piholes:
        await home.poll(pihole)
        _look_at_files(home, pihole)
        _look_at_entities(home, pihole)
        _look_at_issues(home, pihole)
        _look_at_schedule(home, pihole)
        _look_at_retention(home, pihole)
    _look_at_sessions(home)
    _look_at_log(home)
    home.figures["looks"] += 1


def _look_at_files(home: Home, pihole: Inmate) -> None:
    folder = pihole.folder(home.hass)
    records = pihole.coordinator(home.hass).data.records
    if (shown := {it.id for it in records}) != pihole.told.stored:
        extra, missing = shown - pihole.told.stored, pihole.told.stored - shown
        home.say(f"{pihole.name}: stored but never told {extra}, told but not stored {missing}")
        pihole.told.stored = shown
    expected = {".store"}
    for record in records:
        expected |= {record.filename, record_filename(record.filename)}
    there = {str(it.relative_to(folder)) for it in folder.rglob("*") if it.is_file()}
    if there != expected:
        home.say(f"{pihole.name}: files too many {there - expected}, missing {expected - there}")
    if others := {it.name for it in (home.folder / "config").iterdir()} - _OTHER_FILES:
        home.say(f"files outside of the store: {others}")


def _look_at_entities(home: Home, pihole: Inmate) -> None:
    good = home.records(pihole)
    newest = f"{good[0].last_seen.replace(microsecond=0).isoformat()}" if good else STATE_UNKNOWN
    schedule = read_options(home.hass, pihole.entry(home.hass)).schedule
    next_at = next_run(schedule, datetime.now(UTC), dt_util.get_default_time_zone())
    wanted = {
        "backup_count": str(len(good)),
        "last_backup": newest,
        "running": "off",
        "next_backup": next_at.isoformat() if next_at else STATE_UNKNOWN,
        "activity": "idle",
    }
    for key, value in wanted.items():
        if (shown := pihole.state(home.hass, key)) != value:
            home.say(f"{pihole.name}: {key} shows {shown}, not {value}")


def _look_at_issues(home: Home, pihole: Inmate) -> None:
    records = pihole.coordinator(home.hass).data.records
    failure = pihole.told.last_failure
    wanted = {
        "no_free_seats": failure == "no_free_seat",
        "damaged_archives": any(it.status is not BackupStatus.GOOD for it in records),
        "storage_unusable": False,
        "refused_archives": False,
        "restore_not_begun": False,
        "restore_broken_off": False,
        "app_password_read_only": False,
    }
    for key, is_wanted in wanted.items():
        if home.has_issue(pihole, key) is not is_wanted:
            home.say(f"{pihole.name}: {key} should {'' if is_wanted else 'not '}be told")


def _look_at_schedule(home: Home, pihole: Inmate) -> None:
    """See that each run was made, made up for, or is told as overdue."""
    entry, now, zone = pihole.entry(home.hass), datetime.now(UTC), dt_util.get_default_time_zone()
    schedule = read_options(home.hass, entry).schedule
    newest = next(iter(home.records(pihole)), None)
    while (due := next_run(schedule, pihole.checked_until, zone)) and due <= now - _PATIENCE:
        pihole.checked_until = due
        made = next((it for it in pihole.told.successes if it >= due), None)
        if made is not None:
            home.figures["runs made" if made - due < timedelta(minutes=1) else "runs made up"] += 1
        elif home.has_issue(pihole, "overdue"):
            home.figures["runs told as overdue"] += 1
            if pihole.is_well and due > pihole.well_since:
                home.say(f"{pihole.name} was well, but nothing came of the run of {due}")
        elif newest is not None and newest.last_seen >= due:
            home.figures["runs spared by an archive that was put in"] += 1
        else:
            home.say(f"{pihole.name}: nothing came of the run of {due}, and nobody tells")
    pihole.told.successes = pihole.told.successes[-100:]
    last = last_run(schedule, now, zone)
    if newest and last and newest.last_seen >= last and home.has_issue(pihole, "overdue"):
        home.say(f"{pihole.name}: overdue, but the newest is of {newest.last_seen}")


def _look_at_retention(home: Home, pihole: Inmate) -> None:
    if not pihole.told.pruned:
        return
    records: tuple[BackupRecord, ...] = pihole.coordinator(home.hass).data.records
    policy = read_options(home.hass, pihole.entry(home.hass)).policy
    zone = dt_util.get_default_time_zone()
    if left := plan(records, policy, now=pihole.told.successes[-1], zone=zone).removed:
        names = ", ".join(it.filename for it in left)
        home.say(f"{pihole.name}: no rule keeps {names}")


def _look_at_sessions(home: Home) -> None:
    """Count those on the Pi-holes: they may only be there where one could not be closed."""
    since = datetime.now(UTC) - _SESSION - timedelta(minutes=1)
    told = sum(
        it.msg.count(_COULD_NOT_CLOSE)
        for it in home.log.records
        if datetime.fromtimestamp(it.created, UTC) > since
    )
    for pihole in home.piholes:
        if pihole.sim.most_sessions > 1:
            home.say(f"{pihole.name}: {pihole.sim.most_sessions} sessions at once")
            pihole.sim.most_sessions = 0
    if (left := sum(len(it.sim.sessions) for it in home.piholes)) > told:
        home.say(f"{left} sessions are open, and {told} are told to be left")


def _look_at_log(home: Home) -> None:
    for record in home.log.records:
        if record.levelno >= logging.ERROR and not record.__dict__.get("seen"):
            home.say(f"logged by {record.name}: {record.msg}")
            record.__dict__["seen"] = True
    horizon = datetime.now(UTC) - timedelta(hours=2)
    home.log.records = [
        it for it in home.log.records if datetime.fromtimestamp(it.created, UTC) > horizon
    ]
