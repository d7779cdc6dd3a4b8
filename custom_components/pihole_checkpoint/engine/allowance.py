"""A limit on how much is ever held in memory of one archive."""


class TooMuchError(Exception):
    """More than is ever held in memory."""


class Allowance:
    """What may still be read, in bytes. An object counts with what Python takes for it, about."""

    _OBJECT = 200

    def __init__(self, size: int) -> None:
        self._left = size

    def take(self, *texts: object) -> None:
        """Take from it for one object that is made of these. Raises `TooMuchError`."""
        self._left -= self._OBJECT + sum(len(it) for it in texts if isinstance(it, (str, bytes)))
        if self._left < 0:
            raise TooMuchError
