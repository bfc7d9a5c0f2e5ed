"""The browser's fixtures for the tests of the rigs."""

from tests.rigs.browser import browser, page, phone

__all__ = ["browser", "page", "phone"]
