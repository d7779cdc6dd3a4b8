"""Turning an unexpected exception, which is a bug, into an error like any other."""

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
    """Log an unexpected exception without the given secrets, and raise `Unexpected` instead.

    A `CheckpointError` and the classes in `passing` are raised as they are, as is a cancellation.
    """
    try:
        yield
    except Exception as error:
        if isinstance(error, (CheckpointError, *passing)):
            raise
        log_unexpected(error, secrets)
        # Not from it: it is logged already, and may quote secrets.
        raise Unexpected from None
