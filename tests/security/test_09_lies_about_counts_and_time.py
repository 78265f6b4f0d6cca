"""Threat 9: a server lies about counts and clocks, rewinds, or says the same twice.

Figure: the same inputs in any order, and again, are the identical score. That pages stored twice
or shuffled leave the same rows is in tests/networks/test_polling.py, that cursors never go back
in tests/connectors/, and that the sums take any order on any engine in tests/scoring/. Here it
goes the whole way: one server tells its story honestly, others shuffled, doubled, out of the
future and twice, and the scores are the same.
"""

import random
from datetime import timedelta

import pytest
from django.utils import timezone

from networks.connectors.base import Credentials
from networks.models import Reaction
from networks.services import poll_account
from networks.services.vault import seal_credentials
from scoring.models import Score
from scoring.services import run_night
from scoring.services.night import SETTLES_WITHIN
from tests.connectors.fake_mastodon import FakeMastodon
from tests.connectors.fake_mastodon import account as person
from tests.factories import make_account
from tests.security.proofs import stands

pytestmark = pytest.mark.django_db


def shuffled(_path: str, value: object) -> object:
    if isinstance(value, list):
        random.Random(7).shuffle(value)
    return value


def doubled(_path: str, value: object) -> object:
    return value + value if isinstance(value, list) else value


@pytest.fixture
def story_of(settings):
    """Read a member whose server tells the same story in its own way."""
    servers, now = [], timezone.now()

    def told(member, bend=lambda _path, value: value, polls: int = 1) -> None:
        server = FakeMastodon(now)
        servers.append(server)
        settings.DEVELOPMENT_HOSTS = [*settings.DEVELOPMENT_HOSTS, server.host]
        settings.KNOWN_HOSTS = [*settings.KNOWN_HOSTS, server.host, "known.example"]
        for day in range(10, 0, -1):
            about = server.world.write(day)
            who = person(100 + day, f"p{day}@known.example")
            server.world.notify("favourite", who, day - 0.5, status=about)
        server.bend = bend
        account = make_account(member, now, host=server.host, remote_id="1")
        account.credentials = seal_credentials(account, Credentials(server.token(), "read"))
        account.save()
        for number in range(polls):
            poll_account(account.pk, now + timedelta(hours=number))

    settings.DEVELOPMENT_HOSTS, settings.KNOWN_HOSTS = [], []
    yield told
    for server in servers:
        server.close()


def scores(*members) -> list[tuple[int, ...]]:
    """What the night says of them."""
    at = timezone.now() + SETTLES_WITHIN + timedelta(hours=3)
    run_night(at.date(), at)
    fields = ("hundredths", "low_hundredths", "high_hundredths", "reach")
    return [Score.objects.values_list(*fields).get(member=member) for member in members]


def test_however_a_story_is_told_the_score_is_the_same(story_of, ada, grace, mallory) -> None:
    story_of(ada)
    story_of(grace, shuffled)
    story_of(mallory, doubled, polls=2)
    assert Reaction.objects.count() == 3 * 10
    honest, *bent = scores(ada, grace, mallory)
    assert honest[0] > 100
    assert bent == [honest, honest]


def test_what_happens_in_the_future_or_without_end_is_held_down(story_of, ada, now) -> None:
    later = (timezone.now() + timedelta(days=400)).isoformat()

    def boasting(path: str, value: object) -> object:
        if path.endswith("verify_credentials"):
            return value | {"followers_count": 10**30}
        if isinstance(value, list):
            return [one | {"created_at": later} for one in value]
        return value

    story_of(ada, boasting)
    ((hundredths, *_),) = scores(ada)
    assert 100 <= hundredths <= 10_000
    assert not Reaction.objects.filter(happened_at__gt=timezone.now() + timedelta(days=1)).exists()


def test_the_rest_is_proved_where_it_belongs() -> None:
    stands(
        "tests/networks/test_polling.py",
        "test_order_and_repetition_of_pages_do_not_matter",
        "test_a_poll_cut_off_anywhere_and_taken_up_again_leaves_the_same_rows",
    )
    stands(
        "tests/connectors/test_mastodon_hostile.py",
        "test_ids_never_go_back_when_a_server_rewinds",
        "test_huge_figures_are_held_down",
    )
    stands("tests/scoring/test_tallies.py", "test_order_changes_no_number_of_a_tally")
    stands("tests/scoring/test_rule.py", "test_a_figure_larger_than_mankind_is_no_figure")
