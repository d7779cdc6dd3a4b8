"""HACS shows the README as GitHub does: every image is there, every link leads somewhere."""

import json
from pathlib import Path
import re
from typing import Final
from urllib.parse import urlsplit

from markdown_it import MarkdownIt
import pytest

from tests.support.hacs import Shown, show

ROOT: Final = Path(__file__).parents[2]
README: Final = (ROOT / "README.md").read_text()
RELEASE: Final = "v1.2.3"
MANIFEST: Final = json.loads(
    (ROOT / "custom_components" / "pihole_checkpoint" / "manifest.json").read_text()
)
REPOSITORY: Final = urlsplit(MANIFEST["documentation"]).path.strip("/")
OURS: Final = re.compile(
    rf"https://(?:raw\.githubusercontent\.com/{REPOSITORY}|github\.com/{REPOSITORY}/blob)"
    rf"/{re.escape(RELEASE)}/([^#]+)"
)


def shown(text: str) -> Shown:
    return show(text, REPOSITORY, RELEASE)


def test_nothing_in_the_readme_is_html() -> None:
    blocks = MarkdownIt("commonmark", {"html": True}).parse(README)
    tokens = [token for block in blocks for token in (block, *(block.children or ()))]
    assert [token.content for token in tokens if token.type.startswith("html_")] == []


def test_hacs_shows_no_tags_and_no_empty_images_or_links() -> None:
    page = shown(README)
    assert page.raw_tags == []
    assert page.images
    assert page.links
    assert all(address.startswith("https://") for address in page.images + page.links)


def test_what_hacs_finds_in_our_repository_is_there() -> None:
    page = shown(README)
    paths = [found[1] for address in page.images + page.links if (found := OURS.match(address))]
    relative = re.findall(r"\]\((?!https://)([^)\s]+)\)", README)

    assert sorted(paths) == sorted(link.partition("#")[0] for link in relative)
    assert [path for path in paths if not (ROOT / path).is_file()] == []


def test_hacs_leaves_links_to_other_sites_alone() -> None:
    page = shown(README)
    absolute = re.findall(r"\]\((https://[^)\s]+)\)", README)
    assert sorted(absolute) == sorted(
        address for address in page.images + page.links if not OURS.match(address)
    )


@pytest.mark.parametrize(
    ("text", "what_is_seen"),
    [
        ("<picture>\n  <source srcset='a.png'>\n</picture>", Shown(raw_tags=["picture", "source"])),
        ('<img src="docs/a.png">', Shown(images=[""])),
        ("![A\npicture](docs/a.png)", Shown(images=[""])),
        ("[here](a.md), [there](https://x.org)", Shown(links=["", "https://x.org"])),
    ],
    ids=["picture", "HTML image", "image on two lines", "URL after a relative link"],
)
def test_what_hacs_cannot_show_is_seen(text: str, what_is_seen: Shown) -> None:
    assert shown(text) == what_is_seen


def test_a_url_in_front_of_a_relative_link_is_seen_to_break() -> None:
    page = shown("[there](https://x.org), [here](a.md)")
    assert page.links == [f"https://github.com/{REPOSITORY}/blob/{RELEASE}/https://x.org", ""]
