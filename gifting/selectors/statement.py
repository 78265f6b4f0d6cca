"""The account of a member's K: every entry with the balance after it.

Lapses are no moves; they are worked out here as everywhere. The last balance is what the purse
holds (tests/gifting/test_any_life_of_k.py holds the two together).
"""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import connection
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

from accounts.models import Member
from gifting import periods
from gifting.models import Hand
from gifting.selectors.period import current_period
from language import isolated

# `place` orders what happens in one moment: first what lapses, then what is allotted, then moves,
# then what lapses as it comes back because its time is over.
_STATEMENT = """
WITH entry (at, place, move, what, change, k, other) AS (
    SELECT period.ends_on::timestamp AT TIME ZONE 'UTC', 0, 0, 'unspent',
        count(k.id) - allotment.size, NULL::bigint, NULL::bigint
    FROM gifting_allotment allotment
    JOIN gifting_period period ON period.begins_on = allotment.period
    LEFT JOIN gifting_k k ON k.hand_id = allotment.hand_id AND k.period = allotment.period
    WHERE allotment.hand_id = %(hand)s AND period.ends_on <= %(today)s
    GROUP BY period.ends_on, allotment.size HAVING count(k.id) < allotment.size
  UNION ALL
    SELECT greatest(lapse.due, home.made_at), CASE WHEN lapse.due > home.made_at THEN 0 ELSE 3 END,
        home.id, 'lapsed', -1, home.k_id, NULL
    FROM gifting_move home
    JOIN gifting_k k ON k.id = home.k_id
    JOIN gifting_period period ON period.begins_on = k.period
    CROSS JOIN LATERAL (SELECT greatest(
        period.ends_on::timestamp AT TIME ZONE 'UTC', home.home_since + %(kept)s) AS due) lapse
    WHERE home.receiver_id = %(hand)s AND home.home_since IS NOT NULL
        AND period.ends_on <= %(today)s AND home.home_since + %(kept)s <= %(now)s
        AND NOT EXISTS (SELECT FROM gifting_move
            WHERE k_id = home.k_id AND step = home.step + 1)
  UNION ALL
    SELECT allotment.period::timestamp AT TIME ZONE 'UTC', 1, 0, 'allotted', allotment.size,
        NULL, NULL
    FROM gifting_allotment allotment WHERE allotment.hand_id = %(hand)s
  UNION ALL
    SELECT %(period)s::timestamp AT TIME ZONE 'UTC', 1, 0, 'allotted', %(allotment)s, NULL, NULL
    WHERE NOT EXISTS (SELECT FROM gifting_allotment
        WHERE hand_id = %(hand)s AND period = %(period)s)
  UNION ALL
    SELECT made_at, 2, id,
        CASE WHEN kind <> 'back' THEN 'received' WHEN declined THEN 'came_back' ELSE 'undone' END,
        1, k_id, giver_id
    FROM gifting_move WHERE receiver_id = %(hand)s
  UNION ALL
    SELECT made_at, 2, move.id,
        CASE WHEN kind <> 'back' AND k.hand_id = %(hand)s THEN 'given'
            WHEN kind <> 'back' THEN 'passed_on'
            WHEN declined THEN 'declined' ELSE 'taken_back' END,
        -1, k_id, receiver_id
    FROM gifting_move move JOIN gifting_k k ON k.id = move.k_id WHERE giver_id = %(hand)s
), balanced AS (
    SELECT *, sum(change) OVER (ORDER BY at, place, move) AS balance FROM entry
)
SELECT at, what, change, balance, k.id, k.address, other.id, member.name
FROM balanced
LEFT JOIN gifting_k k ON k.id = balanced.k
LEFT JOIN gifting_hand other ON other.id = balanced.other
LEFT JOIN accounts_member member ON member.id = other.member_id
ORDER BY at DESC, place DESC, move DESC
OFFSET %(first)s LIMIT %(count)s
"""
WORDS = {
    "unspent": gettext_noop("Not given in its time, lapsed"),
    "lapsed": gettext_noop("Was back with you, lapsed"),
    "allotted": gettext_noop("Allotted"),
    "received": gettext_noop("Received from {name}"),
    "came_back": gettext_noop("Declined by {name}, came back"),
    "undone": gettext_noop("Taken back from {name}"),
    "given": gettext_noop("Given to {name}"),
    "passed_on": gettext_noop("Passed on to {name}"),
    "declined": gettext_noop("Declined, went back to {name}"),
    "taken_back": gettext_noop("Taken back by {name}"),
}
LEFT = gettext_lazy("somebody who left")


@dataclass(frozen=True)
class Line:
    """`change` K in or out, the `balance` after it; `number` is None for what is no single K."""

    at: datetime
    what: str
    change: int
    balance: int
    number: int | None
    address: str
    name: str

    @property
    def size(self) -> int:
        """How many K, in or out."""
        return abs(self.change)

    @property
    def in_words(self) -> str:
        return _(WORDS[self.what]).format(name=isolated(self.name))


def statement(
    member: Member, now: datetime, *, first: int = 0, count: int | None = None
) -> list[Line]:
    """The member's entries, newest first, from the `first`-th on; all of them without `count`."""
    hand = Hand.objects.filter(member=member).first()
    period = current_period(now)
    values = {
        "hand": hand.pk if hand else 0,
        "now": now,
        "today": periods.day_of(now),
        "kept": periods.KEPT_AFTER_RETURN,
        "period": period.begins_on,
        "allotment": settings.K_ALLOTMENT,
        "first": first,
        "count": count,
    }
    with connection.cursor() as cursor:
        cursor.execute(_STATEMENT, values)
        return [_line(*row) for row in cursor.fetchall()]


def _line(
    at: datetime,
    what: str,
    change: int,
    balance: int,
    number: int | None,
    address: str | None,
    other: int | None,
    name: str | None,
) -> Line:
    who = "" if other is None else name or str(LEFT)
    return Line(at, what, change, int(balance), number, address or "", who)
