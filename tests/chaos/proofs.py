"""What the database must say afterwards: each proof returns sentences of what is wrong, or none."""

from collections import Counter
from datetime import timedelta

from django.db import connection
from django.db.models import F
from django.utils import timezone

from gifting.models import Move
from networks.hashing import person_hash
from networks.models import LinkedAccount, Poll, Reaction
from scoring.models import Night, Score, ScoringState
from scoring.services import run_night
from tests.chaos.ledger import Ledger
from tests.chaos.load import shown_scores
from tests.chaos.platforms import UNDER_WAY, Platform

SLACK = timedelta(seconds=10)


def work_that_is_late() -> list[str]:
    """Whatever is due for longer than a round of beat takes."""
    now = timezone.now()
    due = now - SLACK
    active = LinkedAccount.objects.filter(state="active", member__takes_part=True)
    late = {
        "polls due": active.filter(next_poll_at__lte=due, host__startswith="127.").count(),
        "polls left by the dead": active.filter(polling_until__lte=due).count(),
        "first reads": active.filter(
            first_read_done_at=None, host__startswith="127.", last_problem=""
        ).count(),
        "rescores": ScoringState.objects.filter(
            next_try_at__lte=due, member__linked_accounts__changed_at__gt=F("seen_change_at")
        ).count(),
        "never scored": LinkedAccount.objects.filter(first_read_done_at__lte=due)
        .exclude(member__in=ScoringState.objects.exclude(history_done_at=None).values("member"))
        .count(),
        "nights": Night.objects.filter(on=now.date(), finished_at=None).count()
        or int(not Night.objects.filter(on=now.date()).exists()),
    }
    return [f"{count} {what}" for what, count in late.items() if count]


def gifts(ledger: Ledger) -> list[str]:
    """Each acknowledged gift is there once; none that nobody sent is."""
    there = Counter(Move.objects.exclude(key=None).values_list("giver", "receiver", "key"))
    wrong = [f"gift {key} is there {n} times" for key, n in there.items() if n > 1]
    sent = {(g.giver_id, g.receiver_id, g.key) for g in ledger.gifts}
    perhaps = {(g.giver_id, g.receiver_id, g.key) for g in ledger.unanswered}
    wrong += [f"acknowledged gift {gift} is lost" for gift in sent - there.keys()]
    wrong += [f"nobody sent gift {gift}" for gift in there.keys() - sent - perhaps]
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*), count(DISTINCT k_id) FROM gifting_move WHERE step = 1")
        first, kinds = cursor.fetchone()
    return wrong + ([f"{first} first moves of {kinds} K"] if first != kinds else [])


def links(ledger: Ledger) -> list[str]:
    wrong = []
    for member_id, resident in ledger.links:
        found = LinkedAccount.objects.filter(host=resident.host, remote_id=str(resident.number))
        owners = list(found.values_list("member", flat=True))
        if owners != [member_id]:
            wrong.append(f"{resident.handle}, linked by {member_id}, belongs to {owners}")
    return wrong


def reactions(platforms: list[Platform]) -> list[str]:
    """For each linked account exactly the reactions that its platform has, each once."""
    wrong = []
    by_place = {(r.host, str(r.number)): r for p in platforms for r in p.residents}
    for account in LinkedAccount.objects.filter(host__startswith="127."):
        resident = by_place[account.host, account.remote_id]
        expected = {person_hash("mastodon", fan) for fan in resident.fans}
        stored = Counter(
            Reaction.objects.filter(account=account).values_list("responder_hash", flat=True)
        )
        lost, doubled = expected - stored.keys(), [h for h, n in stored.items() if n > 1]
        if lost or doubled or stored.keys() - expected:
            wrong.append(
                f"{account.handle}: of {len(expected)} reactions {len(lost)} are lost, "
                f"{len(doubled)} doubled ({account.last_problem or 'no problem'})"
            )
    return wrong


def scores(ledger: Ledger) -> list[str]:
    """One a member and day, the past as it was shown, and tonight's again to the last digit."""
    now = timezone.now()
    for row in shown_scores():
        ledger.saw_score(*row)
    wrong = list(ledger.changed_scores)
    there = {key for key, _ in shown_scores()}
    wrong += [f"score {key} was shown and is gone" for key in ledger.scores.keys() - there]
    run_night(now.date(), now)
    first = _tonight(now)
    run_night(now.date(), now + timedelta(minutes=1))
    if first != _tonight(now):
        wrong.append("the same night computed twice says two things")
    members = Counter(Score.objects.filter(on=now.date()).values_list("member", "rule"))
    return wrong + [f"{n} scores of {key} tonight" for key, n in members.items() if n > 1]


def _tonight(now: object) -> list[tuple[object, ...]]:
    rows = Score.objects.filter(on=timezone.now().date()).order_by("member", "rule")
    return list(rows.values_list("member", "rule", "hundredths", "reach", "low_hundredths"))


def retry_after(platforms: list[Platform]) -> list[str]:
    """No request inside a wait, whoever asked for it, as the platforms saw; and no page of a poll
    that began inside one, as the database has it."""
    early = [seconds for platform in platforms for seconds in platform.asked_too_early]
    wrong = [f"{len(early)} requests inside a Retry-After, e.g. {early[:5]}"] if early else []
    for platform in platforms:
        for told_at, until in platform.waits:
            read = Poll.objects.filter(
                account__host=platform.host,
                started_at__gt=told_at + timedelta(seconds=UNDER_WAY),
                started_at__lt=until,
                pages__gt=0,
            )
            wrong += [f"{poll} read {poll.pages} pages before {until}" for poll in read]
    if not any(platform.waits for platform in platforms):
        wrong.append("no platform asked anybody to wait")
    return wrong
