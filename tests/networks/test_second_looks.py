"""A server that dresses up people of other servers is caught, and an honest one is left alone."""

from dataclasses import replace
from typing import ClassVar

import pytest

from networks.connectors.base import Credentials, Page, Person
from networks.hashing import act_hash
from networks.known_hosts import LOOKED_UP_AT_LEAST, is_known
from networks.models import HostAccuracy, Reaction
from networks.registry import PLATFORMS
from networks.services import poll_account
from networks.services.second_looks import ONE_IN
from networks.services.vault import seal_credentials
from tests.factories import make_account
from tests.networks.scripted import ScriptedConnector, person, reaction


class Federated(ScriptedConnector):
    """Knows people as their own servers do, in `at_home`."""

    at_home: ClassVar[dict[str, Person]] = {}
    asked: ClassVar[list[str]] = []

    def look_up(self, person, now):
        self.asked.append(person.key)
        return self.at_home.get(person.key)


@pytest.fixture
def account(ada, server, now, monkeypatch, settings):
    path = f"{__name__}.Federated"
    monkeypatch.setitem(PLATFORMS, "mastodon", replace(PLATFORMS["mastodon"], connector=path))
    monkeypatch.setattr(Federated, "at_home", {})
    monkeypatch.setattr(Federated, "asked", [])
    settings.KNOWN_HOSTS = ["elsewhere.example"]
    monkeypatch.setitem(
        PLATFORMS,
        "mastodon",
        replace(PLATFORMS["mastodon"], known_hosts=frozenset({"known.example"})),
    )
    account = make_account(ada, now, remote_id="17")
    account.credentials = seal_credentials(account, Credentials("a-token"))
    account.save()
    return account


def chosen_reactions(count, now, host="elsewhere.example"):
    """Reactions whose keys are in the sample, each by somebody else."""
    found, number = [], 0
    while len(found) < count:
        number += 1
        one = reaction(f"p{number}", number % 50, now, responder=person(f"p{number}", host, now))
        if act_hash("mastodon", one.key) % ONE_IN == 0:
            found.append(one)
    return found


def read(account, server, reactions, now):
    server.pages = [
        Page({"page": number}, reactions=tuple(reactions[place : place + 2]))
        for number, place in enumerate(range(0, len(reactions), 2), start=1)
    ]
    server.per_run = len(server.pages)
    account.cursor = {}
    account.save(update_fields=["cursor"])
    assert poll_account(account.pk, now).outcome == "good"


def test_what_the_own_server_shows_is_what_counts(account, server, now):
    (seen,) = chosen_reactions(1, now)
    Federated.at_home[seen.responder.key] = replace(seen.responder, followers=3)
    read(account, server, [seen], now)
    assert Reaction.objects.get().standing == 90, "3 followers for 100 followed"
    assert HostAccuracy.objects.values_list("host", "looked_up", "told_more").get() == (
        "known.example",
        1,
        1,
    )


def test_a_server_that_often_tells_more_is_not_known_any_more(account, server, now, settings):
    seen = chosen_reactions(LOOKED_UP_AT_LEAST, now)
    for one in seen[:5]:
        Federated.at_home[one.responder.key] = replace(one.responder, followers=0)
    for one in seen[5:]:
        Federated.at_home[one.responder.key] = one.responder
    read(account, server, seen[:-1], now)
    assert is_known("mastodon", "known.example")
    read(account, server, seen[-1:], now)
    assert not is_known("mastodon", "known.example")
    settings.KNOWN_HOSTS = ["known.example"]
    assert is_known("mastodon", "known.example"), "the operator has the last word"


def test_copies_that_lag_behind_are_no_lies(account, server, now):
    seen = chosen_reactions(LOOKED_UP_AT_LEAST, now)
    for one in seen:
        Federated.at_home[one.responder.key] = replace(one.responder, followers=100_000)
    read(account, server, seen, now)
    assert HostAccuracy.objects.get().told_more == 0
    assert is_known("mastodon", "known.example")


@pytest.mark.parametrize("host", ["known.example", "unheard.example"])
def test_only_people_of_other_known_servers_are_looked_up(account, server, now, host):
    read(account, server, chosen_reactions(2, now, host), now)
    assert Federated.asked == []
    assert not HostAccuracy.objects.exists()


def test_most_people_are_not_looked_up(account, server, now):
    many = [
        reaction(f"q{n}", n % 50, now, responder=person(f"q{n}", "elsewhere.example", now))
        for n in range(400)
    ]
    read(account, server, many, now)
    assert 0 < len(Federated.asked) < 400 / ONE_IN * 3


def test_a_server_that_does_not_tell_proves_nothing(account, server, now):
    seen = chosen_reactions(4, now)
    read(account, server, seen, now)
    assert len(Federated.asked) == 4
    assert not HostAccuracy.objects.exists()
    assert set(Reaction.objects.values_list("standing", flat=True)) == {1000}
