"""Sessions: how a request shows its own, how they are listed, and how they end."""

from collections.abc import Mapping
from typing import cast

from .conftest import Expect
from .credentials import use_app_password
from .pihole import Pihole, item
from .plain_http import Answer
from .seen import masked, seen

_AGENT = {"User-Agent": "conformance", "X-Forwarded-For": "192.0.2.7"}


async def test_who_am_i_without_a_session(pihole: Pihole, expect: Expect) -> None:
    expect(seen(await pihole.ask("GET", "api/auth", sid=None), "Content-Type", "Set-Cookie"))


async def test_who_am_i_with_a_session(pihole: Pihole, expect: Expect) -> None:
    expect(seen(await pihole.ask("GET", "api/auth"), "Set-Cookie"))


async def test_who_am_i_with_an_unknown_session(pihole: Pihole, expect: Expect) -> None:
    expect(seen(await pihole.ask("GET", "api/auth", sid="unknown")))


async def test_something_without_a_session(pihole: Pihole, expect: Expect) -> None:
    expect(seen(await pihole.ask("GET", "api/info/host", sid=None), "Content-Type", "Set-Cookie"))


async def test_something_with_an_unknown_session(pihole: Pihole, expect: Expect) -> None:
    expect(seen(await pihole.ask("GET", "api/info/host", sid="unknown")))


async def test_every_answer_to_a_session_has_a_cookie(pihole: Pihole, expect: Expect) -> None:
    paths = ("api/info/host", "api/config/dns/port", "api/teleporter", "api/nothing")
    answers = {path: await pihole.ask("GET", path) for path in paths}
    expect({path: seen(answer, "Set-Cookie").get("set-cookie") for path, answer in answers.items()})


async def test_logging_out(pihole: Pihole, expect: Expect) -> None:
    sid = await pihole.session()
    answer = await pihole.ask("DELETE", "api/auth", sid=sid)
    after = await pihole.ask("GET", "api/auth", sid=sid)
    expect({"logout": _seen_with_headers(answer), "who am I": seen(after)})


async def test_logging_out_twice(pihole: Pihole, expect: Expect) -> None:
    sid = await pihole.session()
    await pihole.ask("DELETE", "api/auth", sid=sid)
    expect(seen(await pihole.ask("DELETE", "api/auth", sid=sid), "Set-Cookie"))


async def test_logging_out_without_a_session(pihole: Pihole, expect: Expect) -> None:
    expect(seen(await pihole.ask("DELETE", "api/auth", sid=None)))


async def test_the_list_of_sessions(pihole: Pihole, expect: Expect) -> None:
    body = {"password": pihole.password}
    await pihole.wait_for_the_next_second()
    await pihole.ask("POST", "api/auth", body, sid=None, headers=_AGENT)
    sessions = await _sessions(pihole)
    [other] = [session for session in sessions if not session["current_session"]]
    [mine] = [session for session in sessions if session["current_session"]]
    expect({"mine": masked(_without_address(mine)), "other": masked(_without_address(other))})


async def test_a_session_of_an_app_password_in_the_list(pihole: Pihole, expect: Expect) -> None:
    sid = await pihole.session(await use_app_password(pihole))
    [session] = [one for one in await _sessions(pihole, sid) if one["current_session"]]
    expect(masked(_without_address(session)))


async def test_a_session_over_https_in_the_list(pihole: Pihole, expect: Expect) -> None:
    if (url := pihole.tls_url) is None:
        expect.cannot_be_asked("it listens for no https")
    body = {"password": pihole.password}
    await pihole.wait_for_the_next_second()
    login = await pihole.ask("POST", "api/auth", body, sid=None, url=url)
    sid = cast("dict[str, str]", login.json["session"])["sid"]
    over_https = await _sessions(pihole, sid, url=True)
    over_http = await _sessions(pihole, sid)
    expect(
        [
            [session["tls"] for session in listed if session["current_session"]]
            for listed in (over_https, over_http)
        ]
    )


async def test_deleting_the_session_of_another(pihole: Pihole, expect: Expect) -> None:
    other = await pihole.session()
    [number] = [
        session["id"] for session in await _sessions(pihole) if not session["current_session"]
    ]
    path = f"api/auth/session/{number}"
    first, second = await pihole.ask("DELETE", path), await pihole.ask("DELETE", path)
    after = await pihole.ask("GET", "api/auth", sid=other)
    expect({"first": _seen_with_headers(first), "again": seen(second), "who am I": seen(after)})


async def test_a_session_in_other_places(pihole: Pihole, expect: Expect) -> None:
    sid = pihole.sid or ""
    session = (await pihole.ask("GET", "api/auth")).json["session"]
    csrf = cast("dict[str, str]", session)["csrf"]
    cookie = {"Cookie": f"sid={sid}"}
    expect(
        {
            "header sid": await _status(pihole, {"sid": sid}),
            "header X-FTL-SID": await _status(pihole, {"X-FTL-SID": sid}),
            "query": (await pihole.ask("GET", f"api/info/host?sid={item(sid)}", sid=None)).status,
            "query not encoded": (
                await pihole.ask("GET", f"api/info/host?sid={sid}", sid=None)
            ).status,
            "cookie": await _status(pihole, cookie),
            "cookie with X-CSRF-TOKEN": await _status(pihole, cookie | {"X-CSRF-TOKEN": csrf}),
            "cookie with X-FTL-CSRF": await _status(pihole, cookie | {"X-FTL-CSRF": csrf}),
            "cookie with a wrong token": await _status(pihole, cookie | {"X-CSRF-TOKEN": "x"}),
            "wrong header, right cookie": await _status(
                pihole, cookie | {"X-CSRF-TOKEN": csrf, "X-FTL-SID": "x"}
            ),
            "right header, wrong cookie": await _status(
                pihole, {"Cookie": "sid=x", "X-FTL-SID": sid}
            ),
        }
    )


async def test_a_cookie_alone_at_the_door(pihole: Pihole, expect: Expect) -> None:
    """Of /api/auth a cookie is enough: in a shared jar, one client ends another's session."""
    sid = await pihole.session()
    headers = {"Cookie": f"sid={sid}"}
    answers = {
        "who am I": seen(await pihole.ask("GET", "api/auth", sid=None, headers=headers)),
        "a wrong password": seen(
            await pihole.ask("POST", "api/auth", {"password": "wrong"}, sid=None, headers=headers)
        ),
        "logout": (await pihole.ask("DELETE", "api/auth", sid=None, headers=headers)).status,
        "after it": (await pihole.ask("GET", "api/auth", sid=sid)).status,
    }
    expect(answers)


async def test_sessions_outlive_a_restart(pihole: Pihole, expect: Expect) -> None:
    other = await pihole.session()
    answer = await pihole.ask("POST", "api/action/restartdns")
    restarted = await pihole.restarts_now()
    after = [(await pihole.ask("GET", "api/auth", sid=one)).status for one in (pihole.sid, other)]
    expect({"asked": seen(answer), "restarted": restarted, "sessions": after})


async def _sessions(
    pihole: Pihole, sid: str | None = "mine", *, url: bool = False
) -> list[dict[str, object]]:
    where = pihole.tls_url if url else None
    answer = await pihole.ask("GET", "api/auth/sessions", sid=sid, url=where)
    return cast("list[dict[str, object]]", answer.json["sessions"])


def _without_address(session: Mapping[str, object]) -> dict[str, object]:
    return {name: value for name, value in session.items() if name not in {"id", "remote_addr"}}


async def _status(pihole: Pihole, headers: Mapping[str, str]) -> int:
    return (await pihole.ask("GET", "api/info/host", sid=None, headers=headers)).status


def _seen_with_headers(answer: Answer) -> dict[str, object]:
    return seen(answer, "Content-Type", "Set-Cookie")
