"""In what the versions of Pi-hole differ. Each difference is held by `tests/conformance`."""

from dataclasses import dataclass, replace
from typing import Final, Literal

from .state import Versions


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """How one version behaves. The defaults are those of the newest."""

    versions: Versions
    same_site: str = "Lax"
    """What its cookies say."""
    deleted_cookie_ends: str = " Expires=Thu, 01 Jan 1970 00:00:00 GMT;"
    """The end of the cookie that deletes another."""
    logout_type: str = "text/html"
    """The type of the empty answer to a logout."""
    tokens_per_second: int | None = 1
    """How many 2FA tokens may be tried; `None`: any number."""
    kept_connections_cost: bool = True
    """Whether every further request on a connection waits for an acknowledgment."""
    body_behind_204: bool = False
    """Whether `{}` comes behind "204 No Content", where nothing may come."""
    restart_can_wait: bool = True
    """Whether `?restart=false` is heeded."""
    dhcp_range_of_one: bool = True
    """Whether DHCP may have a single address to give."""
    gravity_colours: Literal["never", "always", "asked"] = "asked"
    """When an update of the blocklists is coloured; asked: with `?color=true`."""
    hint_is_indented: bool = True
    """Whether the hint to a list's protocol is."""
    lists_have_words: bool = True
    """Whether all words of a line of a list count, rather than the last one."""
    says_why_no_toml: bool = False
    """Whether it says where a file that is imported is no TOML. It reads until a NUL, then."""
    empties_missing_arrays: bool = False
    """Whether the arrays that such a file lacks, in the sections that it has, become empty."""
    loses_names_with_spaces: bool = True
    """Whether a file whose name has a space in it does not count."""
    app_imports: bool = False
    """Whether an app password may import although `webserver.api.app_sudo` is off."""
    finds_no_page: bool = True
    """Whether an unknown page is "not found" rather than the way to the login page."""
    line_ends_in_paths: bool = False
    """Whether a path may have a line end in it (encoded, of course)."""
    lists_need_type: bool = True
    """Whether a change of a list without `?type=` is refused."""
    deleted_group_leaves_members: bool = True
    """Whether a group with members can be deleted: it is taken from them, then."""
    name_of_unknown_host: str | None = ""
    """What a client without a known host name shows as its name."""


_NEWEST: Final = Rules(versions=Versions(core="v6.4", web="v6.5", ftl="v6.4.1"))

_6_3: Final = replace(
    _NEWEST,
    versions=Versions(core="v6.2.2", web="v6.3", ftl="v6.3.3"),
    tokens_per_second=None,
    gravity_colours="always",
)
_6_2: Final = replace(
    _6_3,
    versions=Versions(core="v6.1.2", web="v6.2.1", ftl="v6.2.3"),
    gravity_colours="never",
    restart_can_wait=False,
    line_ends_in_paths=True,
    lists_need_type=False,
    name_of_unknown_host=None,
    hint_is_indented=False,
    says_why_no_toml=True,
    loses_names_with_spaces=False,
)

_RULES: Final = {
    "6.0": replace(
        _6_2,
        versions=Versions(core="v6.0", web="v6.0", ftl="v6.0"),
        same_site="Strict",
        deleted_cookie_ends="",
        logout_type="application/json; charset=utf-8",
        kept_connections_cost=False,
        body_behind_204=True,
        dhcp_range_of_one=False,
        app_imports=True,
        empties_missing_arrays=True,
        lists_have_words=False,
        finds_no_page=False,
        deleted_group_leaves_members=False,
    ),
    "6.2": _6_2,
    "6.3": _6_3,
    "6.4": _NEWEST,
}

VERSIONS: Final = tuple(_RULES)


def rules_of(version: str) -> Rules:
    """Return the rules of a version such as "6.4". Raises `KeyError` for one that is unknown."""
    return _RULES[version]
