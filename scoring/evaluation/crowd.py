"""Many members, accounts, reactions and outreach at once, as polls would have stored them."""

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import partial
from io import StringIO
from itertools import count

from django.db import connection

from accounts.models import Member
from networks.connectors.base import Person
from networks.known_hosts import known_hosts
from networks.models import KnownHost, LinkedAccount, Reading
from networks.services.pages import standing_if_known
from scoring.inputs import Wanted
from scoring.models import Score
from scoring.services.compute import computed
from scoring.services.store import store
from scoring.services.workplace import passing_workplace

# The day all of it is scored for; what happened, happened the day before.
ON = date(2026, 3, 2)
NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
YESTERDAY = NOW - timedelta(days=1)
HOST = "evaluation.example"
INVENTED_HOST = "invented.example"

REACTION = (
    "account_id, act_hash, responder_hash, kind, standing, post_remote_id, happened_at, recorded_at"
)
OUTREACH = (
    "account_id, act_key, target_hash, target_handle, target_name, target_host, target_url, "
    "kind, url, happened_at, recorded_at"
)


@dataclass(frozen=True)
class Account:
    """A linked account and whose it is; `person` is its hash in the reactions of others."""

    member: int
    account: int
    person: int


class Crowd:
    """What is in the database so far. Ids of persons and acts are given out in order."""

    def __init__(self, platform: str) -> None:
        self.platform = platform
        self._persons, self._acts, self._tick = count(1), count(1), count(1)
        KnownHost.objects.create(platform=platform, host=HOST, people=0, known_since=NOW)
        self._known = known_hosts(platform)

    def new_person(self) -> int:
        """The hash of somebody who is not there yet."""
        return next(self._persons)

    def standing(self, person: Person) -> int:
        return standing_if_known(person, self.platform, self._known, NOW)

    def join(self, people: Sequence[Person], followers: Sequence[int | None]) -> list[Account]:
        """Each of `people` signs up and links one account with so many followers."""
        members = Member.objects.bulk_create(
            Member(email=f"{person.key}@{HOST}", name=person.key[:80], password="!")  # noqa: S106
            for person in people
        )
        return self.link([member.pk for member in members], people, followers)

    def link(
        self,
        members: Sequence[int],
        people: Sequence[Person],
        followers: Sequence[int | None],
        curation: int | None = None,
    ) -> list[Account]:
        """One more account for each of `members`, read today."""
        accounts = LinkedAccount.objects.bulk_create(
            LinkedAccount(
                member_id=member,
                platform=self.platform,
                host=person.host,
                served_by=person.host,
                remote_id=person.key,
                handle=person.handle,
                person_hash=self.new_person(),
                findable=False,
                linked_at=NOW - timedelta(days=200),
                opened_at=person.created_at,
                standing=self.standing(person),
                last_read_at=NOW,
                first_read_done_at=NOW - timedelta(days=199),
            )
            for member, person in zip(members, people, strict=True)
        )
        Reading.objects.bulk_create(
            Reading(account=one, read_on=ON, read_at=NOW, followers=many, curation=curation)
            for one, many in zip(accounts, followers, strict=True)
        )
        return [Account(one.member_id, one.pk, one.person_hash) for one in accounts]

    def react(self, acts: Iterable[tuple[int, int, int, int]], kind: str = "reply") -> None:
        """(account, responder's hash, standing, how often) each, all of it yesterday."""
        _copy(
            "networks_reaction",
            REACTION,
            (
                (account, next(self._acts), person, kind, standing, "", YESTERDAY, YESTERDAY)
                for account, person, standing, often in acts
                for _ in range(often)
            ),
        )

    def reach_out(self, acts: Iterable[tuple[int, int, int]]) -> None:
        """(account, target's hash, how often) each, all of it yesterday."""
        _copy(
            "networks_outreach",
            OUTREACH,
            (
                (
                    account,
                    next(self._acts),
                    person,
                    "@",
                    "",
                    HOST,
                    "",
                    "reply",
                    "",
                    *2 * (YESTERDAY,),
                )
                for account, person, often in acts
                for _ in range(often)
            ),
        )

    def score(self, members: Sequence[int] | None = None) -> dict[int, Score]:
        """The scores of `members`, or of everybody, from all that is there."""
        # A later cut-off each time, so that the newer score stands.
        cut_off = NOW + timedelta(seconds=next(self._tick))
        _take_stock()
        wanted = Wanted([ON], cut_off, members)
        with passing_workplace() as place, computed(wanted, place) as done:
            store(done, cut_off_at=cut_off, now=cut_off, with_it=partial(_nothing_aside, done))
        scores = Score.objects.filter(on=ON)
        found = scores if members is None else scores.filter(member__in=members)
        return {score.member_id: score for score in found}


def _nothing_aside(done: object) -> None:
    if getattr(done, "set_aside", None):
        raise RuntimeError("members were set aside: the figures would say nothing")


def _take_stock() -> None:
    """PostgreSQL plans by what it knows of its tables, and of these it could not know anything."""
    with connection.cursor() as cursor:
        cursor.execute(
            "ANALYZE networks_linkedaccount, networks_reading, networks_reaction, networks_outreach"
        )


def _copy(table: str, columns: str, rows: Iterable[Sequence[object]]) -> None:
    file = StringIO(newline="")
    csv.writer(file).writerows(rows)
    file.seek(0)
    with connection.cursor() as cursor:
        cursor.copy_expert(
            f"COPY {table} ({columns}) FROM STDIN WITH (FORMAT csv, FORCE_NOT_NULL "
            f"({_texts(columns)}))",
            file,
        )


def _texts(columns: str) -> str:
    texts = {"post_remote_id", "target_name", "target_url", "url"}
    return ", ".join(name for name in columns.split(", ") if name in texts)
