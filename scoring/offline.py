"""Recompute every score of an export: `python -m scoring.offline EXPORT.zip`.

No Django, no database, no network: the export and the published rule are enough. Prints a line
for each score and a verdict. Exit status: 0 all the same, 1 something differs or a rule is not
known here, 2 the file is no export. What the file must look like is in
docs/export-scores.schema.json.
"""

import argparse
import json
import sys
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from scoring import tallies
from scoring.laws import law_of
from scoring.rule import AccountFigures, Result

# Where the scores are in the ZIP of an export.
SCORES_IN_ZIP = "scores.json"
SAME, DIFFERS, UNKNOWN_RULE = "the same", "DIFFERS", "rule not known here"
# The longest an account was left alone; beyond it all are alike.
NEVER_READ_DAYS = 1_000_000


class NotAnExport(ValueError):
    """The file does not hold scores in the shape of the schema."""


@dataclass(frozen=True)
class Recomputed:
    """One score of the export, and what the rule makes of its inputs; hundredths of a point."""

    on: str
    rule: str
    exported: str
    recomputed: str
    differences: tuple[str, ...]
    verdict: str


def recompute(export: object) -> list[Recomputed]:
    """Every score of a whole export, or of its scoring part. Raises NotAnExport."""
    return [_recompute(_Place(one, f"scores[{n}]")) for n, one in enumerate(_scores(export))]


def _scores(export: object) -> Sequence[object]:
    found = export
    # The whole export holds {"scores": {"scores": [...]}}, its scoring part {"scores": [...]}.
    while isinstance(found, Mapping) and "scores" in found:
        found = found["scores"]
    if found is export or not isinstance(found, list):
        raise NotAnExport("it has no list of scores")
    return found


class _Place:
    """A JSON object and where it stands, for sentences about what is wrong with it."""

    def __init__(self, value: object, path: str) -> None:
        if not isinstance(value, Mapping):
            raise NotAnExport(f"{path} is no object")
        self._value, self._path = value, path

    def text(self, name: str) -> str:
        return str(self._get(name, str, "a text"))

    def flag(self, name: str) -> bool:
        return bool(self._get(name, bool, "true or false"))

    def count(self, name: str) -> int:
        found = self._get(name, int, "a whole number")
        if isinstance(found, bool) or found < 0:
            raise NotAnExport(f"{self._path}.{name} is not a whole number from 0 up")
        return int(found)

    def maybe_count(self, name: str) -> int | None:
        return None if self._value.get(name, 0) is None else self.count(name)

    def places(self, name: str) -> list["_Place"]:
        found = self._get(name, list, "a list")
        return [_Place(one, f"{self._path}.{name}[{n}]") for n, one in enumerate(found)]

    def sums(self) -> tuple[int, int, int]:
        """Response, everyone and people, from the counts of responders.

        Scores older than these counts (null) have but the sums.
        """
        if self._value.get("tally", 0) is None:
            return self.count("response_fixed"), self.count("everyone_fixed"), self.count("people")
        try:
            sums = tallies.sums(self._get("tally", list, "a list"))
        except (TypeError, ValueError) as error:
            raise NotAnExport(f"{self._path}.tally: {error}") from error
        return sums.response, sums.everyone, sums.people

    def _get(self, name: str, kind: type, words: str) -> Any:
        found = self._value.get(name)
        if not isinstance(found, kind):
            raise NotAnExport(f"{self._path}.{name} is not {words}")
        return found


def _recompute(score: _Place) -> Recomputed:
    version, on = score.text("rule"), _day(score)
    exported, parts = score.text("score"), score.places("contributions")
    law = law_of(version)
    if law is None:
        return Recomputed(on, version, exported, "", (), UNKNOWN_RULE)
    result = law.score([_figures(place, part) for place, part in enumerate(parts)])
    differences = tuple(_differences(score, parts, result))
    verdict = DIFFERS if differences else SAME
    return Recomputed(on, version, exported, _points(result.hundredths), differences, verdict)


def _day(score: _Place) -> str:
    on = score.text("on")
    try:
        return date.fromisoformat(on).isoformat()
    except ValueError as error:
        raise NotAnExport(f"{on!r} is not a day") from error


def _figures(place: int, part: _Place) -> AccountFigures:
    response, everyone, _ = part.sums()
    unread = part.maybe_count("days_since_read")
    return AccountFigures(
        key=place,
        platform=part.text("platform"),
        followers=part.maybe_count("followers"),
        curation=part.maybe_count("curation"),
        response=response,
        everyone=everyone,
        is_known_host=part.flag("known_host"),
        days_since_read=NEVER_READ_DAYS if unread is None else unread,
    )


def _differences(score: _Place, parts: Sequence[_Place], result: Result) -> Iterator[str]:
    """Every figure that does not come out as it stands in the export."""
    told: list[tuple[str, object, object]] = [
        ("score", score.text("score"), _points(result.hundredths)),
        ("reach_fixed", score.count("reach_fixed"), result.reach),
    ]
    for number, (part, share) in enumerate(zip(parts, result.shares, strict=True)):
        (response, everyone, people), where = part.sums(), f"contributions[{number}]"
        told += [
            (f"{where}.points", part.text("points"), f"{share.tenths / 10:.1f}"),
            (f"{where}.reach_fixed", part.count("reach_fixed"), share.reach),
            (f"{where}.response_fixed", part.count("response_fixed"), response),
            (f"{where}.everyone_fixed", part.count("everyone_fixed"), everyone),
            (f"{where}.people", part.count("people"), people),
            (f"{where}.granted", part.flag("granted"), share.granted),
        ]
    for name, stated, found in told:
        if stated != found:
            yield f"{name} is {stated}, and {found} by the rule"


def _points(hundredths: int) -> str:
    return f"{hundredths // 100}.{hundredths % 100:02}"


def report(recomputed: Sequence[Recomputed]) -> Iterator[str]:
    """The table and the verdict, line by line."""
    yield f"{'Day':<12}{'Rule':<10}{'Exported':>9}{'Recomputed':>12}  Verdict"
    for one in recomputed:
        scores = f"{one.exported:>9}{one.recomputed or '-':>12}"
        yield f"{one.on:<12}{one.rule:<10}{scores}  {one.verdict}"
        yield from (f"    {difference}" for difference in one.differences)
    yield verdict(recomputed)


def verdict(scores: Sequence[Recomputed]) -> str:
    """One sentence on all of them."""
    unlike = [one for one in scores if one.verdict != SAME]
    if not scores:
        return "The export holds no score, so there was nothing to recompute."
    if not unlike:
        return f"All {len(scores)} scores come out of their inputs to the digit."
    differing = sum(one.verdict == DIFFERS for one in unlike)
    unknown = len(unlike) - differing
    told = [f"{differing} of {len(scores)} scores differ."] if differing else []
    if unknown:
        told.append(f"{unknown} of {len(scores)} were made by a rule that is not known here.")
    return " ".join(told)


def load(path: Path) -> object:
    """The JSON in a file, or in the ZIP that was downloaded. Raises NotAnExport."""
    try:
        return json.loads(_content(path))
    except OSError as error:
        raise NotAnExport(error.strerror or "it cannot be read") from error
    except (zipfile.BadZipFile, KeyError, zlib.error) as error:
        raise NotAnExport("it is a ZIP without its scores") from error
    except (ValueError, RecursionError) as error:
        raise NotAnExport("it is not JSON") from error


def _content(path: Path) -> bytes:
    if not zipfile.is_zipfile(path):
        return path.read_bytes()
    with zipfile.ZipFile(path) as archive:
        return archive.read(SCORES_IN_ZIP)


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m scoring.offline", description=__doc__)
    parser.add_argument(
        "export", type=Path, metavar="EXPORT", help="the ZIP you downloaded, or its scores.json"
    )
    path = parser.parse_args(arguments).export
    try:
        scores = recompute(load(path))
    except NotAnExport as error:
        _say([f"{path} is not an export of Klout: {error}."], sys.stderr)
        return 2
    _say(report(scores), sys.stdout)
    return int(any(one.verdict != SAME for one in scores))


def _say(lines: Iterable[str], where: Any) -> None:
    where.writelines(f"{line}\n" for line in lines)


if __name__ == "__main__":
    sys.exit(main())
