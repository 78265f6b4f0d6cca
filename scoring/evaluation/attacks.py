"""Attacks on a real graph: what each of them gains, in points and in percentiles.

The people of the graph join as members, each with one account and a genuine profile drawn by
seed; their edges are reactions to others' words, which is outreach seen from the other side.
Then everybody is scored, the attack is put in, its targets are scored again, and it is taken out.

Kinds that ask what responders are worth use a platform without an audience, so that nothing but
the response counts; those that buy an audience use one with the followers of the drawn profile.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from random import Random

from django.db import transaction

from networks.connectors.base import Person
from networks.models import Reading
from scoring.evaluation.crowd import HOST, INVENTED_HOST, NOW, Account, Crowd
from scoring.evaluation.figures import area, percentile_among
from scoring.evaluation.graphs import Graph, read_graph, read_levels
from scoring.evaluation.profiles import Profiles
from scoring.models import Score
from scoring.rule import UNKNOWN_HOSTS_AT_MOST, hundredths_of

EVENTS = 10  # how often each fake reacts
REACHES = 5  # how many others each fake reaches out to, where fakes are members
RETURNED = 50  # how many fakes a target reaches out to in a loop
FOLLOWERS_BOUGHT = 10_000
EMPTY_ACCOUNTS = 50
SMALL = 10_000
TOP_DECILE = 90.0


@dataclass(frozen=True)
class Wanted:
    """What the command was asked for. `profile`: what fakes look like, bought or polished."""

    kind: str
    fakes: int
    fooled: int
    targets: int
    seed: int
    profile: str = "bought"


@dataclass
class Target:
    """One attacked account: scores in hundredths, percentiles among the real people."""

    account: Account
    before: int
    after: int = 0
    percentile_before: float = 0.0
    percentile_after: float = 0.0
    reach_before: int = 0

    @property
    def points(self) -> float:
        return (self.after - self.before) / 100


@dataclass
class World:
    """The graph as members, scored; `before` by member."""

    graph: Graph
    crowd: Crowd
    accounts: list[Account]
    followers: list[int | None]
    profiles: Profiles
    chance: Random
    wanted: Wanted
    before: dict[int, Score] = field(default_factory=dict)

    @property
    def hundredths(self) -> list[int]:
        return [self.before[account.member].hundredths for account in self.accounts]

    def fake_people(self, many: int) -> list[Person]:
        kind = "genuine" if self.wanted.profile == "polished" else "bought"
        return [self.profiles.draw(kind, f"fake{n}", HOST) for n in range(many)]

    def responders(self, people: Sequence[Person]) -> list[tuple[int, int]]:
        """(hash, standing) of people who are no members."""
        return [(self.crowd.new_person(), self.crowd.standing(person)) for person in people]


def load(edges: Path, profiles: Path, wanted: Wanted) -> World:
    """Everybody of the graph as members, scored once. Wants empty tables."""
    graph, drawn = read_graph(edges), Profiles(profiles, wanted.seed, NOW)
    crowd = Crowd(PLATFORM_OF[wanted.kind])
    people = [drawn.draw("genuine", f"n{n}", HOST) for n in range(len(graph.names))]
    has_audience = crowd.platform != "blog"
    followers = [person.followers if has_audience else None for person in people]
    accounts = crowd.join(people, followers)
    standings = [crowd.standing(person) for person in people]
    crowd.react(
        (accounts[j].account, accounts[i].person, standings[i], often)
        for (i, j), often in graph.acts.items()
    )
    crowd.reach_out(
        (accounts[i].account, accounts[j].person, often) for (i, j), often in graph.acts.items()
    )
    chance = Random(wanted.seed)  # noqa: S311
    world = World(graph, crowd, accounts, followers, drawn, chance, wanted)
    world.before = crowd.score()
    return world


def targets_of(world: World) -> list[Target]:
    """People of median degree for responses; any with under 10,000 followers for audiences."""
    counts = world.graph.responders
    if world.crowd.platform == "blog":
        heard = sorted(n for n in counts if n)
        median = heard[len(heard) // 2]
        possible = [n for n, many in enumerate(counts) if many == median]
    else:
        possible = [n for n, many in enumerate(world.followers) if (many or 0) < SMALL]
    chosen = world.chance.sample(possible, min(world.wanted.targets, len(possible)))
    return [_target(world, number) for number in sorted(chosen)]


def _target(world: World, number: int) -> Target:
    account = world.accounts[number]
    score = world.before[account.member]
    return Target(
        account,
        before=score.hundredths,
        reach_before=score.reach,
        percentile_before=percentile_among(score.hundredths, world.hundredths),
    )


def attack(world: World, targets: Sequence[Target]) -> None:
    """Put the attack in, note what became of the targets, and take it out again."""
    for together in _groups(world, targets):
        with transaction.atomic():
            for target in together:
                INJECTED[world.wanted.kind](world, target)
            scores = world.crowd.score([target.account.member for target in together])
            transaction.set_rollback(True)
        for target in together:
            target.after = scores[target.account.member].hundredths
            target.percentile_after = percentile_among(target.after, world.hundredths)


def _groups(world: World, targets: Sequence[Target]) -> Iterator[Sequence[Target]]:
    """Attacks that change what members reach out to are tried one by one, the others at once."""
    if world.wanted.kind in ONE_BY_ONE:
        yield from ([target] for target in targets)
    elif targets:
        yield targets


# --- What each kind puts in ---


def _ring(world: World, target: Target) -> None:
    """Fakes react to the target. They also endorse each other, where nothing can be seen of it."""
    fakes = world.responders(world.fake_people(world.wanted.fakes))
    world.crowd.react((target.account.account, hash_, s, EVENTS) for hash_, s in fakes)


def _loop(world: World, target: Target) -> None:
    """As a ring, and the target reaches out to 50 of the fakes."""
    fakes = world.responders(world.fake_people(world.wanted.fakes))
    world.crowd.react((target.account.account, hash_, s, EVENTS) for hash_, s in fakes)
    world.crowd.reach_out((target.account.account, hash_, EVENTS) for hash_, _ in fakes[:RETURNED])


def _fooled(world: World, target: Target) -> None:
    """As a loop, and random real members reach out to one fake each."""
    fakes = world.responders(world.fake_people(world.wanted.fakes))
    world.crowd.react((target.account.account, hash_, s, EVENTS) for hash_, s in fakes)
    world.crowd.reach_out((target.account.account, hash_, EVENTS) for hash_, _ in fakes[:RETURNED])
    others = [one for one in world.accounts if one != target.account]
    fooled = world.chance.sample(others, min(world.wanted.fooled, len(others)))
    world.crowd.reach_out(
        (one.account, world.chance.choice(fakes)[0], EVENTS) for one in fooled if fakes
    )


def _pod(world: World, target: Target) -> None:
    """Real members trade reactions with the target."""
    others = [one for one in world.accounts if one != target.account]
    pod = world.chance.sample(others, min(world.wanted.fakes, len(others)))
    world.crowd.react((target.account.account, one.person, 1000, EVENTS) for one in pod)
    world.crowd.reach_out((one.account, target.account.person, EVENTS) for one in pod)
    world.crowd.reach_out((target.account.account, one.person, EVENTS) for one in pod)


def _repeat(world: World, target: Target) -> None:
    """One settled account reacts as often as there would be fakes."""
    world.crowd.react(
        [(target.account.account, world.crowd.new_person(), 1000, world.wanted.fakes)]
    )


def _followers(world: World, target: Target) -> None:
    _buy_followers(target, world.wanted.fakes)


def _reshares(world: World, target: Target) -> None:
    fakes = world.responders(world.fake_people(world.wanted.fakes))
    world.crowd.react(((target.account.account, hash_, s, 1) for hash_, s in fakes), "reshare")


def _bought(world: World, target: Target) -> None:
    """Followers, reshares and likes together: 10,000 and 8,000 and 8,000 for N of 8,000."""
    _buy_followers(target, FOLLOWERS_BOUGHT)
    fakes = world.responders(world.fake_people(world.wanted.fakes))
    for kind in ("reshare", "favourite"):
        world.crowd.react(((target.account.account, hash_, s, 1) for hash_, s in fakes), kind)


def _genuine(world: World, target: Target) -> None:
    """Real people who are no members begin to answer."""
    people = [world.profiles.draw("genuine", f"new{n}", HOST) for n in range(world.wanted.fakes)]
    new = world.responders(people)
    world.crowd.react((target.account.account, hash_, s, 1) for hash_, s in new)


def _accounts(world: World, target: Target) -> None:
    """The target links 50 more accounts, empty but for bought followers (see `one_account`)."""
    _link_empty(world, target, EMPTY_ACCOUNTS)


def _host(world: World, target: Target) -> None:
    """The target links an account on a server of their own that invents all there is to invent."""
    person = Person(key=f"invented{target.account.member}", handle="@invented", host=INVENTED_HOST)
    [account] = world.crowd.link([target.account.member], [person], [10**8], 10**6)
    people = [
        world.profiles.draw("genuine", f"i{n}", INVENTED_HOST) for n in range(world.wanted.fakes)
    ]
    invented = world.responders(people)
    world.crowd.react((account.account, hash_, s, EVENTS) for hash_, s in invented)


def _join(world: World, target: Target) -> None:
    """Fakes sign up, link fresh accounts, reach out to each other and all react to the target."""
    fakes = world.crowd.join(world.fake_people(world.wanted.fakes), [None] * world.wanted.fakes)
    world.crowd.react((target.account.account, one.person, 0, EVENTS) for one in fakes)
    world.crowd.reach_out(
        (one.account, fakes[(place + step) % len(fakes)].person, EVENTS)
        for place, one in enumerate(fakes)
        for step in range(1, REACHES + 1)
    )
    # The same few, so that whatever the fakes had to spend would come together.
    world.crowd.reach_out(
        (one.account, leader.person, EVENTS) for one in fakes for leader in fakes[:REACHES]
    )
    world.crowd.reach_out((target.account.account, one.person, EVENTS) for one in fakes[:RETURNED])


def _curation(world: World, target: Target) -> None:
    readings = Reading.objects.filter(account=target.account.account)
    readings.update(curation=world.wanted.fakes)


def _buy_followers(target: Target, many: int) -> None:
    for reading in Reading.objects.filter(account=target.account.account):
        reading.followers = (reading.followers or 0) + many
        reading.save(update_fields=["followers"])


def _link_empty(world: World, target: Target, many: int) -> None:
    people = [
        Person(key=f"empty{target.account.member}-{n}", handle=f"@empty{n}", host=HOST)
        for n in range(many)
    ]
    world.crowd.link([target.account.member] * many, people, [FOLLOWERS_BOUGHT] * many)


INJECTED: dict[str, Callable[[World, Target], None]] = {
    "ring": _ring,
    "loop": _loop,
    "fooled": _fooled,
    "pod": _pod,
    "repeat": _repeat,
    "followers": _followers,
    "reshares": _reshares,
    "bought": _bought,
    "genuine": _genuine,
    "accounts": _accounts,
    "host": _host,
    "join": _join,
    "curation": _curation,
}
PLATFORM_OF = dict.fromkeys(INJECTED, "blog") | {
    "followers": "bluesky",
    "reshares": "bluesky",
    "bought": "bluesky",
    "accounts": "bluesky",
    "host": "bluesky",
    "curation": "x",
}
ONE_BY_ONE = {"loop", "fooled", "pod", "join"}


# --- What is asked besides ---


def utility(world: World, edges: Path) -> float | None:
    """AUC of telling those whom the site itself made Journeyer or Master; None without levels."""
    levels = read_levels(edges)
    if levels is None or world.crowd.platform != "blog":
        return None
    is_settled = [levels.get(name) in ("Journeyer", "Master") for name in world.graph.names]
    return round(area([float(n) for n in world.hundredths], is_settled), 4)


def one_account(world: World, targets: Sequence[Target]) -> list[float]:
    """Points that one empty account with bought followers brings each target."""
    with transaction.atomic():
        for target in targets:
            _link_empty(world, target, 1)
        scores = world.crowd.score([target.account.member for target in targets])
        transaction.set_rollback(True)
    return [(scores[t.account.member].hundredths - t.before) / 100 for t in targets]


def thousand_listeners(target: Target) -> float:
    """Points that 1,000 more listeners would bring."""
    return (hundredths_of(target.reach_before + UNKNOWN_HOSTS_AT_MOST) - target.before) / 100


def to_the_top_decile(world: World, target: Target, kind: str, most: int) -> int | None:
    """How many it takes, doubling: fakes in a loop, or fooled members; None if `most` do not."""
    asked = world.wanted
    many = 1
    while many <= most:
        is_loop = kind == "loop"
        world.wanted = replace(
            asked,
            kind=kind,
            fakes=many if is_loop else asked.fakes,
            fooled=0 if is_loop else many,
        )
        attack(world, [target])
        if target.percentile_after >= TOP_DECILE:
            world.wanted = asked
            return many
        many *= 2
    world.wanted = asked
    return None
