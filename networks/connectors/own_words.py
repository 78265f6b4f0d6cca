"""What people write in their own profile for everybody to see: how somebody who is no member
shows that a handle is theirs, without giving anybody access to anything.
"""

from dataclasses import dataclass, field
from typing import Protocol, runtime_checkable

from networks.connectors.base import Person


@dataclass(frozen=True)
class OwnWords:
    """Somebody, and what stands at this moment in words that only they can have put there."""

    person: Person
    words: tuple[str, ...] = field(repr=False)

    def hold(self, code: str) -> bool:
        return any(code in text for text in self.words)


@runtime_checkable
class ShowsOwnWords(Protocol):
    """A connector of a platform on which everybody's profile can be looked at."""

    def named(self, typed: str) -> str:
        """One spelling for what was typed. Pure. Raises ValueError with a sentence."""
        ...

    def own_words(self, named: str) -> OwnWords:
        """The profile now. Raises Permanent (no_such_profile) where there is none."""
        ...
