"""Logging in: passwords, app passwords, the second factor, and the limits."""

import asyncio
from http import HTTPStatus
from typing import cast

from .conftest import Expect
from .credentials import turn_2fa_on, turn_password_off, use_app_password
from .pihole import Pihole
from .plain_http import Answer
from .seen import Plain, seen


async def test_the_right_password(pihole: Pihole, expect: Expect) -> None:
    expect(seen(await pihole.log_in(), "Content-Type", "Set-Cookie"))


async def test_a_wrong_password(pihole: Pihole, expect: Expect) -> None:
    expect(seen(await pihole.log_in("wrong"), "Content-Type", "Set-Cookie"))


async def test_an_empty_password(pihole: Pihole, expect: Expect) -> None:
    expect(seen(await pihole.log_in("")))


async def test_a_body_that_is_no_json(pihole: Pihole, expect: Expect) -> None:
    expect(seen(await pihole.ask("POST", "api/auth", b"no json", sid=None)))


async def test_a_body_that_ends_too_early(pihole: Pihole, expect: Expect) -> None:
    expect(seen(await pihole.ask("POST", "api/auth", b'{"password": "x"', sid=None)))


async def test_no_body(pihole: Pihole, expect: Expect) -> None:
    expect(seen(await pihole.ask("POST", "api/auth", sid=None)))


async def test_a_body_without_a_password(pihole: Pihole, expect: Expect) -> None:
    expect(seen(await pihole.ask("POST", "api/auth", {"pass": "x"}, sid=None)))


async def test_a_password_that_is_a_number(pihole: Pihole, expect: Expect) -> None:
    expect(seen(await pihole.ask("POST", "api/auth", {"password": 5}, sid=None)))


async def test_a_wrong_password_with_the_session_of_somebody(
    pihole: Pihole, expect: Expect
) -> None:
    await pihole.wait_for_the_next_second()
    expect(seen(await pihole.ask("POST", "api/auth", {"password": "wrong"})))


async def test_five_wrong_passwords_at_once(pihole: Pihole, expect: Expect) -> None:
    await pihole.wait_for_the_next_second()
    answers = await asyncio.gather(*(_try(pihole, "wrong") for _ in range(5)))
    expect(_sorted(answers))


async def test_the_right_password_is_not_limited(pihole: Pihole, expect: Expect) -> None:
    await pihole.wait_for_the_next_second()
    expect([(await _try(pihole, pihole.password)).status for _ in range(6)])


async def test_an_app_password(pihole: Pihole, expect: Expect) -> None:
    app_password = await use_app_password(pihole)
    expect(seen(await pihole.log_in(app_password), "Set-Cookie"))


async def test_a_right_app_password_when_attempts_are_used_up(
    pihole: Pihole, expect: Expect
) -> None:
    """The second of its two attempts is limited, and the answer is that of a wrong password."""
    app_password = await use_app_password(pihole)
    await pihole.wait_for_the_next_second()
    expect([seen(await _try(pihole, password)) for password in ("wrong", app_password)])


async def test_a_new_app_password_ends_every_session(pihole: Pihole, expect: Expect) -> None:
    other = await pihole.session()
    mine = pihole.sid
    await use_app_password(pihole)
    answers = [await pihole.ask("GET", "api/auth", sid=sid) for sid in (mine, other)]
    expect([seen(answer) for answer in answers])


async def test_two_factors_are_announced(pihole: Pihole, expect: Expect) -> None:
    await turn_2fa_on(pihole)
    expect(seen(await pihole.ask("GET", "api/auth", sid=None)))


async def test_no_token(pihole: Pihole, expect: Expect) -> None:
    await turn_2fa_on(pihole)
    expect(seen(await pihole.log_in()))


async def test_a_wrong_token(pihole: Pihole, expect: Expect) -> None:
    await turn_2fa_on(pihole)
    await pihole.wait_for_the_next_second()
    expect(seen(await pihole.log_in(totp=1)))


async def test_a_right_token(pihole: Pihole, expect: Expect) -> None:
    await turn_2fa_on(pihole)
    await pihole.wait_for_the_next_second()
    expect(seen(await pihole.log_in(totp=pihole.token())))


async def test_a_right_token_that_is_a_text(pihole: Pihole, expect: Expect) -> None:
    await turn_2fa_on(pihole)
    await pihole.wait_for_the_next_second()
    expect(seen(await pihole.log_in(totp=str(pihole.token()))))


async def test_a_token_used_twice(pihole: Pihole, expect: Expect) -> None:
    await turn_2fa_on(pihole)
    await pihole.wait_for_the_next_second()
    token = pihole.token()
    expect([seen(await pihole.log_in(totp=token)) for _ in range(2)])


async def test_three_wrong_tokens_at_once(pihole: Pihole, expect: Expect) -> None:
    await turn_2fa_on(pihole)
    await pihole.wait_for_the_next_second()
    answers = await asyncio.gather(*(_try(pihole, pihole.password, totp=1) for _ in range(3)))
    expect(_sorted(answers))


async def test_an_app_password_with_2fa_on(pihole: Pihole, expect: Expect) -> None:
    app_password = await use_app_password(pihole)
    await turn_2fa_on(pihole)
    expect(seen(await pihole.log_in(app_password)))


async def test_no_password_is_set(pihole: Pihole, expect: Expect) -> None:
    await turn_password_off(pihole)
    expect(
        {
            "who am I": seen(await pihole.ask("GET", "api/auth", sid=None), "Set-Cookie"),
            "any password": seen(await pihole.log_in("anything"), "Set-Cookie"),
            "an empty one": seen(await pihole.log_in(""), "Set-Cookie"),
            "what needs a session": (await pihole.ask("GET", "api/info/host", sid=None)).status,
            "with an old session": (await pihole.ask("GET", "api/info/host")).status,
            "export": (await pihole.ask("GET", "api/teleporter", sid=None)).status,
            "logout": seen(await pihole.ask("DELETE", "api/auth", sid=None), "Set-Cookie"),
        }
    )


async def test_all_seats_taken(pihole: Pihole, expect: Expect) -> None:
    seats = await _max_sessions(pihole)
    answers = [await pihole.log_in() for _ in range(seats)]
    opened = sum(answer.status == HTTPStatus.OK for answer in answers)
    [last] = [answer for answer in answers if answer.status != HTTPStatus.OK]
    expect({"seats": seats, "opened beside mine": opened, "the last": seen(last)})


async def test_a_logout_makes_a_seat_free(pihole: Pihole, expect: Expect) -> None:
    seats = await _max_sessions(pihole)
    sids = [await pihole.session() for _ in range(seats - 1)]
    refused = (await pihole.log_in()).status
    await pihole.ask("DELETE", "api/auth", sid=sids[3])
    expect({"before": refused, "after": (await pihole.log_in()).status})


async def test_a_token_used_with_a_wrong_password(pihole: Pihole, expect: Expect) -> None:
    await turn_2fa_on(pihole)
    await pihole.wait_for_the_next_second()
    expect(seen(await pihole.log_in("wrong", totp=pihole.token())))


def _sorted(answers: list[Answer]) -> list[Plain]:
    """Return what is seen of answers that came in any order."""
    return [seen(answer) for answer in sorted(answers, key=lambda answer: answer.status)]


async def _try(pihole: Pihole, password: str, **fields: object) -> Answer:
    """Log in once, although the attempts may be limited."""
    return await pihole.ask("POST", "api/auth", {"password": password, **fields}, sid=None)


async def _max_sessions(pihole: Pihole) -> int:
    answer = await pihole.ask("GET", "api/config/webserver/api")
    config = cast("dict[str, dict[str, dict[str, int]]]", answer.json["config"])
    return config["webserver"]["api"]["max_sessions"]
