"""How HACS shows a README: it rewrites relative links, renders the Markdown, and filters the HTML.

What it does was read in the sources of its frontend and in the Markdown worker of Home Assistant's.
"""

from dataclasses import dataclass, field
from html.parser import HTMLParser
import re
from typing import Final, override

from markdown_it import MarkdownIt

_RELATIVE: Final = re.compile(r"\[.*?\]\((?!#)(?!.+?://).+?\)")
"""What HACS takes for a relative link. It looks at one line, from its first bracket on: a URL after
the link hides it, and before a URL that stands in front of it the repository is put."""
_ALLOWED: Final = re.compile(
    "a|blockquote|br|code|del|details|em|h[1-6]|hr|img|kbd|li|[ou]l|p|pre|strong|su[bp]|summary"
    "|table|tbody|t[dhr]|thead"
)
"""Tags that stay; others are shown as text."""
_ADDRESSES: Final = frozenset({"href", "src"})
_SAFE: Final = ("http://", "https://", "mailto:", "tel:", "ftp://", "/", "./", "../", "#")
"""How an address begins that is not emptied."""


@dataclass(kw_only=True, slots=True)
class Shown:
    """What a user of HACS sees."""

    raw_tags: list[str] = field(default_factory=list)
    """Tags that are shown as text."""
    images: list[str] = field(default_factory=list)
    """The addresses of the images."""
    links: list[str] = field(default_factory=list)


def show(readme: str, repository: str, release: str) -> Shown:
    """Show a README as HACS does for a release of a repository on GitHub."""
    html = (
        MarkdownIt("commonmark", {"html": True})
        .enable(["table", "strikethrough"])
        .render(_RELATIVE.sub(lambda link: _absolute(link[0], repository, release), readme))
    )
    filtered = _Filter()
    filtered.feed(html)
    filtered.close()
    return filtered.shown


def _absolute(link: str, repository: str, release: str) -> str:
    if ".md" in link.lower():
        base = f"https://github.com/{repository}/blob/{release}/"
    else:
        base = f"https://raw.githubusercontent.com/{repository}/{release}/"
    return link.replace("(/", "(", 1).replace("(", f"({base}", 1)


class _Filter(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.shown = Shown()

    @override
    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if _ALLOWED.fullmatch(tag) is None:
            self.shown.raw_tags.append(tag)
            return
        addresses = {name: value or "" for name, value in attrs if name in _ADDRESSES}
        for name, found in (("src", self.shown.images), ("href", self.shown.links)):
            if tag == {"src": "img", "href": "a"}[name]:
                address = addresses.get(name, "")
                found.append(address if address.startswith(_SAFE) else "")
