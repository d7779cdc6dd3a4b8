import re

import pytest

from scripts.demo_home.telling import DemoError
from tests.conformance.credentials import turn_2fa_on, turn_password_off, use_app_password
from tests.conformance.pihole import Host
from tests.conformance.real import RealPihole

from .conftest import AddPihole


async def test_a_pihole_is_added_over_http_and_backed_up(
    add: AddPihole, pihole: RealPihole
) -> None:
    await (await add(pihole.url)).press()


async def test_a_pihole_is_added_over_https_when_its_own_certificate_is_not_verified(
    add: AddPihole, pihole: RealPihole
) -> None:
    url = pihole.tls_url or pytest.skip("it does not listen for https")
    with pytest.raises(DemoError, match=r"certificate at this address isn't trusted.*turn off"):
        await add(url)
    await (await add(url, verify_ssl=False)).press()


async def test_a_pihole_is_added_with_an_app_password(add: AddPihole, pihole: RealPihole) -> None:
    await (await add(pihole.url, await use_app_password(pihole))).press()


async def test_a_pihole_without_a_password_is_added_without_asking_for_one(
    add: AddPihole, pihole: RealPihole
) -> None:
    await turn_password_off(pihole)
    await (await add(pihole.url, "")).press()


async def test_with_2fa_the_main_password_is_refused_and_an_app_password_works(
    add: AddPihole, pihole: RealPihole
) -> None:
    await turn_2fa_on(pihole)
    with pytest.raises(DemoError, match=r"^Two-factor authentication is on.*Create an app passw"):
        await add(pihole.url)
    await (await add(pihole.url, await use_app_password(pihole))).press()


async def test_a_wrong_password_is_called_one(add: AddPihole, pihole: RealPihole) -> None:
    with pytest.raises(DemoError, match=r"^The Pi-hole rejected the password"):
        await add(pihole.url, "wrong")


async def test_a_pihole_is_added_behind_a_proxy_below_a_path(
    add: AddPihole, pytestconfig: pytest.Config
) -> None:
    url = pytestconfig.getoption("--pihole-proxy-url") or pytest.skip("it needs --pihole-proxy-url")
    await (await add(f"{url.rstrip('/')}/admin/login")).press()


@pytest.mark.parametrize(
    "typed",
    ["{url}/", "{url}/admin", "{url}/admin/", "{url}/admin/login", " {host}/admin ", "{url}/api"],
)
async def test_a_pihole_is_added_in_each_form_of_its_address(
    add: AddPihole, pihole: RealPihole, typed: str
) -> None:
    host = f"{pihole.url.host}:{pihole.url.port}"
    await (await add(typed.format(url=pihole.url, host=host))).press()


async def test_a_pihole_is_added_although_its_host_does_not_know_its_versions(
    add: AddPihole, pihole: RealPihole, host: Host
) -> None:
    with host.without_versions():
        await (await add(pihole.url)).press()


async def test_a_port_that_redirects_is_refused_with_the_address_to_use(
    add: AddPihole, pihole: RealPihole
) -> None:
    url = pihole.redirecting_url or pytest.skip("it has no port that redirects")
    with pytest.raises(DemoError, match=r"^This address redirects to https://") as refused:
        await add(url)
    named = re.findall(r"https://\S+?(?=[.,;]? )", str(refused.value))
    await (await add(named[0], verify_ssl=False)).press()
