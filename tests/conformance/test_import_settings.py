"""What becomes of a configuration file in an import."""

import json

from pihole_simulator import broken

from .archives import TOML, configured, empty, exported, imported, member, written
from .conftest import Expect
from .credentials import set_webserver_api, use_app_password
from .pihole import Pihole
from .seen import Plain, seen

_OTHER_PASSWORD = "password-of-conformance"
_ARRAYS = """
    [dns]
    upstreams = ["203.0.113.53"]
    hosts = ["203.0.113.1 conformance"]
    cnameRecords = ["one.conformance,conformance"]
    revServers = ["true,203.0.113.0/24,203.0.113.1,conformance"]
    [dhcp]
    hosts = ["02:00:00:00:00:01,203.0.113.2,conformance"]
    [webserver.api]
    excludeClients = ["conformance"]
    excludeDomains = ["conformance"]
    [misc]
    dnsmasq_lines = ["address=/conformance/203.0.113.3"]
"""
_ARRAY_NAMES = (
    *("dns.upstreams", "dns.hosts", "dns.cnameRecords", "dns.revServers", "dhcp.hosts"),
    *("webserver.api.excludeClients", "webserver.api.excludeDomains", "misc.dnsmasq_lines"),
)


async def _imported(pihole: Pihole, text: str) -> Plain:
    return await imported(pihole, configured(text))


async def _import_now(pihole: Pihole, text: str) -> None:
    await pihole.upload(configured(text))
    await pihole.restarts_now()


async def test_only_what_the_file_says_is_changed(pihole: Pihole, expect: Expect) -> None:
    text = """
        [dns]
        blockTTL = 9
        hosts = ["203.0.113.1 conformance"]
        [dns.blocking]
        mode = "NX"
        [webserver.api]
        maxClients = 11
    """
    expect(await _imported(pihole, text))


async def test_arrays_that_the_file_lacks(pihole: Pihole, expect: Expect) -> None:
    """The oldest version empties those in the sections that the file has, above others too."""
    texts = {
        "one setting": "[dns]\nblockTTL = 9\n",
        "one setting below": "[dns.blocking]\nmode = 'NX'\n",
        "an array of a wrong type": "[dns]\nhosts = '203.0.113.9 conformance'\n",
        "another section": "[webserver.api]\nmaxClients = 11\n",
    }
    shown: Plain = {}
    for name, text in texts.items():
        await _import_now(pihole, _ARRAYS)
        await _import_now(pihole, text)
        shown[name] = empty(await exported(pihole), *_ARRAY_NAMES)
    expect(shown)


async def test_a_password_and_no_arrays(pihole: Pihole, expect: Expect) -> None:
    """The oldest version empties the arrays beside it, and no others."""
    await _import_now(pihole, _ARRAYS)
    [line] = written(await exported(pihole), "webserver.api.pwhash")
    await set_webserver_api(pihole, password=_OTHER_PASSWORD)
    pihole.sid = await pihole.session(_OTHER_PASSWORD)
    shown = await _imported(pihole, f"[webserver.api]\n{line}\n")
    logins = [(await pihole.log_in(text)).status for text in (pihole.password, _OTHER_PASSWORD)]
    expect([shown, logins, empty(await exported(pihole), *_ARRAY_NAMES)])


async def test_no_setting_at_all(pihole: Pihole, expect: Expect) -> None:
    expect([await _imported(pihole, text) for text in ("\n", "# nothing\n", "[dns]\n")])


async def test_unknown_settings_are_dropped(pihole: Pihole, expect: Expect) -> None:
    text = """
        nothing = 1
        [dns]
        nothing = true
        blockTTL = 9
        [nonsense]
        at = "all"
        and = ["nothing"]
        [webserver]
        paths = 5
    """
    answer = await _imported(pihole, text)
    expect([answer, b"nothing" in member(await exported(pihole), TOML)])


async def test_values_of_a_wrong_type_are_skipped(pihole: Pihole, expect: Expect) -> None:
    text = """
        [dns]
        blockTTL = "9"
        piholePTR = 5
        hosts = "203.0.113.1 conformance"
        bogusPriv = "false"
        showDNSSEC = 0
        port = -1
        [dns.cache]
        size = 10001.5
        [webserver]
        domain = true
        [webserver.api]
        maxClients = 11
        maxHistory = -1
        [database]
        maxDBdays = "5"
    """
    expect(await _imported(pihole, text))


async def test_values_out_of_range_are_skipped(pihole: Pihole, expect: Expect) -> None:
    text = """
        [dns]
        piholePTR = "nonsense"
        [dns.blocking]
        mode = "nonsense"
        [dns.reply.host]
        IPv4 = "nonsense"
        IPv6 = "203.0.113.1"
        [webserver.interface]
        theme = "nonsense"
        [webserver.api]
        maxClients = 11
        [ntp.sync]
        count = 4294967297
    """
    expect(await _imported(pihole, text))


async def test_values_that_other_ways_would_refuse_are_taken(
    pihole: Pihole, expect: Expect
) -> None:
    text = """
        [dns]
        blockTTL = 5000000000
        hosts = ["nonsense", "203.0.113.1", "203.0.113.2   conformance  # a comment"]
        [dns.blocking]
        mode = "nxdomain"
        [webserver.api]
        excludeClients = ["([conformance"]
    """
    expect(await _imported(pihole, text))


async def test_spaces_and_comments_in_dns_hosts(pihole: Pihole, expect: Expect) -> None:
    """The newer versions tidy them up, but for comments."""
    hosts = [
        "  203.0.113.1 \t conformance   two  ",
        "203.0.113.2  conformance  # a  comment",
        "203.0.113.3 conformance#1",
        "203.0.113.4 conformance # ",
        "203.0.113.5 # conformance",
        "  # conformance",
        "203.0.113.6 conformance\nthree",
        "203.0.113.7 \n conformance",
    ]
    expect(await _imported(pihole, f"[dns]\nhosts = {json.dumps(hosts)}\n"))


async def test_an_array_of_odd_items(pihole: Pihole, expect: Expect) -> None:
    text = """
        [webserver.api]
        excludeClients = ["", "conformance", "conformance", "", "x"]
        excludeDomains = ["conformance", 5, "x"]
        maxClients = 11
    """
    expect(await _imported(pihole, text))


async def test_a_forced_setting_keeps(pihole: Pihole, expect: Expect) -> None:
    shown = await _imported(pihole, "[webserver.api.temp]\nlimit = 70.0\nunit = 'K'\n")
    expect([shown, written(await exported(pihole), "webserver.api.temp.limit")])


async def test_the_domain_of_older_versions(pihole: Pihole, expect: Expect) -> None:
    text = '[dns]\ndomain = "conformance.example"\n'
    expect([await _imported(pihole, content) for content in (text, '[dns]\ndomain = ""\n')])


async def test_the_domain_of_newer_versions(pihole: Pihole, expect: Expect) -> None:
    expect(await _imported(pihole, '[dns.domain]\nname = "conformance.example"\nlocal = false\n'))


async def test_the_reverse_server_of_older_versions(pihole: Pihole, expect: Expect) -> None:
    """It is added to those that are there, and it is off in the oldest version."""
    head = "[dns]\nblockTTL = 9\n[dns.revServer]\n"
    rest = 'cidr = "203.0.113.0/24"\ntarget = "203.0.113.1"\ndomain = "conformance.example"\n'
    texts = [f"{head}active = {name}\n{rest}" for name in ("true", "false")]
    expect([await _imported(pihole, text) for text in texts])


async def test_all_of_debugging(pihole: Pihole, expect: Expect) -> None:
    texts = ("[debug]\nall = true\n", "[debug]\nall = false\n")
    expect([await _imported(pihole, text) for text in texts])


async def test_all_of_debugging_but_one(pihole: Pihole, expect: Expect) -> None:
    shown = await _imported(pihole, "[debug]\napi = false\nall = true\n")
    await _imported(pihole, "[debug]\nall = false\n")
    expect(shown)


async def test_some_of_debugging(pihole: Pihole, expect: Expect) -> None:
    expect(await _imported(pihole, "[debug]\napi = true\nall = false\n"))


async def test_a_configuration_that_is_read_only(pihole: Pihole, expect: Expect) -> None:
    shown = await _imported(pihole, "[misc]\nreadOnly = true\n[dns]\nblockTTL = 9\n")
    change = await pihole.ask("PATCH", "api/config", {"config": {"dns": {"blockTTL": 10}}})
    expect([shown, change.status])


async def test_another_password_ends_no_session(pihole: Pihole, expect: Expect) -> None:
    """The next login finds out."""
    before = await exported(pihole)
    await set_webserver_api(pihole, password=_OTHER_PASSWORD)
    pihole.sid = await pihole.session(_OTHER_PASSWORD)
    shown = await imported(pihole, before, {"config": True})
    session = await pihole.ask("GET", "api/auth")
    expect(
        [
            shown,
            session.status,
            seen(await pihole.log_in(_OTHER_PASSWORD)),
            (await pihole.log_in()).status,
        ]
    )


async def test_sessions_that_a_restart_does_not_restore(pihole: Pihole, expect: Expect) -> None:
    await pihole.upload(configured("[webserver.session]\nrestore = false\n"))
    await pihole.restarts_now()
    expect((await pihole.ask("GET", "api/auth")).status)


async def test_an_app_password_that_goes(pihole: Pihole, expect: Expect) -> None:
    before = await exported(pihole)
    app_password = await use_app_password(pihole)
    sid = await pihole.session(app_password)
    shown = await imported(pihole, before, {"config": True})
    session = await pihole.ask("GET", "api/auth", sid=sid)
    expect([shown, session.status, (await pihole.log_in(app_password)).status])


async def test_masked_secrets_are_taken_as_they_are(pihole: Pihole, expect: Expect) -> None:
    """No password is right after that, but a session goes on."""
    before = await exported(pihole)
    masked = '[webserver.api]\npwhash = "********"\n'
    shown = await _imported(pihole, masked)
    refused = await pihole.log_in()
    await pihole.upload(before, {"config": True})
    await pihole.restarts_now()
    expect([shown, seen(refused), (await pihole.log_in()).status])


async def test_no_password(pihole: Pihole, expect: Expect) -> None:
    before = await exported(pihole)
    shown = await _imported(pihole, '[webserver.api]\npwhash = ""\n')
    state = await pihole.ask("GET", "api/auth", sid=None)
    await pihole.upload(before, {"config": True})
    await pihole.restarts_now()
    expect([shown, seen(state)])


async def test_another_place_of_the_gravity_database(pihole: Pihole, expect: Expect) -> None:
    """The import breaks off in the middle, and no export works until that is taken back."""
    before = await exported(pihole)
    elsewhere = broken.replace_member(
        before, TOML, b'[files]\ngravity = "/etc/pihole/conformance/gravity.db"\n'
    )
    answer = await pihole.upload(elsewhere)
    shown = [seen(answer), await pihole.restarts_now()]
    shown.append(seen(await pihole.ask("GET", "api/teleporter")))
    back = {"files": {"gravity": "/etc/pihole/gravity.db"}}
    answer = await pihole.ask("PATCH", "api/config", {"config": back})
    restarts = await pihole.restarts_now()
    expect([*shown, answer.status, restarts])
