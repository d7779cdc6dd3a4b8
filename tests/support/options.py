"""The options of those tests that have some."""

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add them; `tests/conformance`, `tests/live` and `tests/golden` say what they are for."""
    group = parser.getgroup("pihole", "a real Pi-hole, WHICH THE TESTS CHANGE")
    group.addoption("--pihole-url", help="where it answers by http")
    group.addoption("--pihole-password", help="its main password")
    group.addoption("--pihole-root", help="where its file system is seen from here")
    group.addoption("--pihole-proxy-url", help="where a proxy has it below a path")
    group.addoption("--pihole-archives", help="a folder with archives of other Pi-holes")
    group.addoption(
        "--record-answers",
        action="store_true",
        help="tests/conformance: write down what it answers instead of comparing",
    )
    parser.addoption(
        "--update-golden",
        action="store_true",
        help="tests/golden, tests/browser/test_golden.py: add the strings that are new",
    )
