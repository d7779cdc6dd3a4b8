"""The command: scripts/demo."""

import argparse
import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
import secrets
import signal
import sys

from aiohttp import ClientError, ClientSession

from pihole_simulator import DomainType, Simulator

from . import arranging, proof
from .api import Api
from .arranging import Target
from .dashboard import Entities
from .home import Home
from .real_pihole import RealPihole
from .real_pihole import parse as parse_with_real_pihole
from .telling import DemoError, say

_LOGIN_COST = 0.05  # seconds that a Pi-hole spends on hashing each password


_DESCRIPTION = """\
Try Pi-hole Checkpoint: sets up everything this project needs, then runs a real Home Assistant
with the integration and a simulated Pi-hole until you press Ctrl+C. Both can only be reached
from this computer.

Everything is stored in .demo, which is emptied at the next start, including backups: copy what
you want to keep."""
_EPILOG = """\
examples:
  scripts/demo           try it in the browser
  scripts/demo --once    make and check a backup, then exit (needs no browser or terminal)
  PIHOLE_PASSWORD=... scripts/demo --url http://pi.hole
                         back up a real Pi-hole, without changing it

exit codes: 0 success, 1 failure (with the reason), 2 wrong usage, 130 interrupted"""


class _Options(RealPihole):
    """The options as they were given."""

    port: int
    once: bool


def _parse() -> _Options:
    """Read the command line, or end with its help or what is wrong with it."""
    parser = argparse.ArgumentParser(
        prog="scripts/demo",
        description=_DESCRIPTION,
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "--once",
        action="store_true",
        help="press the button, check the stored archive, and exit with 0 if the backup is good",
    )
    parser.add_argument(
        "--port",
        type=int,
        default=8123,
        help="of Home Assistant (default: %(default)s); if it's in use, a free one is chosen",
    )
    return parse_with_real_pihole(parser, _Options(), used_for="instead of the simulated one")


@asynccontextmanager
async def _pihole(options: _Options) -> AsyncIterator[tuple[Target, Simulator | None]]:
    """Give the real Pi-hole, or simulate one for as long as this lasts."""
    if options.target is not None:
        yield options.target, None
        return
    app_password = secrets.token_urlsafe(24)
    async with Simulator(app_password=app_password) as simulator:
        simulator.pihole.settings["webserver.api.app_sudo"] = True  # so that it can be restored
        simulator.pihole.settings["dns.port"] = simulator.dns.port  # so that it can be asked
        simulator.auth.login_cost = _LOGIN_COST
        yield Target(url=simulator.url, password=app_password), simulator


async def _demo(options: _Options) -> None:
    async with (
        ClientSession() as http,
        _pihole(options) as (target, simulator),
        Home(options.port) as home,
    ):
        try:
            api = Api(http, home.url)
            entities = await _arrange(home, api, target)
            if options.once:
                await proof.press(api, entities, home.config)
                _expect_no_sessions(simulator)
                _expect_no_errors(home)
                say("The backup is stored and good.")
            else:
                gone = _delete_domain(simulator) if simulator else None
                _explain(home, target, gone)
                await _until_stopped(home)
        except DemoError, ClientError:
            say(f"The end of Home Assistant's log ({home.log}):\n{home.log_end()}\n")
            raise


async def _arrange(home: Home, api: Api, target: Target) -> Entities:
    say(f"Starting Home Assistant (its log: {home.log}) ...")
    await arranging.wait_until_up(home, api)
    say("Creating a user, and checking that it only listens on 127.0.0.1 ...")
    await arranging.onboard(home, api)
    say("Adding the Pi-hole through the integration's config flow ...")
    entry = await arranging.add_pihole(api, target)
    entities = await arranging.find_entities(api, entry)
    await arranging.make_dashboard(api, entry["title"], entities)
    states = await proof.read_states(api, entities)
    if states.backup_count != "1" or states.last_backup in proof.UNKNOWN:
        raise DemoError(f"Unexpected states after the first backup: {states}.")
    return entities


def _delete_domain(simulator: Simulator) -> str:
    """Leave something to bring back: the first backup still has it."""
    denied = [each for each in simulator.pihole.domains if each.type is DomainType.DENY_EXACT]
    simulator.pihole.domains.remove(denied[0])
    return denied[0].domain


def _explain(home: Home, target: Target, gone: str | None) -> None:
    stored = f"The archives and their records lie below {home.config / arranging.DOMAIN}."
    say(f"""
Ready: open {home.url} in a browser on this computer.
  1. Log in with the name {arranging.USER} and the password {arranging.USER}.""")
    if gone is None:
        say(f"""\
  2. Press "Backup now": "Last backup" and "Backups" change at once, without a reload.
{stored}""")
    else:
        say(f"""\
  2. {gone} was just deleted on the Pi-hole. Press "Backup now": "1 domain removed".
  3. Tap that backup, choose "Bring back", and press "Restore 1 change".
{stored}

To go through the config flow yourself, delete the Pi-hole under Settings, Devices & services,
Pi-hole Checkpoint, and add it again:
  address {target.url}, password {target.password} (of the simulated Pi-hole)""")
    say("\nCtrl+C stops everything.")


async def _until_stopped(home: Home) -> None:
    with suppress(asyncio.CancelledError):
        await home.ended()
        raise DemoError("Home Assistant has ended.")


def _expect_no_sessions(simulator: Simulator | None) -> None:
    if simulator is None:
        return  # a real one would have to be logged in to for that
    if left := len(simulator.sessions):
        raise DemoError(f"{left} of {simulator.logins} API sessions were left open on the Pi-hole.")
    say(f"API sessions on the Pi-hole: {simulator.logins} opened, none left open")


def _expect_no_errors(home: Home) -> None:
    if errors := home.errors():
        raise DemoError("Home Assistant's log has errors:\n" + "\n".join(errors))


async def _run(options: _Options) -> None:
    """Run the demo; the first signal ends it, and those that follow do not disturb the ending."""
    work = asyncio.ensure_future(_demo(options))
    stopping = False

    def stop() -> None:
        nonlocal stopping
        if not stopping:
            stopping = True
            work.cancel()

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        asyncio.get_running_loop().add_signal_handler(number, stop)
    await work


def main() -> int:
    """Run the demo and tell how it went."""
    options = _parse()
    try:
        asyncio.run(_run(options))
    except DemoError as error:
        print(f"demo: {error}", file=sys.stderr)
        return 1
    except ClientError as error:
        print(f"demo: Home Assistant can't be reached any more: {error}", file=sys.stderr)
        return 1
    except asyncio.CancelledError:
        print("demo: interrupted", file=sys.stderr)
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
