"""The site that is judged here runs as in tests/browser."""

from tests.browser.conftest import live

__all__ = ["live"]
