"""The options that name a real Pi-hole, for those tests that can ask one."""

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add them; `tests/conformance` and `tests/live` say what they are for."""
    group = parser.getgroup("pihole", "a real Pi-hole, WHICH THE TESTS CHANGE")
    group.addoption("--pihole-url", help="where it answers by http")
    group.addoption("--pihole-password", help="its main password")
    group.addoption("--pihole-root", help="where its file system is seen from here")
    group.addoption("--pihole-proxy-url", help="where a proxy has it below a path")
    group.addoption(
        "--record-answers",
        action="store_true",
        help="tests/conformance: write down what it answers instead of comparing",
    )
