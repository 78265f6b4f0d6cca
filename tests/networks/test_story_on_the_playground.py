"""The whole way over real HTTP: register, consent, poll, consent lost and given again, unlink."""

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
import requests

from networks.connectors.base import ReactionKind
from networks.models import LinkedAccount, Outreach, Poll, Post, Reaction
from networks.services import LinkError, finish_link, poll_account, start_link, start_relink, unlink
from networks.services.vault import credentials_of
from tests.playground_server import Playground, fields


@pytest.fixture
def playground(playground: Playground, settings) -> Playground:
    settings.DEVELOPMENT_HOSTS = [playground.host]
    settings.BASE_URL = "http://localhost:8000"
    return playground


def say(playground: Playground, url: str, username: str, decision: str) -> dict[str, str]:
    """Walk through sign-in and consent as a browser would; gives the parameters of the answer."""
    browser = requests.Session()
    page = browser.get(url, timeout=10)
    form = fields(page.text) | {"person": username}
    page = browser.post(f"{playground.base_url}/sign-in", data=form, timeout=10)
    form = fields(page.text) | {"decision": decision}
    answer = browser.post(
        f"{playground.base_url}/oauth/authorize", data=form, timeout=10, allow_redirects=False
    )
    back = urlsplit(answer.headers["Location"])
    assert back.path == f"/networks/callback/mastodon/{playground.host}/"
    return {name: values[0] for name, values in parse_qs(back.query).items()}


def link(playground: Playground, member, now, username="ada", url="") -> LinkedAccount:
    url = url or start_link(member, "session", "mastodon", playground.base_url, True, now)
    answer = say(playground, url, username, "authorize")
    return finish_link(
        member,
        "session",
        answer["state"],
        answer["code"],
        now,
        platform="mastodon",
        host=playground.host,
    )


def read_to_the_end(account: LinkedAccount, now) -> list[Poll]:
    """Poll as the tasks do: at once again while there is more to read."""
    polls = [poll_account(account.pk, now)]
    while polls[-1].outcome == Poll.Outcome.UNFINISHED:
        polls.append(poll_account(account.pk, now))
    return polls


def test_a_member_links_is_read_and_unlinks(playground, ada, now):
    account = link(playground, ada, now)
    assert account.handle == f"@ada@{playground.host}"
    polls = read_to_the_end(account, now)
    account.refresh_from_db()
    assert polls[-1].outcome == Poll.Outcome.GOOD, account.last_problem
    assert account.first_read_done_at >= account.last_read_at == now
    assert account.last_problem == ""
    assert sum(poll.set_aside for poll in polls) == 0
    assert account.readings.get().followers > 0
    posts, reactions = Post.objects.all(), Reaction.objects.all()
    assert posts.count() > 20
    assert reactions.values("responder_hash").distinct().count() > 20
    assert Outreach.objects.exists()
    assert reactions.filter(standing__gt=500).exists()
    on_posts = reactions.exclude(kind__in=[ReactionKind.FOLLOW, ReactionKind.MENTION])
    assert on_posts.filter(post=None).count() <= on_posts.count() // 20
    assert not reactions.filter(happened_at__gt=now).exists()
    assert not reactions.filter(recorded_at__lt=now).exists()

    token = credentials_of(account).access_token
    said = unlink(account, now)
    assert "no longer lets us in" in said
    assert playground.get("/api/v1/accounts/verify_credentials", token).status_code == 401
    assert not Post.objects.exists()
    assert not Reaction.objects.exists()


def test_a_second_poll_brings_only_what_is_new(playground, ada, now):
    account = link(playground, ada, now)
    read_to_the_end(account, now)
    before = Reaction.objects.count()
    later = now + timedelta(hours=12)
    playground.set_now(later)
    (poll,) = read_to_the_end(account, later)
    assert poll.outcome == Poll.Outcome.GOOD
    assert poll.reactions == Reaction.objects.count() - before
    assert poll.pages < 10
    assert account.readings.count() == 2


def test_consent_taken_back_there_is_seen_here_and_can_be_given_again(playground, ada, now):
    account = link(playground, ada, now)
    read_to_the_end(account, now)
    kept = Reaction.objects.count()
    playground.trouble(revoke="ada")
    poll_account(account.pk, now)
    account.refresh_from_db()
    assert (account.state, account.last_problem) == ("needs_consent", "access_revoked")
    assert Reaction.objects.count() == kept
    url = start_relink(account, "session", now)
    again = link(playground, ada, now, url=url)
    assert (again.pk, again.state) == (account.pk, "active")
    assert poll_account(account.pk, now).outcome == Poll.Outcome.GOOD


def test_saying_no_there_is_fine_here(playground, ada, now):
    url = start_link(ada, "session", "mastodon", playground.host, True, now)
    answer = say(playground, url, "ada", "deny")
    with pytest.raises(LinkError, match="that is fine"):
        finish_link(
            ada,
            "session",
            answer["state"],
            answer.get("code", ""),
            now,
            answer["error"],
            platform="mastodon",
            host=playground.host,
        )
    assert not LinkedAccount.objects.exists()


@pytest.mark.parametrize(
    ("mode", "problem"),
    [("down", "server_error"), ("garbage", "garbage"), ("enormous", "too_large")],
)
def test_trouble_there_keeps_everything_here(playground, ada, now, mode, problem):
    account = link(playground, ada, now)
    read_to_the_end(account, now)
    kept = (Post.objects.count(), Reaction.objects.count())
    playground.trouble(mode=mode)
    poll_account(account.pk, now)
    account.refresh_from_db()
    assert account.last_problem == problem
    assert account.state == "active"
    assert account.next_poll_at > now
    assert (Post.objects.count(), Reaction.objects.count()) == kept
    playground.trouble(mode="")
    assert poll_account(account.pk, now).outcome == Poll.Outcome.GOOD


def test_a_limit_there_is_heeded_here(playground, ada, now):
    account = link(playground, ada, now)
    playground.trouble(mode="limited", seconds=1)
    poll_account(account.pk, now)
    account.refresh_from_db()
    assert account.last_problem == "rate_limited"
    assert account.next_poll_at > now
