"""What becomes of an exception that nobody thought of: a bug, that somebody has to hear of."""

from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from contextlib import contextmanager

from .errors import Unexpected
from .pihole.errors import CheckpointError
from .pihole.redaction import log_unexpected


@contextmanager
def catch_unexpected(
    secrets: AbstractSet[str] = frozenset(), *, passing: tuple[type[Exception], ...] = ()
) -> Iterator[None]:
    """Log an exception that nobody thought of, and raise `Unexpected` instead of it.

    A `CheckpointError` and what is `passing` is raised as it is. A cancellation is no error.
    """
    try:
        yield
    except Exception as error:
        if isinstance(error, (CheckpointError, *passing)):
            raise
        log_unexpected(error, secrets)
        # Not from it: it is told already, and may quote secrets.
        raise Unexpected from None
