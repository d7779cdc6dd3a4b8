"""What becomes of an exception that nobody thought of: a bug, that somebody has to hear of."""

from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from contextlib import contextmanager
import logging
from traceback import format_exception
from typing import Final

from .errors import CheckpointError, Unexpected
from .redaction import redacted

_LOGGER = logging.getLogger(__name__)

_MOST: Final = 20_000
"""In characters of a traceback; its end is what matters."""


def log_unexpected(error: BaseException, secrets: AbstractSet[str] = frozenset()) -> None:
    """Log an exception with its traceback, without what it may quote of a Pi-hole's secrets."""
    lines = "".join(format_exception(error)).splitlines()
    told = "\n".join(f"{_indent(line)}{redacted(line, secrets)}" for line in lines)
    _LOGGER.error("An unexpected error; please report it with these lines:\n%s", told[-_MOST:])


@contextmanager
def unexpected_told(
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


def _indent(line: str) -> str:
    return line[: len(line) - len(line.lstrip())]
