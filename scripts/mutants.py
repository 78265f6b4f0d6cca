"""Whether the tests notice when the code is wrong: `make mutants`, with mutmut as the engine.

Each part has the modules that are changed, one small change at a time, and the tests that must
notice. mutmut runs, for each change, those tests that reach the changed function, the quickest
first, and stops at the first that fails. PostgreSQL and Valkey are started once.

What mutmut does not change, and the figures, are in docs/reliability.md.
"""

import argparse
import os
import re
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from klout.embedded.for_tests import ENVIRONMENT, Servers

HERE = Path(__file__).resolve().parent.parent
WORK = HERE / ".mutants"
SHIPPED = ("accounts", "gifting", "klout", "language", "networks", "playground", "scoring")
# pytest-django puts the folder of manage.py in front of all others where it looks for modules.
ALSO_READ = ("docs", "locale", "manage.py", "static", "templates", "tests")
AT_LEAST = 0.85


@dataclass(frozen=True)
class Part:
    """`modules` are changed; `tests` must notice, without those `left_out` since they take seconds.

    `stored`: they ask a database.
    """

    modules: tuple[str, ...]
    tests: tuple[str, ...]
    left_out: tuple[str, ...] = ()
    stored: bool = False


PARTS = {
    "guard": Part(
        modules=("networks/address_guard.py",),
        tests=("tests/networks/edge/test_address_guard.py",),
        left_out=(
            "tests/networks/edge/test_address_guard.py::test_what_is_public_here_is_global_to_the_standard_library_too",
            "tests/networks/edge/test_address_guard.py::test_no_wrapping_in_ipv6_makes_an_inner_address_public",
            "tests/networks/edge/test_address_guard.py::test_no_text_makes_the_guard_stumble",
        ),
    ),
    "rule": Part(
        modules=(
            "scoring/rule.py",
            "scoring/band.py",
            "scoring/tallies.py",
            "scoring/trust.py",
        ),
        tests=(
            "tests/scoring/test_rule.py",
            "tests/scoring/test_band.py",
            "tests/scoring/test_tallies.py",
            "tests/scoring/test_trust.py::test_the_flow_alone_is_what_every_way_by_hand_comes_to",
            "tests/scoring/test_trust.py::test_who_asks_about_nobody_hears_nothing",
            "tests/scoring/test_versions.py::test_golden_examples_of_a_version_never_change",
        ),
        left_out=(
            "tests/scoring/test_rule.py::test_linking_never_lowers_the_score",
            "tests/scoring/test_rule.py::test_nothing_received_ever_lowers_the_score",
            "tests/scoring/test_rule.py::test_one_more_list_or_star_never_lowers_the_score",
            "tests/scoring/test_rule.py::test_one_more_reaction_never_lowers_the_score",
            "tests/scoring/test_rule.py::test_the_split_adds_up_for_ten_thousand_members",
            "tests/scoring/test_rule.py::test_the_split_adds_up_to_the_shown_score",
            "tests/scoring/test_tallies.py::test_order_changes_no_number_of_a_tally",
        ),
    ),
    "ledger": Part(
        modules=(
            "gifting/periods.py",
            "gifting/models.py",
            "gifting/services/chain.py",
            "gifting/services/giving.py",
            "gifting/services/hands.py",
            "gifting/services/period.py",
            "gifting/services/returning.py",
            "gifting/selectors/period.py",
            "gifting/selectors/purse.py",
            "gifting/selectors/scene.py",
        ),
        tests=(
            "tests/gifting/test_giving.py",
            "tests/gifting/test_operator_changes.py",
            "tests/gifting/test_periods.py",
            "tests/gifting/test_purse.py",
            "tests/gifting/test_safe_to_receive.py",
            "tests/gifting/test_the_law.py",
        ),
        stored=True,
    ),
}


@dataclass(frozen=True)
class Outcome:
    """How many mutants of a part ended how, and those that nothing noticed."""

    statuses: Counter[str]
    survivors: tuple[str, ...]

    @property
    def share(self) -> float:
        """Of all, those that a test failed on; what ran out of time counts as not noticed."""
        return self.statuses["killed"] / max(self.statuses.total(), 1)

    def line(self, name: str) -> str:
        killed, late = self.statuses["killed"], self.statuses["timeout"]
        survived = self.statuses.total() - killed - late
        return (
            f"{name:<8}{self.statuses.total():>6} mutants  {killed:>5} killed  "
            f"{survived:>4} survived  {late:>3} timed out  {self.share:>6.1%} killed"
        )


def main() -> int:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("parts", nargs="*", help=f"of {', '.join(PARTS)}; else all")
    asked.add_argument("--go-on", action="store_true", help="where an earlier run was ended")
    asked.add_argument("--survivors", action="store_true", help="only those of the last run")
    options = asked.parse_args()
    outcomes = {}
    for name in options.parts or PARTS:
        work, part = WORK / name, PARTS[name]
        prepare(work, part, again=options.go_on or options.survivors)
        names = outcome(work).survivors if options.survivors else ()
        with environment(stored=part.stored) as variables:
            subprocess.run([mutmut(), "run", *names], cwd=work, env=variables, check=True)
        outcomes[name] = outcome(work)
    return told(outcomes)


@contextmanager
def environment(*, stored: bool) -> Iterator[dict[str, str]]:
    """The variables of one part: where it is `stored`, a database with all tables, to copy."""
    servers = Servers()
    folder = servers.folder / "data"
    folder.mkdir()
    # Whoever starts servers of their own names none.
    nowhere = {"DATABASE_URL": "postgres://localhost/none", "REDIS_URL": "redis://localhost"}
    variables = os.environ | ENVIRONMENT | nowhere | {"DATA_DIR": str(folder)}
    try:
        if stored:
            variables["DATABASE_URL"] = servers.start_postgres()
            variables["REDIS_URL"] = servers.start_valkey()
            migrate = [sys.executable, "manage.py", "migrate", "--verbosity", "0"]
            subprocess.run(migrate, cwd=HERE, env=variables, check=True)
        yield variables
    finally:
        servers.stop()


def prepare(work: Path, part: Part, *, again: bool) -> None:
    """A folder in which mutmut finds the sources and what to do with them."""
    if not again:
        shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True, exist_ok=True)
    for name in (*SHIPPED, *ALSO_READ, "pyproject.toml"):
        if not (work / name).exists():
            (work / name).symlink_to(HERE / name)
    (work / "setup.cfg").write_text(configuration(part))


def configuration(part: Part) -> str:
    """What mutmut reads, as there is no word for it in pyproject.toml."""
    options = {
        "source_paths": SHIPPED,
        "only_mutate": part.modules,
        "also_copy": ALSO_READ,
        "pytest_add_cli_args": ("-p", "tests.own_database", "-p", "no:cacheprovider"),
        "pytest_add_cli_args_test_selection": (
            *part.tests,
            *map("--deselect={}".format, part.left_out),
        ),
        "timeout_multiplier": ("8",),
        "timeout_constant": ("2",),
        "use_git_change_detection": ("false",),
    }
    written = (f"{option} = " + "\n    ".join(values) for option, values in options.items())
    return "\n".join(("[mutmut]", *written, ""))


def outcome(work: Path) -> Outcome:
    listed = subprocess.run(
        [mutmut(), "results", "--all", "true"],
        cwd=work,
        check=True,
        capture_output=True,
        text=True,
    )
    found = dict(re.findall(r"^ +(\S+): (.+)$", listed.stdout, re.MULTILINE))
    survivors = tuple(name for name, status in found.items() if status != "killed")
    return Outcome(Counter(found.values()), survivors)


def told(outcomes: Mapping[str, Outcome]) -> int:
    """Print what survived and a line for each part; 1 where one is below the bound."""
    for name, each in outcomes.items():
        for mutant in each.survivors:
            print(shown(WORK / name, mutant))  # noqa: T201
    for name, each in outcomes.items():
        print(each.line(name))  # noqa: T201
    return int(any(each.share < AT_LEAST for each in outcomes.values()))


def shown(work: Path, mutant: str) -> str:
    command: Sequence[str] = [mutmut(), "show", mutant]
    return subprocess.run(command, cwd=work, check=True, capture_output=True, text=True).stdout


def mutmut() -> str:
    return str(Path(sys.executable).parent / "mutmut")


if __name__ == "__main__":
    sys.exit(main())
