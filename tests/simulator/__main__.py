"""Run a simulated Pi-hole: python -m tests.simulator --port 8080 --password secret."""

import argparse
import asyncio
import signal

from . import tls
from .server import Simulator


async def _serve(options: argparse.Namespace) -> None:
    ended = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, ended.set)
    async with Simulator(
        password=options.password,
        app_password=options.app_password,
        totp_secret=options.totp_secret,
        port=options.port,
        prefix=options.prefix,
        tls=tls.out_of_the_box() if options.tls else None,
    ) as simulator:
        print(simulator.url, flush=True)  # noqa: T201 - this is what the caller waits for
        await ended.wait()


def _main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.simulator", description=__doc__)
    parser.add_argument("--port", type=int, default=8080)
    parser.add_argument("--password", help="the empty one: none is set; default: the-main-password")
    parser.add_argument("--app-password")
    parser.add_argument("--totp-secret", help="turns 2FA on; base32")
    parser.add_argument("--prefix", default="", help="serve below a path, as behind a proxy")
    parser.add_argument("--tls", action="store_true", help="with a certificate nobody trusts")
    asyncio.run(_serve(parser.parse_args()))


if __name__ == "__main__":
    _main()
