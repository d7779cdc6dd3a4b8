"""What the fixtures that read archives give."""

from collections.abc import Callable
from typing import Protocol

from custom_components.pihole_checkpoint.engine.teleporter.contents import Contents
from custom_components.pihole_checkpoint.engine.teleporter.limits import Limits
from pihole_simulator import Pihole


class Read(Protocol):
    """Read an archive with these bytes."""

    def __call__(self, content: bytes, limits: Limits | None = None) -> Contents | None: ...


type ContentsOf = Callable[[bytes | Pihole], Contents]
