"""Which servers are believed, and how one becomes known."""

import pytest

from networks.known_hosts import is_known, known_hosts, refresh_known_hosts
from networks.models import KnownHost
from networks.registry import PLATFORMS
from tests.factories import make_account, make_outreach


@pytest.fixture(autouse=True)
def operator(settings) -> None:
    settings.KNOWN_HOSTS = ["Named.Example"]
    settings.DEVELOPMENT_HOSTS = []


def reach_out(account, now, host: str, people: int, start: int = 0) -> None:
    for number in range(start, start + people):
        for _ in range(2):
            make_outreach(account, now, target_host=host, target_hash=number)


def test_large_public_servers_are_known_and_others_are_not(db):
    assert is_known("mastodon", "mastodon.social")
    assert not is_known("mastodon", "million-followers.example")
    assert not is_known("mastodon", "evil.mastodon.social")
    assert len(PLATFORMS["mastodon"].known_hosts) > 50


def test_what_the_operator_names_is_known_in_any_case(db):
    assert is_known("mastodon", "named.example")
    assert "named.example" in known_hosts("mastodon")


def test_a_development_host_is_known_only_while_it_is_set(db, settings):
    assert not is_known("mastodon", "127.0.0.1:8001")
    settings.DEVELOPMENT_HOSTS = ["127.0.0.1:8001"]
    assert is_known("mastodon", "127.0.0.1:8001")


def test_outreach_to_twenty_people_there_makes_a_server_known(ada, now):
    account = make_account(ada, now, host="mastodon.social")
    reach_out(account, now, "small.example", 19)
    assert refresh_known_hosts(now) == 0
    reach_out(account, now, "small.example", 1, start=19)
    assert refresh_known_hosts(now) == 1
    assert is_known("mastodon", "small.example")
    assert KnownHost.objects.get().people == 20


def test_members_together_make_a_server_known(ada, grace, now):
    reach_out(make_account(ada, now, host="mastodon.social"), now, "small.example", 10)
    reach_out(make_account(grace, now, host="fosstodon.org"), now, "small.example", 10, start=10)
    assert refresh_known_hosts(now) == 1


def test_outreach_from_an_unknown_server_or_within_it_makes_nothing_known(ada, now):
    account = make_account(ada, now, host="evil.example")
    reach_out(account, now, "evil.example", 50)
    reach_out(account, now, "twin.example", 50)
    assert refresh_known_hosts(now) == 0


def test_a_server_that_became_known_can_make_others_known(ada, grace, now):
    reach_out(make_account(ada, now, host="mastodon.social"), now, "small.example", 20)
    reach_out(make_account(grace, now, host="small.example"), now, "tiny.example", 20)
    assert refresh_known_hosts(now) == 2


def test_a_server_stays_known_when_the_member_who_reached_out_leaves(ada, now):
    account = make_account(ada, now, host="mastodon.social")
    reach_out(account, now, "small.example", 20)
    refresh_known_hosts(now)
    account.delete()
    assert refresh_known_hosts(now) == 0
    assert is_known("mastodon", "small.example")


def test_the_operator_can_take_any_host_away(ada, now, settings):
    settings.UNKNOWN_HOSTS = ["Small.Example", "mastodon.online"]
    account = make_account(ada, now, host="mastodon.social")
    reach_out(account, now, "small.example", 20)
    assert refresh_known_hosts(now) == 0
    assert not is_known("mastodon", "small.example")
    assert not is_known("mastodon", "mastodon.online")
