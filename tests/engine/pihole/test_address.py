from contextlib import suppress
import re

from hypothesis import given
from hypothesis import strategies as st
import pytest

from custom_components.pihole_checkpoint.engine.pihole.address import (
    folder_name,
    https_instead,
    parse_address,
)
from custom_components.pihole_checkpoint.engine.pihole.errors import (
    CannotConnect,
    CheckpointError,
    ConnectionLost,
    ConnectTimeout,
    InvalidUrl,
    ProxyAnswered,
    Redirected,
)


@pytest.mark.parametrize(
    ("typed", "url"),
    [
        ("http://pi.hole", "http://pi.hole"),
        ("192.168.1.2", "http://192.168.1.2"),
        (" pi.hole \n", "http://pi.hole"),
        ("http://192.168.1.2/admin", "http://192.168.1.2"),
        ("http://192.168.1.2/admin/", "http://192.168.1.2"),
        ("http://pi.hole/admin/login", "http://pi.hole"),
        ("pi.hole/admin/settings/teleporter?x=1#top", "http://pi.hole"),
        ("http://pi.hole/api", "http://pi.hole"),
        ("http://pi.hole/api/docs/#get-/teleporter", "http://pi.hole"),
        ("https://host:8443/pihole/", "https://host:8443/pihole"),
        ("https://host/pihole/admin/login", "https://host/pihole"),
        ("https://host/a/b//admin", "https://host/a/b"),
        ("HTTP://PI.HOLE:80/admin", "http://pi.hole"),
        ("https://pi.hole:443", "https://pi.hole"),
        ("https://pi.hole:80", "https://pi.hole:80"),
        ("pi.hole.", "http://pi.hole"),
        ("pi.hole:8080", "http://pi.hole:8080"),
        ("::1", "http://[::1]"),
        ("fd00::2", "http://[fd00::2]"),
        ("[fd00::2]:8080/admin", "http://[fd00::2]:8080"),
        ("http://bücher.example", "http://xn--bcher-kva.example"),
        ("http://host/apis/administration", "http://host/apis/administration"),
    ],
)
def test_what_people_type_leads_to_one_base_url(typed: str, url: str) -> None:
    assert str(parse_address(typed)) == url


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "   ",
        "http://",
        "https:///admin",
        "ftp://pi.hole",
        "javascript:alert(1)",
        "file:///etc/passwd",
        "http://user@pi.hole",
        "http://user:secret@pi.hole",
        "http://pi hole",
        "http://pi.hole:0",
        "http://pi.hole:99999",
        "http://pi.hole:port",
        "http://[fe80::1",
        "fe80::1%eth0",
        "http://pi\\hole",
        "http://..",
        "http://xn--a",
        "[]@",
    ],
)
def test_text_that_is_not_an_address_is_refused(typed: str) -> None:
    with pytest.raises(InvalidUrl):
        parse_address(typed)


def test_different_addresses_have_different_folders() -> None:
    typed = ["pi.hole", "pi-hole", "fd00::1:2", "fd00:1::2", "h:8080", "h/8080", "https://h:8443"]

    folders = [folder_name(parse_address(address)) for address in typed]

    assert len(set(folders)) == len(folders)
    assert folders[:3] == ["pi.hole", "pi-hole", "fd00__1_2"]
    assert folder_name(parse_address("https://h:443/x/")) == folder_name(parse_address("h/x"))


@given(st.text() | st.from_regex(r"[a-z0-9.:-]{1,300}(/[a-z%./-]*)?", fullmatch=True))
def test_any_folder_is_plain_and_short(typed: str) -> None:
    with suppress(InvalidUrl):
        assert re.fullmatch(r"[a-z0-9_-][a-z0-9._-]{0,99}", folder_name(parse_address(typed)))


@given(
    st.text()
    | st.from_regex(
        r"(https?://)?[a-z0-9.:\[\]@ -]{1,30}(:[0-9]{1,6})?(/[a-z%./?#-]*)?", fullmatch=True
    )
)
def test_any_text_is_refused_or_leads_to_an_address_that_leads_to_itself(typed: str) -> None:
    with suppress(InvalidUrl):
        url = parse_address(typed)
        assert parse_address(str(url)) == url
        assert str(url).startswith(("http://", "https://"))
        assert not str(url).endswith("/")
        assert (url.user, url.password, url.query_string, url.fragment) == (None, None, "", "")


@pytest.mark.parametrize(
    ("typed", "error", "offered"),
    [
        ("192.168.1.2", Redirected(url="https://pi.hole"), "https://192.168.1.2"),
        ("pihole.lan:8080", Redirected(url="https://pi.hole:8443"), "https://pihole.lan:8443"),
        ("192.168.1.2", Redirected(url="https://login.example/?to=pihole"), None),
        ("192.168.1.2", Redirected(url="https://192.168.1.2/login"), None),
        ("192.168.1.2", Redirected(url=f"https://[fe80::1%25{'a' * 180}"), None),  # shortened
        ("https://192.168.1.2", Redirected(url="http://192.168.1.2"), None),
        ("192.168.1.2:8443", ConnectionLost(), "https://192.168.1.2:8443"),
        ("192.168.1.2:443", ProxyAnswered(status="400 Bad Request"), "https://192.168.1.2"),
        ("192.168.1.2:8443/pihole", ConnectionLost(), "https://192.168.1.2:8443/pihole"),
        ("192.168.1.2", CannotConnect(url="http://192.168.1.2"), "https://192.168.1.2"),
        ("192.168.1.2:8080", CannotConnect(url="http://192.168.1.2:8080"), None),
        ("192.168.1.2", ConnectTimeout(url="http://192.168.1.2"), None),
        ("https://192.168.1.2", ConnectionLost(), None),
    ],
)
def test_the_address_with_https_has_the_host_that_was_typed(
    typed: str, error: CheckpointError, offered: str | None
) -> None:
    url = https_instead(parse_address(typed), error)

    assert (url and str(url)) == offered
