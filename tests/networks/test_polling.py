"""Reading an account: what is stored, what comes of failures, and when it is read next."""

import logging
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from networks.connectors.base import (
    AccessRevoked,
    Counts,
    Credentials,
    Page,
    RateLimited,
    Transient,
)
from networks.hashing import person_hash
from networks.models import LinkedAccount, Outreach, Poll, Post, Reaction, Reading
from networks.services import LinkError, claim_due, poll_account, request_poll
from networks.services.polling import CLAIM
from networks.services.runs import LEASE
from networks.services.vault import seal_credentials
from networks.tasks import poll_accounts
from tests.factories import make_account
from tests.networks.scripted import Server, identity, outreach, person, post, reaction, story


@pytest.fixture
def account(ada, now) -> LinkedAccount:
    """Linked a moment ago, never read."""
    account = make_account(
        ada, now, remote_id="17", last_read_at=None, first_read_done_at=None, next_poll_at=now
    )
    account.credentials = seal_credentials(account, Credentials("a-token"))
    account.save()
    return account


@pytest.fixture
def server(server, now) -> Server:
    server.who = identity("ada", "17", now)
    server.pages = story(server.who, now)
    return server


@pytest.fixture(autouse=True)
def no_time_passes(monkeypatch) -> None:
    """A poll takes no time, so that everything in it happens at `now`."""
    monkeypatch.setattr("networks.services.runs.monotonic", lambda: 0)


def rows() -> list[list[tuple]]:
    """Everything a poll leaves behind, without what depends on the order of inserting."""
    return [
        sorted(Post.objects.values_list("remote_id", "url", "excerpt", "posted_at")),
        sorted(
            Reaction.objects.values_list(
                "act_hash", "responder_hash", "kind", "standing", "happened_at", "post__remote_id"
            )
        ),
        sorted(Outreach.objects.values_list("act_key", "target_hash", "kind", "happened_at")),
        sorted(Reading.objects.values_list("read_on", "followers", "posts")),
    ]


def test_a_first_read_stores_what_was_read(account, server, now):
    poll = poll_account(account.pk, now)
    account.refresh_from_db()
    assert poll.outcome == Poll.Outcome.GOOD
    assert (poll.pages, poll.posts, poll.reactions, poll.outreach) == (5, 4, 10, 5)
    assert account.first_read_done_at == account.last_read_at == account.changed_at == now
    assert account.next_poll_at > now
    assert account.polling_by is None
    assert account.cursor == {"page": 5}
    assert account.handle == "@ada@known.example"
    assert Reading.objects.get().followers == 321


def test_every_reaction_points_to_its_post_also_where_the_post_came_later(account, server, now):
    poll_account(account.pk, now)
    for stored in Reaction.objects.exclude(post_remote_id="4"):
        assert stored.post.remote_id == stored.post_remote_id
    assert set(Reaction.objects.filter(post=None).values_list("post_remote_id", flat=True)) == {"4"}


def test_of_a_responder_only_a_hash_and_a_weight_stay(account, server, now):
    poll_account(account.pk, now)
    stored = Reaction.objects.filter(responder_hash=person_hash("mastodon", "bo@known.example"))
    assert stored.count() == 5
    assert stored[0].standing == 1000
    for model in (Reaction, Post, Reading, Poll, LinkedAccount):
        for row in model.objects.values():
            assert "bo@known.example" not in repr(row)


def test_a_responder_from_an_unknown_host_has_no_standing(account, server, now):
    stranger = person("bo", "unheard.example", now)
    server.pages = [Page({"page": 1}, reactions=(reaction("bo", 1, now, responder=stranger),))]
    poll_account(account.pk, now)
    assert Reaction.objects.get().standing == 0


def test_a_second_read_goes_on_where_the_first_ended(account, server, now):
    poll_account(account.pk, now)
    later = now + timedelta(hours=12)
    server.pages.append(Page({"page": 6}, Counts(followers=400), server.who, (post(9, now),)))
    poll = poll_account(account.pk, later)
    assert (poll.pages, poll.posts) == (1, 1)
    account.refresh_from_db()
    assert account.last_read_at == later
    assert account.first_read_done_at == now


def test_the_first_reading_of_a_day_stands(account, server, now):
    poll_account(account.pk, now)
    for number, hours in ((1, 6), (2, 12)):
        server.pages.append(Page({"page": 5 + number}, Counts(followers=400 + number)))
        poll_account(account.pk, now + timedelta(hours=hours))
    readings = Reading.objects.order_by("read_on").values_list("read_on", "followers")
    today, tomorrow = now.date(), now.date() + timedelta(days=1)
    assert list(readings) == [(today, 321), (tomorrow, 402)]


def test_a_read_that_brings_nothing_new_changes_no_score(account, server, now):
    poll_account(account.pk, now)
    server.pages.append(replace(server.pages[0], cursor={"page": 6}))
    poll_account(account.pk, now + timedelta(hours=1))
    account.refresh_from_db()
    assert account.changed_at == now


@pytest.mark.parametrize("what", ["reactions", "outreach", "counts"])
def test_what_a_score_depends_on_stamps_the_account(account, server, now, what):
    poll_account(account.pk, now)
    later = now + timedelta(days=1)
    new = {
        "reactions": (reaction("di", 77, now),),
        "outreach": (outreach("di", 77, now),),
        "counts": Counts(followers=5),
    }
    server.pages.append(Page({"page": 6}, **{what: new[what]}))
    poll_account(account.pk, later)
    account.refresh_from_db()
    assert account.changed_at == later


def test_a_first_read_in_several_runs_is_due_again_at_once_and_stamped_at_its_end(
    account, server, now
):
    server.per_run = 2
    server.pages = [
        *story(server.who, now, 4, more=True),
        replace(story(server.who, now)[4], more=False),
    ]
    outcomes = []
    for run in range(3):
        moment = now + timedelta(seconds=run)
        outcomes.append(poll_account(account.pk, moment).outcome)
        account.refresh_from_db()
        assert (account.changed_at is not None) == (run == 2)
        assert (account.next_poll_at == moment) == (run < 2)
    assert outcomes == ["unfinished", "unfinished", "good"]


def test_a_server_whose_pages_never_end_is_read_slowly_after_a_while(account, server, now):
    server.pages = story(server.who, now, 1, more=True) * 100
    server.per_run = 1
    for _ in range(51):
        poll_account(account.pk, now)
    account.refresh_from_db()
    assert account.next_poll_at == now + timedelta(hours=1)


@pytest.mark.parametrize("cut", range(6))
@pytest.mark.parametrize("how", [Transient(code="unreachable"), KeyboardInterrupt()])
def test_a_poll_cut_off_anywhere_and_taken_up_again_leaves_the_same_rows(
    account, server, now, cut, how
):
    poll_account(account.pk, now)
    whole = rows()
    for model in (Reaction, Post, Outreach, Reading, Poll):
        model.objects.all().delete()
    LinkedAccount.objects.update(cursor={}, first_read_done_at=None, last_read_at=None)
    server.fails["end" if cut == 5 else f"page {cut}"] = how
    if isinstance(how, KeyboardInterrupt):
        with pytest.raises(KeyboardInterrupt):  # nothing is tidied up, as after kill -9
            poll_account(account.pk, now)
    else:
        poll_account(account.pk, now)
    server.fails.clear()
    poll_account(account.pk, now + 2 * LEASE)
    assert rows() == whole


def test_order_and_repetition_of_pages_do_not_matter(account, server, now):
    poll_account(account.pk, now)
    whole = rows()
    told = [replace(page, cursor={"page": n}) for n, page in enumerate(server.pages, start=1)]
    for pages in (told[::-1], told[2:] + told[:2], told * 2):
        for model in (Reaction, Post, Outreach, Reading, Poll):
            model.objects.all().delete()
        LinkedAccount.objects.update(cursor={})
        server.pages = pages
        poll_account(account.pk, now)
        assert rows() == whole


def test_a_killed_polls_account_is_due_again_after_its_lease_and_not_before(account, server, now):
    server.fails["page 0"] = SystemExit()
    with pytest.raises(SystemExit):
        poll_account(account.pk, now)
    server.fails.clear()
    assert claim_due(now + LEASE - timedelta(seconds=1), 10) == []
    assert poll_account(account.pk, now + LEASE - timedelta(seconds=1)) is None
    assert claim_due(now + LEASE, 10) == [account.pk]
    assert poll_account(account.pk, now + LEASE).outcome == "good"
    assert set(Poll.objects.values_list("outcome", "problem")) == {
        ("failed", "interrupted"),
        ("good", ""),
    }


def test_a_revoked_token_asks_for_consent_and_ends_the_polls(account, server, now):
    server.fails["page 3"] = AccessRevoked()
    poll_account(account.pk, now)
    account.refresh_from_db()
    assert (account.state, account.last_problem) == ("needs_consent", "access_revoked")
    assert account.next_poll_at is None
    assert Post.objects.count() == 2, "what was read is kept"
    assert poll_account(account.pk, now + timedelta(days=1)) is None
    assert claim_due(now + timedelta(days=1), 10) == []


def test_credentials_that_cannot_be_opened_ask_for_consent(account, server, now):
    other = make_account(account.member, now)
    LinkedAccount.objects.filter(pk=account.pk).update(
        credentials=seal_credentials(other, Credentials("of another account"))
    )
    poll_account(account.pk, now)
    account.refresh_from_db()
    assert (account.state, account.last_problem) == ("needs_consent", "credentials_unreadable")
    assert server.reads == 0


def test_an_answer_for_another_account_is_not_stored(account, server, now):
    server.pages = story(identity("eve", "666", now), now)
    poll_account(account.pk, now)
    account.refresh_from_db()
    assert (account.state, account.last_problem) == ("needs_consent", "other_account")
    assert not Post.objects.exists()
    assert account.handle != "@eve@known.example"


def test_a_rename_takes_over_the_new_handle_and_keeps_the_owner(account, server, now):
    poll_account(account.pk, now)
    renamed = identity("lovelace", "17", now)
    server.pages.append(Page({"page": 6}, identity=renamed))
    poll_account(account.pk, now)
    again = LinkedAccount.objects.get(host=account.host, remote_id="17")
    assert again.handle == "@lovelace@known.example"
    assert again.member == account.member
    assert again.person_hash == person_hash("mastodon", "lovelace@known.example")


def test_a_platform_that_asks_to_wait_is_left_alone_until_then(account, server, now):
    until = now + timedelta(minutes=4)
    server.fails["page 1"] = RateLimited(until)
    poll_account(account.pk, now)
    account.refresh_from_db()
    assert until <= account.next_poll_at < until + timedelta(minutes=4)
    assert (account.last_problem, account.failures) == ("rate_limited", 0)
    assert claim_due(until - timedelta(seconds=1), 10) == []
    waits = f"asked us to wait until {account.next_poll_at:%H:%M} UTC"
    with pytest.raises(LinkError, match=waits):
        request_poll(account, now + timedelta(minutes=3))


def test_a_platform_cannot_ask_to_wait_for_ever(account, server, now):
    server.fails["page 1"] = RateLimited(datetime(9999, 1, 1, tzinfo=UTC))
    poll_account(account.pk, now)
    account.refresh_from_db()
    week = now + timedelta(days=7)
    assert week <= account.next_poll_at < week + timedelta(hours=1)


def test_failures_back_off_and_keep_everything(account, server, now):
    poll_account(account.pk, now)
    server.fails["end"] = Transient("refused", code="unreachable")
    waits = []
    for _ in range(10):
        poll_account(account.pk, now)
        account.refresh_from_db()
        waits.append(account.next_poll_at - now)
    assert account.failures == 10
    assert account.last_problem == "unreachable"
    assert account.last_read_at == now
    assert Post.objects.count() == 4
    assert waits[0] < timedelta(minutes=5)
    assert timedelta(hours=6) <= waits[-1] <= timedelta(hours=12)
    server.fails.clear()
    poll_account(account.pk, now)
    account.refresh_from_db()
    assert (account.failures, account.last_problem, account.last_problem_at) == (0, "", None)


def test_an_account_that_breaks_us_costs_only_itself(account, grace, server, now, caplog):
    healthy = make_account(grace, now, remote_id="18")
    healthy.credentials = seal_credentials(healthy, Credentials("another-token"))
    healthy.save()

    def break_the_first(number: int) -> None:
        if server.reads == 1:
            raise ZeroDivisionError

    server.before_page = break_the_first
    server.pages = [Page({"page": 1})]
    with caplog.at_level(logging.INFO):
        poll_accounts([account.pk, healthy.pk])
    account.refresh_from_db()
    assert account.last_problem == "failed"
    assert account.polls.get().outcome == "failed"
    assert healthy.polls.get().outcome == "good"
    assert "a-token" not in caplog.text


def test_items_that_do_not_fit_our_rows_are_clipped_or_left_out(account, server, now):
    long = "x" * 1000
    server.pages = [
        Page(
            {"page": 1},
            Counts(followers=-5, posts=10**30),
            posts=(
                replace(post(1, now), remote_id=long),
                replace(post(2, now), url="javascript:alert(1)", excerpt=long, tags=(long,) * 99),
                replace(post(3, now), url="https://[", posted_at=now + timedelta(days=9)),
            ),
            reactions=(
                reaction("bo", 1, now, post_remote_id=long, happened_at=now + timedelta(days=9)),
            ),
            outreach=(
                outreach("cy", 1, now, key=long),
                outreach("cy", 2, now, target=replace(person("cy"), name=long, url=long)),
            ),
        )
    ]
    assert poll_account(account.pk, now).outcome == "good"
    assert [(len(p.excerpt), p.url) for p in Post.objects.order_by("remote_id")] == [
        (280, ""),
        (6, ""),
    ]
    assert Post.objects.get(remote_id="3").posted_at == now
    assert Reading.objects.get().followers is None
    assert Reading.objects.get().posts == 10**12
    assert Outreach.objects.get().target_url == ""
    assert Reaction.objects.get().happened_at == now


def test_ids_that_are_gone_are_passed_over(account, server, now):
    poll_accounts([account.pk + 1000])
    assert not Poll.objects.exists()


def test_a_claim_takes_the_longest_due_first_and_pushes_the_date(ada, server, now):
    late = make_account(ada, now, next_poll_at=now - timedelta(hours=2))
    later = make_account(ada, now, next_poll_at=now - timedelta(hours=1))
    make_account(ada, now, next_poll_at=now + timedelta(seconds=1))
    make_account(ada, now, next_poll_at=now, state="needs_consent")
    make_account(ada, now)
    assert claim_due(now, 1) == [late.pk]
    assert claim_due(now, 9) == [later.pk]
    assert claim_due(now, 9) == []
    late.refresh_from_db()
    assert late.next_poll_at == now + CLAIM


def test_reading_again_on_request_is_due_at_once_but_not_too_often(account, server, now):
    poll_account(account.pk, now)
    account.refresh_from_db()
    with pytest.raises(LinkError, match="less than five minutes ago"):
        request_poll(account, now + timedelta(minutes=4))
    request_poll(account, now + timedelta(minutes=6))
    assert claim_due(now + timedelta(minutes=6), 10) == [account.pk]


def test_a_long_poll_renews_its_lease_with_every_page(account, server, now, monkeypatch):
    """Each page takes a minute and a half: one lease would be over before the second."""
    seconds = [0]
    monkeypatch.setattr("networks.services.runs.monotonic", lambda: seconds[0])
    leases = []

    def take_long(number: int) -> None:
        account.refresh_from_db()
        leases.append((account.polling_until - now).total_seconds())
        seconds[0] += 90

    server.before_page = take_long
    poll = poll_account(account.pk, now)
    assert poll.outcome == "good"
    assert leases == [30, 120, 210, 300, 390]
    assert poll.finished_at == now + timedelta(seconds=450)
    latest = Reaction.objects.latest("recorded_at").recorded_at
    assert latest == now + timedelta(seconds=450), "recorded when it was stored"
    account.refresh_from_db()
    assert account.last_read_at == now, "what came during the poll is read next time"
