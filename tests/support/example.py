"""What is known of the simulator's example of a Pi-hole."""

from datetime import UTC, datetime

from custom_components.pihole_checkpoint.engine.teleporter.contents import Counts
from pihole_simulator import Pihole, build_archive

NOW = datetime(2026, 1, 20, 3, 24, tzinfo=UTC)
EXAMPLE = build_archive(Pihole.example(), NOW)

COUNTS = Counts(
    lists=4,
    domains=4,
    clients=2,
    groups=3,
    dns_hosts=2,
    cnames=1,
    static_leases=1,
    leases=1,
    files=2,
    block_lists=3,
    allow_lists=1,
    allowed_domains=1,
    denied_domains=1,
    allowed_regexes=1,
    denied_regexes=1,
)
