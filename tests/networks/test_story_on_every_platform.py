"""The same story on every platform that asks for consent: link, read, more, renew, unlink.

Through the services, over real HTTP to a small server of the platform, with rows in PostgreSQL.
"""

from datetime import timedelta
from operator import attrgetter
from typing import Any

import pytest

from networks.models import LinkedAccount, Outreach, Poll, Post, Reaction, Reading
from networks.registry import PLATFORMS
from networks.services import (
    LinkError,
    finish_link,
    needs_sentence,
    poll_account,
    start_link,
    start_relink,
    unlink,
)
from tests.connectors.contract import asked_for
from tests.connectors.fake_bluesky import FakeBluesky
from tests.connectors.fake_github import FakeGitHub
from tests.connectors.fake_reddit import FakeReddit
from tests.connectors.fake_stackexchange import FakeStackExchange
from tests.connectors.fake_youtube import FakeYouTube
from tests.connectors.test_bluesky_contract import LivelyBluesky
from tests.connectors.test_github_contract import LivelyGitHub
from tests.connectors.test_github_contract import options_of as github_options
from tests.connectors.test_reddit_contract import LivelyReddit
from tests.connectors.test_reddit_contract import options_of as reddit_options
from tests.connectors.test_stackexchange_contract import LivelyStackExchange
from tests.connectors.test_stackexchange_contract import options_of as stackexchange_options
from tests.connectors.test_youtube_contract import LivelyYouTube
from tests.connectors.test_youtube_contract import options_of as youtube_options

# X has a story of its own, of money; so has a site that is linked by proof.
# Platform, its small server, what lives there, and the operator's options for it.
STORIES = {
    "bluesky": (FakeBluesky, LivelyBluesky, attrgetter("options")),
    "github": (FakeGitHub, LivelyGitHub, github_options),
    "reddit": (FakeReddit, LivelyReddit, reddit_options),
    "stackexchange": (FakeStackExchange, LivelyStackExchange, stackexchange_options),
    "youtube": (FakeYouTube, LivelyYouTube, youtube_options),
}
# Those of which the operator has to make an application first.
SET_UP = [key for key in STORIES if any(o.is_required for o in PLATFORMS[key].options)]


@pytest.fixture(params=STORIES)
def there(request, now, settings) -> Any:
    """One platform, lively, set up by the operator; `there.platform` is its key."""
    make, live, options_of = STORIES[request.param]
    fake = make(now)
    network = live(fake, now)
    network.platform = request.param
    settings.BASE_URL = "http://localhost:8000"
    settings.DEVELOPMENT_HOSTS = sorted(network.connector._door.development_hosts)
    settings.PLATFORM_OPTIONS = settings.PLATFORM_OPTIONS | {request.param: options_of(fake)}
    yield network
    fake.close()


def link(there: Any, member: Any, now: Any, url: str = "") -> LinkedAccount:
    url = url or start_link(member, "session", there.platform, there.typed, True, now)
    answer = {"state": asked_for(there, url)["state"], "code": there.consent(url)}
    answer["issuer"] = getattr(there, "issuer", "")
    return finish_link(
        member, "session", now=now, platform=there.platform, host=there.host, **answer
    )


def read_to_the_end(account: LinkedAccount, now: Any) -> Poll:
    for _ in range(60):
        poll = poll_account(account.pk, now)
        if poll.outcome != Poll.Outcome.UNFINISHED:
            account.refresh_from_db()
            return poll
    raise AssertionError("the reading never ends")


def counted(account: LinkedAccount) -> tuple[int, ...]:
    models = (Post, Reaction, Outreach, Reading)
    return tuple(model.objects.filter(account=account).count() for model in models)


def test_what_was_said_there_becomes_rows_once(there, ada, now):
    account = link(there, ada, now)
    assert read_to_the_end(account, now).outcome == "good", account.last_problem
    posts, reactions, outreach, readings = counted(account)
    assert min(posts, reactions, outreach) >= 10
    assert readings == 1
    assert account.served_by == account.host == there.host
    assert set(Reaction.objects.values_list("account", flat=True)) == {account.pk}
    assert Reaction.objects.filter(standing__gt=0).exists()
    later = now + timedelta(hours=1)
    read_to_the_end(account, later)
    assert counted(account) == (posts, reactions, outreach, readings)
    there.something_happens()
    read_to_the_end(account, later)
    assert counted(account)[1] == reactions + 1


def test_every_reaction_to_a_post_that_was_read_points_to_it(there, ada, now):
    account = link(there, ada, now)
    read_to_the_end(account, now)
    known = set(Post.objects.values_list("remote_id", flat=True))
    for reaction in Reaction.objects.filter(post_remote_id__in=known).select_related("post"):
        assert reaction.post.remote_id == reaction.post_remote_id


def test_consent_that_is_withdrawn_is_asked_for_again_and_loses_nothing(there, ada, now):
    account = link(there, ada, now)
    read_to_the_end(account, now)
    before = counted(account)
    there.withdraw_consent()
    later = now + timedelta(hours=12)
    assert poll_account(account.pk, later).problem == "access_revoked"
    account.refresh_from_db()
    assert account.state == "needs_consent"
    assert counted(account) == before
    again = link(there, ada, later, start_relink(account, "session", later))
    assert again.pk == account.pk
    assert read_to_the_end(again, later).outcome == "good"
    assert counted(account)[:3] == before[:3]


def test_unlinking_takes_our_access_back_and_deletes_here(there, ada, now):
    account = link(there, ada, now)
    read_to_the_end(account, now)
    said = unlink(account, now)
    assert "no longer lets us in" in said
    for model in (LinkedAccount, Post, Reaction, Outreach, Reading, Poll):
        assert not model.objects.exists()


def test_somebody_elses_account_stays_theirs(there, ada, mallory, now):
    link(there, ada, now)
    with pytest.raises(LinkError, match="already linked by another member"):
        link(there, mallory, now)
    assert LinkedAccount.objects.get().member == ada


@pytest.mark.parametrize("there", SET_UP, indirect=True)
def test_without_what_the_operator_sets_it_says_what_is_missing(there, ada, now, settings):
    settings.PLATFORM_OPTIONS = {}
    sentence = needs_sentence(there.platform)
    for option in PLATFORMS[there.platform].options:
        assert (option.variable in sentence) == option.is_required
    with pytest.raises(LinkError):
        start_link(ada, "session", there.platform, there.typed, True, now)
