"""Whoever is paused, suspended or leaving takes part in nothing: every due task is looked at.

A task of the schedule either passes such a member over, shown here by a scene in which it would do
something for ada otherwise, or stands in `ABOUT_NOBODY` with the reason why it need not.
"""

import re
from collections.abc import Callable
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings
from django.test import Client

from accounts import announcing
from accounts.models import Member
from accounts.operator_models import Announcement
from gifting import digest, reports, selectors
from gifting import services as gifting
from gifting.refusals import NOT_HERE, PAUSED, Refusal
from gifting.services import keeping, showing
from klout.announcing import notice
from klout.digest import mail_weekly
from klout.webhooks import sending
from klout.webhooks import services as webhooks
from networks.connectors.base import Page
from networks.listening_models import Ping
from networks.models import LinkedAccount, ProvenSite, Webmention
from networks.selectors import findable_member
from networks.services import pictures, polling, proving, runs, webmentions
from networks.services.errors import LinkError
from networks.sonobuoy import answers, listening, mail
from scoring import services as scoring
from scoring.models import Score
from scoring.services import disputes
from tests.factories import make_account, make_reading, make_score
from tests.networks.conftest import server  # noqa: F401

pytestmark = pytest.mark.django_db
ROOT = Path(settings.BASE_DIR)
Scene = Callable[[Member, Member, datetime], Callable[[], object]]

ABOUT_NOBODY = {
    "accounts.forget_what_is_over": "only deletes what is over",
    "accounts.erase_due": "is about those who leave",
    "scoring.rewrite_day_files_due": "writes files anew, whoever is in them",
    "accounts.make_exports_due": "whoever is paused may take their data along",
    "networks.refresh_known_hosts": "is about servers, not about members",
    "networks.count_topics": "asks who takes part itself, and says nothing to anybody",
    "networks.forget_stopped_due": "is about people who are no members",
    "networks.revoke_due": "tells servers that somebody left",
    "gifting.turn_period_due": "stores the period, which is everybody's",
    "gifting.forget_reports_due": "only deletes what is over",
}


def polls(ada: Member, grace: Member, now: datetime) -> Callable[[], object]:
    make_account(ada, now, next_poll_at=now)
    return lambda: polling.claim_due(now, 10)


def fetches_pictures(ada: Member, grace: Member, now: datetime) -> Callable[[], object]:
    pictures.note_address(make_account(ada, now), "https://known.example/ada.png", now)
    return lambda: pictures.claim_due(now)


def listens(ada: Member, grace: Member, now: datetime) -> Callable[[], object]:
    make_account(ada, now, listen_at=now)
    return lambda: listening.claim_due(now)


def _wishes_mail(member: Member, now: datetime) -> None:
    always = {"quiet_from": time(0), "quiet_until": time(0)}
    answers.wish_mail(member, pings=True, weekly=True, now=now, **always)


def mails_pings(ada: Member, grace: Member, now: datetime) -> Callable[[], object]:
    _wishes_mail(ada, now)
    ten_days_ago = now - timedelta(days=10)
    figures = {"silent_days": 10, "usual_days": 2, "limit_days": 3}
    Ping.objects.create(
        account=make_account(ada, now),
        silent_since=ten_days_ago,
        heard_to=now,
        made_at=now,
        mail_due_at=now,
        is_chosen=False,
        is_last=False,
        **figures,
    )
    return lambda: mail.mail_pings(now)


def mails_the_week(ada: Member, grace: Member, now: datetime) -> Callable[[], object]:
    _wishes_mail(ada, now)
    _gave(grace, ada, now)
    return lambda: mail_weekly(now + timedelta(days=8))


def mails_announcements(ada: Member, grace: Member, now: datetime) -> Callable[[], object]:
    Member.objects.filter(pk=ada.pk).update(mails_announcements=True, joined_at=now)
    Announcement.objects.create(
        title="News", text="Something new.", made_at=now, shown_until=now + timedelta(days=9)
    )
    return lambda: announcing.mail_due(notice, now)


def looks_at_proofs(ada: Member, grace: Member, now: datetime) -> Callable[[], object]:
    account = make_account(ada, now, platform="blog")
    ProvenSite.objects.create(account=account, endpoint="e", seen_at=now, look_at=now)
    return lambda: proving.claim_sites(now)


def verifies_webmentions(ada: Member, grace: Member, now: datetime) -> Callable[[], object]:
    Webmention.objects.create(
        account=make_account(ada, now, platform="blog"),
        mention_hash=1,
        responder_hash=2,
        source="https://a.example/",
        target="https://b.example/",
        received_at=now,
        due_at=now,
    )
    return lambda: webmentions.claim_webmentions(now)


def rescores(ada: Member, grace: Member, now: datetime) -> Callable[[], object]:
    make_account(ada, now, changed_at=now)
    return lambda: scoring.claim_due(now)


def scores_by_night(ada: Member, grace: Member, now: datetime) -> Callable[[], object]:
    make_reading(make_account(ada, now - timedelta(days=1)), now - timedelta(hours=2))

    def night() -> object:
        scoring.run_night(now.date(), now)
        return Score.objects.filter(member=ada).exists()

    return night


def answers_disputes(ada: Member, grace: Member, now: datetime) -> Callable[[], object]:
    score = make_score(ada, now, [make_account(ada, now)])
    one = disputes.open_dispute(ada, score, "It looks wrong.", now)
    disputes.answer(grace, one.pk, "stands", "We looked.", now)
    return lambda: disputes.mail_disputes(now)


def _can_be_given_to(member: Member, now: datetime) -> LinkedAccount:
    handle = f"@{member.name.split()[0].lower()}@known.example"
    account = make_account(member, now, handle=handle, introduced_at=now)
    gifting.accept_from(member, "all")
    return account


def _gave(giver: Member, receiver: Member, now: datetime) -> str:
    for member in (giver, receiver):
        _can_be_given_to(member, now)
    return gifting.give_k(giver, receiver, now, key=uuid4()).k.address


def mails_digests(ada: Member, grace: Member, now: datetime) -> Callable[[], object]:
    showing.want_digest(ada, now, wants=True)
    _gave(grace, ada, now)
    return lambda: digest.mail_digests(now + timedelta(hours=1))


def tells_decisions(ada: Member, grace: Member, now: datetime) -> Callable[[], object]:
    k = _gave(grace, ada, now)
    report = gifting.report(ada, k, 1, now, said="This hurts.")
    Member.objects.filter(pk=grace.pk).update(is_staff=True)
    grace.refresh_from_db()
    gifting.decide(grace, report.pk, "nothing", now)
    return lambda: reports.mail_reports(now)


def meets_kept(ada: Member, grace: Member, now: datetime) -> Callable[[], object]:
    note = keeping.Remembered(platform="mastodon", handle="@ada@known.example")
    keeping.keep_handle(grace, note, now)
    _can_be_given_to(ada, now)
    return lambda: keeping.meet(now)


def meets_all_kept(ada: Member, grace: Member, now: datetime) -> Callable[[], object]:
    meets_kept(ada, grace, now)
    return lambda: keeping.meet(now, everybody=True)


def delivers_webhooks(ada: Member, grace: Member, now: datetime) -> Callable[[], object]:
    hook, _ = webhooks.add(ada, "https://hooks.example/", ["k.received"], now)
    webhooks.send_test(hook, now)
    return lambda: sending.claim(now)


SCENES: dict[str, Scene] = {
    "klout.deliver_webhooks_due": delivers_webhooks,
    "networks.poll_due": polls,
    "networks.listen_due": listens,
    "networks.mail_pings_due": mails_pings,
    "klout.mail_weekly_due": mails_the_week,
    "klout.announce_due": mails_announcements,
    "networks.fetch_pictures_due": fetches_pictures,
    "networks.look_at_proofs_due": looks_at_proofs,
    "networks.verify_webmentions_due": verifies_webmentions,
    "scoring.rescore_due": rescores,
    "scoring.night_due": scores_by_night,
    "scoring.mail_disputes_due": answers_disputes,
    "gifting.mail_digests_due": mails_digests,
    "gifting.mail_reports_due": tells_decisions,
    "gifting.meet_kept_due": meets_kept,
    "gifting.meet_all_kept_due": meets_all_kept,
}
OUT: dict[str, dict[str, Any]] = {
    "paused": {"paused_at": datetime.fromisoformat("2026-11-02T12:00Z")},
    "leaving": {"erase_at": datetime.fromisoformat("2026-11-02T12:15Z")},
    "suspended": {"is_active": False},
}


@pytest.fixture(autouse=True)
def nobody_waits(settings: Any) -> None:
    settings.GIVING_WAIT_DAYS = 0


def test_every_due_task_is_looked_at() -> None:
    assert set(settings.CELERY_BEAT_SCHEDULE) == set(SCENES) | set(ABOUT_NOBODY)


@pytest.mark.parametrize("task", sorted(SCENES))
def test_a_task_does_something_for_who_takes_part(
    task: str, ada: Member, grace: Member, now: datetime
) -> None:
    assert SCENES[task](ada, grace, now)()


@pytest.mark.parametrize("out", sorted(OUT))
@pytest.mark.parametrize("task", sorted(SCENES))
def test_and_nothing_for_who_does_not(
    task: str, out: str, ada: Member, grace: Member, now: datetime
) -> None:
    run = SCENES[task](ada, grace, now)
    Member.objects.filter(pk=ada.pk).update(**OUT[out])
    assert not run()


def test_what_was_due_meanwhile_is_done_after_the_pause(ada: Member, now: datetime) -> None:
    make_account(ada, now, next_poll_at=now)
    Member.objects.filter(pk=ada.pk).update(paused_at=now)
    later = now + timedelta(days=90)
    assert not polling.claim_due(later, 10)
    Member.objects.filter(pk=ada.pk).update(paused_at=None)
    assert polling.claim_due(later, 10)


@pytest.mark.parametrize("out", sorted(OUT))
def test_nobody_finds_them(out: str, ada: Member, grace: Member, now: datetime) -> None:
    _gave(grace, ada, now)
    Member.objects.filter(pk=ada.pk).update(**OUT[out])
    assert findable_member("@ada@known.example") is None
    for asked in ("@ada@known.example", ada.address):
        assert selectors.recipient(grace, asked) is None
        assert selectors.named_by(asked).name == ""
    assert selectors.found_by_name(grace, "Ada") == []


@pytest.mark.parametrize("out", sorted(OUT))
def test_nobody_gives_to_them_and_they_to_nobody(
    out: str, ada: Member, grace: Member, now: datetime
) -> None:
    _gave(grace, ada, now)
    Member.objects.filter(pk=ada.pk).update(**OUT[out])
    ada.refresh_from_db()
    week = now + timedelta(days=7)
    with pytest.raises(Refusal, match=re.escape(str(NOT_HERE))):
        gifting.give_k(grace, ada, week, key=uuid4())
    with pytest.raises(Refusal, match=re.escape(str(PAUSED))):
        gifting.give_k(ada, grace, now, key=uuid4())
    Member.objects.filter(pk=ada.pk).update(paused_at=None, erase_at=None, is_active=True)
    ada.refresh_from_db()
    assert selectors.purse(ada, now).received_count == 1, "a K in hand is kept"


def test_their_name_stands_on_no_way_of_a_k(ada: Member, grace: Member, now: datetime) -> None:
    _gave(grace, ada, now)
    Member.objects.filter(pk=ada.pk).update(paused_at=now)
    ada.hand.refresh_from_db()
    ada.hand.member.refresh_from_db()
    assert ada.hand.shown_name == "a member"


def test_a_page_that_was_on_its_way_is_not_stored(ada: Member, now: datetime) -> None:
    account = make_account(ada, now, next_poll_at=now)
    (run,) = runs.begin([account.pk], runs.Clock(now))
    Member.objects.filter(pk=ada.pk).update(paused_at=now)
    with pytest.raises(runs.LeaseLost):
        runs.store_page(run, Page({"next": "2"}), frozenset())


def test_who_is_paused_reads_and_links_nothing(ada: Member, now: datetime, server: Any) -> None:  # noqa: F811
    account = make_account(ada, now)
    Member.objects.filter(pk=ada.pk).update(paused_at=now)
    account.refresh_from_db()
    with pytest.raises(LinkError, match="paused"):
        polling.request_poll(account, now)
    from networks.services import start_link

    ada.refresh_from_db()
    with pytest.raises(LinkError, match="paused"):
        start_link(ada, "session", "mastodon", "known.example", True, now)


def test_a_blog_of_theirs_takes_no_webmentions(client: Client, ada: Member, now: datetime) -> None:
    account = make_account(ada, now, platform="blog", remote_id="b.example/")
    ProvenSite.objects.create(account=account, endpoint="box", seen_at=now)
    Member.objects.filter(pk=ada.pk).update(paused_at=now)
    with pytest.raises(webmentions.NoSuchEndpoint):
        webmentions.receive("box", "https://a.example/1", "https://b.example/", now)


def test_apps_ask_who_takes_part_and_not_who_is_active() -> None:
    """One column decides; `is_active` tells operators whom they suspended, and their own rights."""
    asking = [
        str(path.relative_to(ROOT))
        for app in ("networks", "scoring", "gifting", "klout")
        for path in (ROOT / app).rglob("*.py")
        if "migrations" not in path.parts and re.search(r"\bis_active\b", path.read_text())
    ]
    assert sorted(asking) == [
        "gifting/services/deciding.py",
        "klout/admin/health.py",
        "klout/admin/records.py",
        "klout/admin/site.py",
    ]
