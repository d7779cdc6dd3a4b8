"""A network in which simulated Pi-holes have addresses and names of their own."""

import aiohttp
import pytest

from homeassistant.config_entries import SOURCE_DHCP
from homeassistant.helpers.service_info.dhcp import DhcpServiceInfo
from pihole_simulator.web_server import Server
from tests.support.flows import Flow

MAC = "aa:bb:cc:dd:ee:ff"
OTHER_MAC = "aa:bb:cc:00:00:01"


class Network(dict[str, Server]):
    """Who answers at which `host:port`. Nobody else does, but for Home Assistant itself."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        super().__init__()
        self.asked: set[str] = set()

        async def resolve(
            _connector: object, host: str, port: int, **_: object
        ) -> list[dict[str, object]]:
            self.asked.add(f"{host}:{port}")
            if host == "127.0.0.1":  # a browser
                return [_here(host, port)]
            if (server := self.get(f"{host}:{port}")) is None:
                raise OSError(f"{host}:{port} is nowhere")
            return [_here(host, server.port)]

        async def none_left_open(*_: object) -> None:
            """Let no connection outlive its Pi-hole's move."""

        monkeypatch.setattr(aiohttp.TCPConnector, "_resolve_host", resolve)
        monkeypatch.setattr(aiohttp.TCPConnector, "_get", none_left_open)


def _here(host: str, port: int) -> dict[str, object]:
    here = {"hostname": host, "host": "127.0.0.1", "port": port}
    return here | {"family": 2, "proto": 0, "flags": 0}


def sighting(ip: str, *, hostname: str = "pihole", mac: str = MAC) -> DhcpServiceInfo:
    return DhcpServiceInfo(ip=ip, hostname=hostname, macaddress=mac.replace(":", ""))


async def discover(
    flow: Flow, ip: str = "192.168.1.2", *, hostname: str = "pihole", mac: str = MAC
) -> None:
    """Report a host as Home Assistant's dhcp integration does."""
    await flow.start(SOURCE_DHCP, sighting(ip, hostname=hostname, mac=mac))
    await flow.hass.async_block_till_done()
