"""What a night reads of the day files: all of its window, as known at its cut-off."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import ibis
import ibis.expr.types as ir

from scoring import expressions
from scoring.day_files.held import EPOCH, OUTREACH, REACTIONS, Held, recorded
from scoring.day_files.keeping import KEPT_DAYS, RERUN_DAYS, Keeper, happened_from, keeper
from scoring.engines import Engine
from scoring.rule import LEFT_OUT_AFTER_DAYS, WINDOW_DAYS
from scoring.trust import LINKS


class TooOld(Exception):
    """A night from before what the files hold."""


@dataclass(frozen=True)
class Window:
    """The files behind the scores of one day, while nobody changes them."""

    on: date
    cut_off_at: datetime
    keeper: Keeper

    @property
    def notes(self) -> list[str]:
        """Sentences about what was not as it should be with the files, and was mended."""
        return self.keeper.notes

    def rows(self, held: Held) -> int:
        """How many rows of a table the files of this window have."""
        parts = (part.manifest for part in self.keeper.parts if part.manifest)
        return sum(manifest.tables[held.name].rows for manifest in parts)

    def reactions(self, engine: Engine) -> ir.Table:
        """All of them. Reactions to accounts that are gone may be among them.

        Files are sorted by account: a filter by a range of ids reads that part of them alone.
        """
        engine.take_files("reaction_files", self.files(engine, REACTIONS), REACTIONS.schema)
        days = WINDOW_DAYS + LEFT_OUT_AFTER_DAYS
        rows = self._of_window(ibis.table(REACTIONS.schema, "reaction_files"), days)
        return rows.select(*expressions.REACTIONS)

    def take_links(self, engine: Engine) -> None:
        """Make `links` of the outreach of `accounts`."""
        engine.take_files("outreach_files", self.files(engine, OUTREACH), OUTREACH.schema)
        rows = self._of_window(ibis.table(OUTREACH.schema, "outreach_files"), WINDOW_DAYS)
        accounts = ibis.table(expressions.ACCOUNTS, "accounts")
        of_members = rows.inner_join(accounts, "account_id")
        links = of_members.group_by("member_id", "target").aggregate(acts=of_members.count())
        engine.make("links", links, LINKS)

    def files(self, engine: Engine, held: Held) -> list[str]:
        """The files of a table, as the engine reads them."""
        return [
            self.keeper.folder.url(file.name)
            if engine.reads_urls
            else str(self.keeper.place_of(file))
            for part in self.keeper.parts
            if part.manifest
            for file in part.manifest.tables[held.name].files
        ]

    def _of_window(self, rows: ir.Table, days: int) -> ir.Table:
        last = (self.on - EPOCH).days
        found = rows.filter(rows.happened_day >= last - days, rows.happened_day < last)
        if self.keeper.parts[-1].row.upto > self.cut_off_at:
            found = found.filter(found.recorded <= recorded(self.cut_off_at))
        return found


@contextmanager
def open_window(on: date, cut_off_at: datetime, *, fetches: bool) -> Iterator[Window]:
    """The files of the night of `on`, brought up to date first. Raises TooOld.

    Whoever else reads or writes the files waits until the block is left.
    """
    with keeper(fetches=fetches) as one:
        one.bring_up_to(cut_off_at)
        newest = one.parts[-1].row.upto
        if on - timedelta(days=KEPT_DAYS - RERUN_DAYS) < happened_from(newest):
            raise TooOld(
                f"The day files hold no more of what the night of {on} takes; "
                "it is computed from PostgreSQL alone."
            )
        yield Window(on, cut_off_at, one)
