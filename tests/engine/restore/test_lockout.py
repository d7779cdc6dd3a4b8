"""What real Pi-holes of v6.0 to v6.4.1 did with these values is in docs/pihole-api.md."""

from base64 import b64encode

from hypothesis import given
from hypothesis import strategies as st
import pytest

from custom_components.pihole_checkpoint.engine.restore.lockout import Problem, locks_out
from custom_components.pihole_checkpoint.engine.teleporter.contents import Secret, Setting
from pihole_simulator import Credentials

OWN = "192.168.1.20"
LIVE: dict[str, Setting | Secret] = {
    "webserver.port": "80o,443os,[::]:80o,[::]:443os",
    "webserver.tls.cert": "/etc/pihole/tls.pem",
    "webserver.acl": "",
    "webserver.threads": 50,
    "webserver.headers": ("X-Frame-Options: DENY",),
    "webserver.advancedOpts": ("throttle=*=1000",),
    "webserver.api.max_sessions": 16,
    "webserver.api.pwhash": Secret("live"),
}
SALT, DIGEST = b64encode(bytes(16)).decode(), b64encode(bytes(32)).decode()


def problem(
    key: str,
    value: Setting | Secret,
    raw: str | None = None,
    *,
    own: str | None = OWN,
    port: int | None = 80,
    **live: Setting,
) -> Problem | None:
    present = {**LIVE, **{f"webserver.{name}": found for name, found in live.items()}}
    return locks_out(key, value, live=present, raw_secret=raw, own_address=own, url_port=port)


# Ports --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "ports",
    [
        *("80", "80o", " 80 , 443s", "80,", "0x50", "0120", "+80", "80o,80o"),
        *("80o,443os", "443s,80", "80,[::]:80", "80,8080", "80,192.168.1.99:80o"),
        *("80,127.0.0.1:8080", "80o,+80o", "0.0.0.0:80", "80,8080r,443s"),
    ],
)
def test_a_list_with_the_port_that_is_used_can_be_restored(ports: str) -> None:
    assert problem("webserver.port", ports) is None


@pytest.mark.parametrize(
    "ports",
    [
        *("nonsense", "80,nonsense", "80o,nonsense", "80rs", "80oo", "80x", "080", "65536", "-1"),
        *("80;443s", "80 443s", "80r", "80or", "80ro", "x/tmp/socket", "80,80", "80o,80"),
        *("80,127.0.0.1:80", "80,+80", "999.1.1.1:80", "[nonsense]:80", ":80", "+", "0x", "80,٨٠"),
    ],
)
def test_a_list_with_which_the_web_server_does_not_start_is_a_problem(ports: str) -> None:
    assert problem("webserver.port", ports) is Problem.PORT_INVALID


@pytest.mark.parametrize("ports", ["", " ", ",", " , \t"])
def test_no_port_at_all_is_a_problem(ports: str) -> None:
    assert problem("webserver.port", ports) is Problem.NO_PORT


@pytest.mark.parametrize(
    "ports",
    [
        *("8080", "443s", "80r,443s", "80s", "0", "010", "127.0.0.1:80", "[::]:80", "[::1]:80,81"),
        *("192.168.1.99:80o,81", "81,80r,443s"),
    ],
)
def test_a_list_without_the_port_that_is_used_is_a_problem(ports: str) -> None:
    assert problem("webserver.port", ports) is Problem.PORT_GONE


@pytest.mark.parametrize("ports", ["192.168.1.99:80", "80,192.168.1.99:8080", "80,pi.hole:8080"])
def test_an_address_that_the_pihole_may_not_have_is_a_problem(ports: str) -> None:
    assert problem("webserver.port", ports) is Problem.PORT_ADDRESS


def test_an_address_that_the_pihole_has_is_no_problem() -> None:
    live = {"webserver.port": "192.168.1.2:80,192.168.1.2:443s"}

    def found(ports: str) -> Problem | None:
        return locks_out(
            "webserver.port", ports, live=live, raw_secret=None, own_address=OWN, url_port=80
        )

    assert found("192.168.1.2:80") is None
    assert found("80") is None
    assert found("192.168.1.2:443s") is Problem.PORT_GONE


def test_only_the_addresses_of_our_own_kind_have_to_stay() -> None:
    assert problem("webserver.port", "80o") is None
    assert problem("webserver.port", "80o", own="fd00::20") is Problem.PORT_GONE
    assert problem("webserver.port", "80o", own=None) is Problem.PORT_GONE
    assert problem("webserver.port", "80o", own="nonsense") is Problem.PORT_GONE
    assert problem("webserver.port", "[::]:80o", own="fe80::20%eth0") is None
    assert problem("webserver.port", "+80", own=None) is None
    assert problem("webserver.port", "80o", own="::ffff:192.168.1.20") is None


def test_behind_a_proxy_every_port_has_to_stay() -> None:
    """Nobody knows to which one the proxy or the container's network leads."""
    for port in (8443, None):
        assert problem("webserver.port", "80o,443s", port=port) is None
        assert problem("webserver.port", "80o,8080o", port=port) is Problem.PORT_GONE


def test_tls_without_a_certificate_is_a_problem() -> None:
    live: dict[str, Setting] = {"webserver.port": "80", "webserver.tls.cert": ""}
    assert (
        locks_out(
            "webserver.port", "80,443s", live=live, raw_secret=None, own_address=OWN, url_port=80
        )
        is Problem.CERTIFICATE
    )


def test_where_the_present_ports_are_unknown_no_other_can_be_restored() -> None:
    for live in ({}, {"webserver.port": "nonsense"}, {"webserver.port": 80}):
        found = locks_out(
            "webserver.port", "80", live=live, raw_secret=None, own_address=OWN, url_port=80
        )
        assert found is Problem.PORT_GONE


@given(st.text("0123456789+-[]:.,orsx \t", max_size=40))
def test_any_text_is_a_list_of_ports_or_a_problem(ports: str) -> None:
    found = problem("webserver.port", ports)
    if "80" not in ports and "0x50" not in ports and "0120" not in ports:
        assert found is not None


# Other settings of the web server -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("/etc/pihole/other.pem", None),
        ("/etc/pihole/tls.crt", Problem.CERTIFICATE),
        ("/etc/nothere/tls.pem", Problem.CERTIFICATE),
        ("/etc/pihole/folder/tls.pem", Problem.CERTIFICATE),
        ("/etc/pihole/../tls.pem", Problem.CERTIFICATE),
        ("/etc/pihole", Problem.CERTIFICATE),
        ("tls.pem", Problem.CERTIFICATE),
        ("", Problem.CERTIFICATE),
        ("/certs/new.pem", Problem.CERTIFICATE),
    ],
)
def test_a_certificate_is_where_ftl_can_make_one(path: str, found: Problem | None) -> None:
    assert problem("webserver.tls.cert", path) is found


def test_a_certificate_is_where_the_present_one_is() -> None:
    live: dict[str, Setting] = {"webserver.tls.cert": "/certs/now.pem"}

    def found(path: str) -> Problem | None:
        return locks_out(
            "webserver.tls.cert", path, live=live, raw_secret=None, own_address=None, url_port=None
        )

    assert found("/certs/new.pem") is None
    assert found("/certs/now.pem") is None
    assert found("/other/now.pem") is Problem.CERTIFICATE


@pytest.mark.parametrize("name", ["pwhash", "app_pwhash"])
@pytest.mark.parametrize(
    ("raw", "found"),
    [
        ("", None),
        (Credentials(password="any").pwhash, None),
        (f"$BALLOON-SHA256$v=1$s=1024,t=32${SALT}${DIGEST}", None),
        ("0123456789abcdef" * 4, None),
        ("0123456789ABCDEF" * 4, Problem.HASH_INVALID),
        ("********", Problem.HASH_INVALID),
        (None, Problem.HASH_INVALID),
        ("a password", Problem.HASH_INVALID),
        (f"$BALLOON-SHA256$v=2$s=1024,t=32${SALT}${DIGEST}", Problem.HASH_INVALID),
        (f"$BALLOON-SHA256$v=1$s=1024,t=32${DIGEST}${SALT}", Problem.HASH_INVALID),
        (f"$BALLOON-SHA256$v=1$s=1024,t=32${SALT}$*", Problem.HASH_INVALID),
        (f"$BALLOON-SHA256$v=1$s=1024,t=32${SALT[:-3]}${DIGEST}", Problem.HASH_INVALID),
        (f"$ARGON2$v=1$s=1024,t=32${SALT}${DIGEST}", Problem.HASH_INVALID),
    ],
)
def test_a_password_hash_is_one(name: str, raw: str | None, found: Problem | None) -> None:
    assert problem(f"webserver.api.{name}", Secret("new"), raw) is found
    assert problem("webserver.api.pwhash", Secret("live"), raw) is None


@pytest.mark.parametrize(
    ("raw", "found"),
    [
        ("", None),
        ("JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP", None),
        ("********", Problem.TOTP_INVALID),
        ("JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXPA", Problem.TOTP_INVALID),
        ("0189", Problem.TOTP_INVALID),
        (None, Problem.TOTP_INVALID),
    ],
)
def test_a_2fa_secret_is_one(raw: str | None, found: Problem | None) -> None:
    assert problem("webserver.api.totp_secret", Secret("new"), raw) is found


@pytest.mark.parametrize(
    "subnets",
    [
        *("", "+192.168.1.0/24", "+192.168.1.20", "-0.0.0.0/0,+192.168.0.0/16", "+0.0.0.0/0"),
        *("-192.168.1.0/24,+0.0.0.0/0", " +192.168.1.0/24 , -10.0.0.0/8,", "+192.168.1.20/32"),
    ],
)
def test_who_is_accepted_stays_accepted(subnets: str) -> None:
    assert problem("webserver.acl", subnets, acl="+192.168.0.0/16") is None


@pytest.mark.parametrize(
    "subnets",
    [
        *("-192.168.1.20", "+192.168.1.21", "+127.0.0.1", "+0.0.0.0/0,-192.168.1.0/24"),
        *("+192.168.1.20/24", "+[::]/0", "+fd00::/8", "+0.0.0.0/1"),
    ],
)
def test_an_access_list_without_us_shuts_us_out(subnets: str) -> None:
    """A subnet with more bits set than its mask has, as in one of these, covers nothing."""
    assert problem("webserver.acl", subnets) is Problem.ACL_SHUTS_OUT


@pytest.mark.parametrize(
    "subnets",
    [
        *("nonsense", "192.168.1.0/24", "+192.168", "+192.168.1.0/33", "+1.2.3.4;+5.6.7.8"),
        *("+nas.lan", ",", "+192.168.1.0/24,nonsense", "+[fd00::]/129", "+[fd00::", "+999.1.1.1"),
    ],
)
def test_a_text_that_is_no_access_list_is_a_problem(subnets: str) -> None:
    assert problem("webserver.acl", subnets) is Problem.ACL_INVALID


def test_an_access_list_is_checked_with_our_address_of_either_family() -> None:
    assert problem("webserver.acl", "+fd00::/8", own="fd00::20") is None
    assert (
        problem("webserver.acl", "+[fd00::]/8,-[fd00::20]", own="fd00::20") is Problem.ACL_SHUTS_OUT
    )
    assert problem("webserver.acl", "+[fe80::]/10", own="fe80::20%eth0") is None
    mapped = "::ffff:192.168.1.20"
    assert problem("webserver.acl", "+192.168.1.0/24", own=mapped) is Problem.ACL_SHUTS_OUT
    assert problem("webserver.acl", "+[::ffff:192.168.1.0]/120", own=mapped) is None
    for unknown in (None, "nonsense"):
        assert problem("webserver.acl", "+0.0.0.0/0", own=unknown) is Problem.ACL_SHUTS_OUT


@given(st.text("0123456789abcdef+-[]:./, ", max_size=60))
def test_any_text_is_an_access_list_or_a_problem(subnets: str) -> None:
    if subnets and "+" not in subnets:
        assert problem("webserver.acl", subnets) is not None


@pytest.mark.parametrize(
    ("key", "value", "found"),
    [
        ("webserver.api.max_sessions", 0, Problem.NO_SESSIONS),
        ("webserver.api.max_sessions", 1, None),
        ("webserver.threads", 0, None),
        ("webserver.threads", 65_534, None),
        ("webserver.threads", 70_000, Problem.THREADS),
        ("webserver.headers", (), None),
        ("webserver.headers", ("X-Other: 1", "nonsense", ""), None),
        ("webserver.headers", ("X-Other: 1", "content-Length : 0"), Problem.HEADERS),
        ("webserver.headers", ("X: 1\r\nTransfer-Encoding: chunked",), Problem.HEADERS),
        ("webserver.headers", ("Content-Type: text/html",), Problem.HEADERS),
        ("webserver.advancedOpts", (), None),
        ("webserver.advancedOpts", ("nonsense", "enable_keep_alive=no"), None),
        ("webserver.advancedOpts", ("throttle=*=1000",), None),
        ("webserver.advancedOpts", ("throttle=*=1",), Problem.OPTIONS),
        ("webserver.advancedOpts", ("listening_ports=9999",), Problem.OPTIONS),
        ("webserver.advancedOpts", ("nothing=1",), Problem.OPTIONS),
    ],
)
def test_what_else_takes_the_api_away_is_a_problem(
    key: str, value: Setting, found: Problem | None
) -> None:
    assert problem(key, value) is found


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("webserver.domain", "a b/c"),
        ("webserver.paths.webroot", "/nothere"),
        ("webserver.paths.webhome", "/api/"),
        ("webserver.paths.prefix", "nonsense"),
        ("webserver.session.timeout", 0),
        ("dns.upstreams", ()),
    ],
)
def test_what_takes_nothing_away_is_no_problem(key: str, value: Setting) -> None:
    assert problem(key, value) is None


@pytest.mark.parametrize("key", ["webserver.port", "webserver.acl", "webserver.tls.cert"])
def test_what_the_pihole_has_already_is_no_problem(key: str) -> None:
    for value in ("nonsense", ""):
        live = {key: value}
        assert (
            locks_out(key, value, live=live, raw_secret=None, own_address=None, url_port=None)
            is None
        )


@pytest.mark.parametrize(
    "key", ["webserver.port", "webserver.acl", "webserver.tls.cert", "webserver.headers"]
)
def test_a_value_of_another_type_is_no_problem_as_ftl_passes_over_it(key: str) -> None:
    assert problem(key, 5) is None
