"""Every published figure in one go, for docs/how-it-works/measured.json."""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, field, replace
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
JUDGED = {"with_curation": True, "without_curation": False}

Found = dict[str, object]
Say = Callable[[str], object]


def _asked(kind: str, fakes: int, targets: int, fooled: int = 0, profile: str = "bought") -> Wanted:
    return Wanted(kind, fakes, fooled, targets, SEED, profile)


# Each graph is loaded once for all that needs the same platform. So many targets as the figures
# need to be steady: where an attack brings all of them the same, a few.
PLAN: tuple[tuple[Path, Sequence[Wanted]], ...] = (
    (
        ADVOGATO,
        (
            _asked("ring", 1_000, 12),
            _asked("repeat", 1_000, 12),
            _asked("genuine", 100, 12),
            _asked("pod", 30, 6),
            _asked("fooled", 1_000, 12, fooled=10),
            _asked("fooled", 1_000, 4, fooled=10, profile="polished"),
            _asked("join", 1_000, 3),
            _asked("join", 1_000, 2, profile="polished"),
            _asked("loop", 1_000, 6),
        ),
    ),
    (
        TRADERS,
        (
            _asked("followers", 10_000, 100),
            _asked("reshares", 8_000, 6),
            _asked("reshares", 8_000, 4, profile="polished"),
            _asked("bought", 8_000, 20),
            _asked("bought", 8_000, 4, profile="polished"),
            _asked("accounts", 1, 12),
            _asked("host", 1_000, 12),
        ),
    ),
    (CONGRESS, (_asked("curation", 1_000, 50),)),
)


@dataclass
class Kept:
    """What was measured so far, in a file that is whole after each figure.

    A run that was stopped goes on where it was; `drop` when everything is there.
    """

    file: Path
    found: dict[str, Found] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.file.exists():
            self.found = json.loads(self.file.read_text())

    def keep(self, name: str, figures: Found) -> None:
        self.found[name] = figures
        whole = self.file.with_suffix(".new")
        whole.write_text(json.dumps(self.found, indent=1) + "\n")
        whole.replace(self.file)

    def drop(self) -> None:
        self.file.unlink(missing_ok=True)


def measured(data: Path, kept: Kept, say: Say) -> dict[str, object]:
    """All figures from the data sets in `data`, apart from those `kept`; takes some minutes.

    `say` is told the name of each figure once it is kept.
    """
    for name, with_curation in JUDGED.items():
        if name not in kept.found:
            kept.keep(name, _judged(data, with_curation=with_curation))
            say(name)
    for edges, asked in PLAN:
        missing = [wanted for wanted in asked if _name(wanted) not in kept.found]
        for wanted, found in _attacked(data, edges, missing):
            kept.keep(_name(wanted), found)
            say(_name(wanted))
    return {
        "judgement": {name: kept.found[name] for name in JUDGED},
        "attacks": [kept.found[_name(wanted)] for _, asked in PLAN for wanted in asked],
    }


def _name(wanted: Wanted) -> str:
    return " ".join(str(value) for value in asdict(wanted).values())


def _judged(data: Path, *, with_curation: bool) -> Found:
    folder = data / "peerindex"
    with apart():
        found = judge(
            folder / "people_fit.csv", folder / "pairs_fit.csv", with_curation=with_curation
        )
    return asdict(found)


def _attacked(data: Path, edges: Path, asked: Sequence[Wanted]) -> Iterator[tuple[Wanted, Found]]:
    if not asked:
        return
    with apart():
        world = attacks.load(data / edges, data / NAME, asked[0])
        for wanted in asked:
            world.wanted = replace(wanted)
            yield wanted, summed_up(world, data / edges, decile=wanted.profile == "bought")
