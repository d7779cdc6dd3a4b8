"""Home Assistant's HTTP and websocket API, as its frontend uses it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from http import HTTPStatus
import json
from typing import TypedDict, cast

from aiohttp import ClientError, ClientResponse, ClientSession, ClientWebSocketResponse

from .telling import DemoError


class Message(TypedDict, total=False):
    """What comes back over the websocket."""

    id: int
    type: str
    event: object
    success: bool
    result: object
    error: dict[str, str]


class Socket:
    """An open websocket."""

    def __init__(self, socket: ClientWebSocketResponse) -> None:
        self._socket = socket
        self._last_id = 0

    async def send(self, command: str, **fields: object) -> int:
        """Send a command, and give the id that is on all that comes back of it."""
        self._last_id += 1
        await self._socket.send_json({"id": self._last_id, "type": command, **fields})
        return self._last_id

    async def receive(self) -> Message:
        """Wait for what comes next."""
        message: Message = await self._socket.receive_json()
        return message

    async def command(self, command: str, **fields: object) -> object:
        """Send a command and wait for its result. Events that come meanwhile are lost."""
        sent = await self.send(command, **fields)
        while (answer := await self.receive())["id"] != sent or answer["type"] == "event":
            pass
        if answer["type"] == "result" and not answer.get("success"):
            reason = answer.get("error", {}).get("message", "no reason given")
            raise DemoError(f"Home Assistant refused {command}: {reason}")
        return answer.get("result")  # a ping has none


class Api:
    """One user's access to it. What is returned is JSON; the caller knows its shape."""

    def __init__(self, http: ClientSession, url: str) -> None:
        self.url = url
        self.tokens: dict[str, object] = {}
        """What the frontend keeps of a login."""
        self._http = http

    async def log_in(self, code: str) -> None:
        """Exchange an authorization code for a token, which is used from now on."""
        form = {"grant_type": "authorization_code", "code": code, "client_id": self.client}
        async with self._http.post(f"{self.url}/auth/token", data=form) as response:
            self.tokens = cast("dict[str, object]", await _read(response))

    async def log_in_as(self, user: str, password: str) -> None:
        """Log in as the login page does."""
        asked = {"handler": ["homeassistant", None], "redirect_uri": self.client}
        answer = {"username": user, "password": password}
        flow: object = ""
        for path, body in (("", asked), ("/{}", answer)):
            async with self._http.post(
                f"{self.url}/auth/login_flow{path.format(flow)}",
                json={"client_id": self.client, **body},
            ) as response:
                step = cast("dict[str, object]", await _read(response))
                flow = step["flow_id"]
        await self.log_in(str(step["result"]))

    @property
    def client(self) -> str:
        """What a login is for: the frontend."""
        return f"{self.url}/"

    async def stay(self) -> None:
        """Have access that lasts."""
        token = await self.command("auth/long_lived_access_token", client_name="demo", lifespan=1)
        self.tokens = {"access_token": token}

    async def is_up(self) -> bool:
        """Tell whether it answers by now."""
        try:
            async with self._http.get(f"{self.url}/api/onboarding") as response:
                return response.status == HTTPStatus.OK
        except ClientError:
            return False

    async def get(self, path: str) -> object:
        """Ask for something."""
        async with self._http.get(f"{self.url}/api/{path}", headers=self._headers) as response:
            return await _read(response)

    async def post(self, path: str, body: object = None) -> object:
        """Do something."""
        async with self._http.post(
            f"{self.url}/api/{path}", json=body or {}, headers=self._headers
        ) as response:
            return await _read(response)

    async def delete(self, path: str) -> object:
        """Remove something."""
        async with self._http.delete(f"{self.url}/api/{path}", headers=self._headers) as response:
            return await _read(response)

    async def command(self, command: str, **fields: object) -> object:
        """Send one command over a websocket of its own."""
        async with self.connect() as socket:
            return await socket.command(command, **fields)

    @asynccontextmanager
    async def connect(self) -> AsyncIterator[Socket]:
        """Have a websocket for as long as the context lasts."""
        async with self._http.ws_connect(f"{self.url}/api/websocket", max_msg_size=0) as socket:
            await socket.receive_json()  # it asks who is there
            await socket.send_json({"type": "auth", "access_token": self._token})
            await socket.receive_json()
            yield Socket(socket)

    @property
    def _headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self._token}"} if self.tokens else {}

    @property
    def _token(self) -> str:
        return str(self.tokens.get("access_token", ""))


async def _read(response: ClientResponse) -> object:
    if response.ok:
        content: object = await response.json()
        return content
    said = await response.text()
    with suppress(ValueError, KeyError, TypeError):
        said = json.loads(said)["message"]
    raise DemoError(f"{said[:1000]} (Home Assistant's {response.status} to {response.url.path})")
