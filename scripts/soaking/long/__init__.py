"""A long time in a home with Pi-holes, at high speed."""

# Before anything of Home Assistant is imported: it would hold on to the real time.
import pytest_homeassistant_custom_component.patch_time  # noqa: F401
