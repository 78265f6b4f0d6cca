"""Every published figure in one go, for docs/how-it-works/measured.json."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, replace
from pathlib import Path

from scoring.evaluation import attacks
from scoring.evaluation.apart import apart
from scoring.evaluation.attacks import Wanted
from scoring.evaluation.judging import judge
from scoring.evaluation.profiles import NAME
from scoring.evaluation.report import summed_up

SEED = 1
ADVOGATO = Path("advogato/advogato.org-certs.txt")
TRADERS = Path("bitcoin-otc/soc-sign-bitcoinotc.csv")
CONGRESS = Path("congress-twitter/congress.edgelist")


def _asked(kind: str, fakes: int, targets: int, fooled: int = 0, profile: str = "bought") -> Wanted:
    return Wanted(kind, fakes, fooled, targets, SEED, profile)


# Each graph is loaded once for all that needs the same platform.
PLAN: tuple[tuple[Path, Sequence[Wanted]], ...] = (
    (
        ADVOGATO,
        (
            _asked("ring", 1_000, 12),
            _asked("loop", 1_000, 8),
            _asked("fooled", 1_000, 12, fooled=10),
            _asked("fooled", 1_000, 4, fooled=10, profile="polished"),
            _asked("join", 1_000, 4),
            _asked("join", 1_000, 4, profile="polished"),
            _asked("pod", 30, 6),
            _asked("repeat", 1_000, 12),
            _asked("genuine", 100, 12),
        ),
    ),
    (
        TRADERS,
        (
            _asked("followers", 10_000, 100),
            _asked("reshares", 8_000, 6),
            _asked("reshares", 8_000, 6, profile="polished"),
            _asked("bought", 8_000, 30),
            _asked("bought", 8_000, 6, profile="polished"),
            _asked("accounts", 1, 12),
            _asked("host", 1_000, 12),
        ),
    ),
    (CONGRESS, (_asked("curation", 1_000, 50),)),
)


def measured(data: Path) -> dict[str, object]:
    """All figures from the data sets in `data`; takes some minutes."""
    return {
        "judgement": {
            name: _judged(data, with_curation=with_curation)
            for name, with_curation in (("with_curation", True), ("without_curation", False))
        },
        "attacks": [found for edges, asked in PLAN for found in _attacked(data, edges, asked)],
    }


def _judged(data: Path, *, with_curation: bool) -> dict[str, object]:
    folder = data / "peerindex"
    with apart():
        found = judge(
            folder / "people_fit.csv", folder / "pairs_fit.csv", with_curation=with_curation
        )
    return asdict(found)


def _attacked(data: Path, edges: Path, asked: Sequence[Wanted]) -> Iterator[dict[str, object]]:
    with apart():
        world = attacks.load(data / edges, data / NAME, asked[0])
        for wanted in asked:
            world.wanted = replace(wanted)
            yield summed_up(world, data / edges, decile=wanted.profile == "bought")
