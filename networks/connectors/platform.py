"""What a platform is, in data: the words on its card, what it asks for and what it needs.

Each connector's folder has an `about.py` with its `PLATFORM`; `networks.registry` lists them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from language import gettext_noop as mark

# The sides of a profile that `networks.standing` weighs.
SIDES = frozenset({"age", "followers", "following", "posts"})


@dataclass(frozen=True)
class Typed:
    """What the member types before consent. `missing` is said where nothing was typed."""

    label: str
    hint: str
    missing: str
    most: int = 300


@dataclass(frozen=True)
class CodePlace:
    """What is typed to name a profile, and where in it its owner puts a code for a moment."""

    typed: Typed
    where: str


@dataclass(frozen=True)
class Permission:
    """One thing that we ask for: in words, by the platform's own name, and what it is for."""

    what: str
    scope: str
    why: str


@dataclass(frozen=True)
class Option:
    """One setting of the operator for a platform: our short name, its variable, what it is."""

    name: str
    variable: str
    what: str
    is_required: bool = True


@dataclass(frozen=True)
class Price:
    """That reading costs the operator money; amounts are millionths of a US dollar.

    `look`: what it costs to see whose consent it is. `first` and `monthly`: what reading all of
    half a year, and each month after it, costs somebody as `assumes` says, with the values of
    `assumed` in its braces. Such a platform has the options `budget_per_account` and
    `budget_per_month`, in dollars.
    """

    look: int
    first: int
    monthly: int
    assumes: str
    assumed: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class Platform:
    """A kind of network.

    `connector`: dotted path of the connector class, imported on use; empty for a platform that
    accounts can be on (for evaluation) before there is a connector. `has_audience`: shows how
    many follow. `has_curation`: the rule counts lists or stars on it. `registers_itself`: our
    application is made at each server when somebody first links there. `proof`: the member proves
    to own a place by what stands on it, and there is no consent page. `needs_https`: its servers
    look at this site themselves, so it must be on https, unless it is on the member's own machine.
    `shows`: which sides of a profile (of SIDES) it shows of people who respond. `known_hosts` are
    those whose figures are believed without anybody's say. `poll_every`: how often it is read,
    where that is not the operator's choice for all. `tells_own_words`: excerpts of posts are the
    member's words, not ours for what they did. `price`: where reading costs money.
    `code_place`: where everybody's profile can be looked at (`own_words.ShowsOwnWords`).

    The sentences are for the member, marked here and translated where they are shown: `summary`
    beside the button, `reads` what is read, `counts` what of it the score counts, `costs` what
    reading it costs, where it does.
    """

    key: str
    label: str
    connector: str = ""
    has_audience: bool = True
    has_curation: bool = False
    registers_itself: bool = False
    proof: bool = False
    needs_https: bool = False
    shows: frozenset[str] = frozenset()
    known_hosts: frozenset[str] = frozenset()
    typed: Typed | None = None
    permissions: tuple[Permission, ...] = ()
    options: tuple[Option, ...] = ()
    summary: str = ""
    reads: str = ""
    counts: str = ""
    costs: str = ""
    audience: str = mark("Followers")
    curation: str = ""
    poll_every: timedelta | None = None
    tells_own_words: bool = True
    code_place: CodePlace | None = None
    price: Price | None = None
