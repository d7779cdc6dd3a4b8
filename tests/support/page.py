"""A page in a browser, which talks to Home Assistant over a websocket."""

from typing import Any

type Json = dict[str, Any]


class Page:
    """A page, and the events that it hears."""

    def __init__(self, socket: Any) -> None:  # noqa: ANN401 - Home Assistant has no type for it
        self._socket = socket
        self._heard: list[Json] = []
        self.last: list[Json] = []
        """What `heard` returned the last time."""

    async def ask(self, command: str, **fields: object) -> Json:
        """Send a command, and return the answer."""
        await self._socket.send_json_auto_id({"type": command, **fields})
        while True:
            message: Json = await self._socket.receive_json()
            if message["type"] != "event":
                return message
            self._heard.append(message["event"])

    async def result(self, command: str, **fields: object) -> Any:  # noqa: ANN401 - it is JSON
        """Send a command, and return the result."""
        answer = await self.ask(command, **fields)
        assert answer["success"], answer
        return answer["result"]

    async def heard(self) -> list[Json]:
        """Return the events since the last time."""
        assert (await self.ask("ping"))["type"] == "pong"
        self.last, self._heard = self._heard, []
        return self.last
