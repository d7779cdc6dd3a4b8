"""Pi-holes with archives of the size that is wanted."""

from base64 import b64encode
import random

from pihole_simulator import Pihole

_MB = 1_000_000


def restless() -> Pihole:
    """Make a Pi-hole that exports something else each time."""
    pihole = Pihole.example()
    pihole.restless = True
    return pihole


def with_files(megabytes: int) -> Pihole:
    """Make one whose archive is that large, because it has large files of the user's in it."""
    pihole = restless()
    for number in range(megabytes):
        # Such text is packed to three quarters of its length, which is what it was made of.
        text = b64encode(random.Random(number).randbytes(_MB)).decode()  # noqa: S311
        pihole.dnsmasq_d[f"50-{number}.conf"] = text
    return pihole


def with_domains(number: int) -> Pihole:
    """Make one with as many domains."""
    pihole = restless()
    for index in range(number):
        pihole.add_domain(f"host-{index}.example.net", comment=f"domain {index}")
    return pihole
