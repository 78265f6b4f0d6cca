"""The fakes that are judged here are those of tests/connectors."""

from tests.connectors.conftest import github, mastodon, x, youtube

__all__ = ["github", "mastodon", "x", "youtube"]
