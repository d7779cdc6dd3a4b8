"""Run simulated Pi-holes: python -m pihole_simulator --port 8080 --password secret."""

import argparse
import asyncio
from collections.abc import Sequence
from contextlib import AsyncExitStack
import signal

from . import tls
from .rules import VERSIONS
from .server import Simulator


async def _serve(options: argparse.Namespace) -> None:
    ended = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, ended.set)
    simulators = []
    async with AsyncExitStack() as stack:
        for nth in range(options.count):
            simulator = Simulator(
                password=options.password,
                app_password=options.app_password,
                totp_secret=options.totp_secret,
                port=options.port and options.port + nth,
                prefix=options.prefix,
                tls=tls.out_of_the_box() if options.tls else None,
                version=options.version,
            )
            simulator.auth.login_cost = options.login_cost
            simulator.export_cost = options.export_cost
            simulator.pihole.restless = options.restless
            simulator.pihole.max_sessions = options.seats
            await stack.enter_async_context(simulator)
            simulators.append(simulator)
            print(simulator.url, flush=True)  # noqa: T201 - this is what the caller waits for
        await ended.wait()
    print(_summary(simulators), flush=True)  # noqa: T201 - for the user


def _summary(simulators: Sequence[Simulator]) -> str:
    opened = sum(simulator.logins for simulator in simulators)
    tried = sum(request.is_login for simulator in simulators for request in simulator.requests)
    left = sum(len(simulator.sessions) for simulator in simulators)
    return f"{tried - opened} logins refused, {left} sessions left open"


def _main() -> None:
    parser = argparse.ArgumentParser(prog="python -m pihole_simulator", description=__doc__)
    parser.add_argument(
        "--port", type=int, default=8080, help="the first one; 0: any that are free"
    )
    parser.add_argument("--count", type=int, default=1, help="how many, each on its own port")
    parser.add_argument("--password", help="the empty one: none is set; default: the-main-password")
    parser.add_argument("--app-password")
    parser.add_argument("--version", choices=VERSIONS, default=VERSIONS[-1], help="whom to play")
    parser.add_argument("--totp-secret", help="turns 2FA on; base32")
    parser.add_argument("--prefix", default="", help="serve below a path, as behind a proxy")
    parser.add_argument("--tls", action="store_true", help="with a certificate nobody trusts")
    parser.add_argument(
        "--login-cost",
        type=float,
        default=0.0,
        metavar="SECONDS",
        help="for each password that is compared; a real one hashes for 0.04 to 0.06",
    )
    parser.add_argument(
        "--export-cost", type=float, default=0.0, metavar="SECONDS", help="for each export"
    )
    parser.add_argument(
        "--restless", action="store_true", help="something is another way with every export"
    )
    parser.add_argument("--seats", type=int, default=16, help="how many sessions at once")
    asyncio.run(_serve(parser.parse_args()))


if __name__ == "__main__":
    _main()
