"""Contents without an archive."""

from typing import Final

from custom_components.pihole_checkpoint.engine.pihole.models import Versions
from custom_components.pihole_checkpoint.engine.teleporter.contents import Contents

NOTHING: Final = Contents(
    versions=Versions(),
    settings={},
    groups=(),
    lists=(),
    domains=(),
    clients=(),
    dns_hosts=(),
    cnames=(),
    static_leases=(),
    leases=(),
    files={},
)
