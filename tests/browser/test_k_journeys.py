"""The pages around a gift in both schemes and widths: its way, the map, the letter, the notes."""

from datetime import datetime, timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from accounts.models import Member
from gifting import services
from gifting.services import keeping, showing
from gifting.services.keeping import Remembered
from tests import lives
from tests.gifting.conftest import open_to_all
from tests.lives import LONG_NAME, RIGHT_TO_LEFT

pytestmark = pytest.mark.django_db(transaction=True)

HANDS = 60


@pytest.fixture
def now() -> datetime:
    return timezone.now()


@pytest.fixture
def life(ada: Member, grace: Member, mallory: Member, now: datetime) -> dict[str, str]:
    """Ada with letters, notes and a map; the addresses of two K, one of 60 hands."""
    for member in (ada, grace, mallory):
        open_to_all(member, now)
    lives.reached_out(ada.linked_accounts.get(), now)
    crowd = [_member(number, now) for number in range(HANDS - 2)]
    first = lives.give(grace, mallory, now - timedelta(days=9), "For explaining it twice.")
    services.share(mallory, first, 1, shares=True)
    lives.give(mallory, ada, now - timedelta(days=8), "Your thread made me rewrite it.", first)
    long = lives.give(ada, crowd[0], now - timedelta(days=200), "It began here.")
    for step, (giver, receiver) in enumerate(zip(crowd, [*crowd[1:], ada], strict=True)):
        at = now - timedelta(days=199 - step)
        lives.give(giver, receiver, at, f"Words number {step}.", long)
        services.share(receiver, long, step + 2, shares=True)
    for place, member in enumerate(crowd[:9]):
        k = lives.give(ada, member, now - timedelta(days=60 + 8 * (place // 5)), "For you.")
        lives.give(member, (grace, mallory)[place % 2], now - timedelta(days=20 - place), "On.", k)
        lives.give(member, ada, now - timedelta(days=90 + place), f"Thank you, {place}. " * 9)
    for side in (crowd[-1], ada):
        showing.allow_on_profile(side, long, HANDS - 1, allows=True)
    _notes(ada, grace, now)
    return {"first": first, "long": long}


def _member(number: int, now: datetime) -> Member:
    name = {1: LONG_NAME[:80], 2: RIGHT_TO_LEFT}.get(number, f"Person Number{number}")
    member = Member.objects.create_user(f"p{number}@example.com", name=name)
    open_to_all(member, now)
    type(member.linked_accounts.get()).objects.filter(member=member).update(
        handle=f"@p{number}@known.example", person_hash=90_000 + number
    )
    return member


def _notes(ada: Member, grace: Member, now: datetime) -> None:
    account = grace.linked_accounts.get()
    account.findable = False
    account.save()
    for note in (
        Remembered("mastodon", account.handle, "Grace", "Her talk on builds. I use it weekly."),
        Remembered("github", "@octo", "", "The patch.", "https://github.com/octo/lib/pull/1"),
        Remembered("mastodon", "@" + "a" * 60 + "@known.example", LONG_NAME[:80], "x" * 400),
        Remembered("", "@far", RIGHT_TO_LEFT, RIGHT_TO_LEFT),
    ):
        keeping.keep_handle(ada, note, now)
    account.findable, account.introduced_at = True, now
    account.save()
    keeping.meet(now)


def test_long_ways_and_full_lists(page, signed_in, ada, life, in_order):
    """What every_page.py shows with little on it."""
    signed_in(page, ada)
    places = {
        "way-of-60": f"/k/{life['long']}/",
        "received": "/k/received/",
        "map": "/k/map/",
        "letter": f"/k/letter/{timezone.now().year}/",
        "kept": "/k/kept/",
        "keep": "/k/keep/?url=https://known.example/@amara/1&title=Amara%20on%20care",
        "appreciation": "/k/appreciation/",
        "names": "/k/give/?to=person",
    }
    for name, path in places.items():
        page.goto(path)
        in_order(page, f"journeys-{name}")


def test_the_letter_prints_its_words_alone(page, signed_in, ada, life, snapshot):
    signed_in(page, ada).goto(f"/k/letter/{timezone.now().year}/")
    page.emulate_media(media="print")
    expect(page.get_by_text("Your thread made me rewrite it.")).to_be_visible()
    for around in (".masthead", ".places", ".footer", ".no-print"):
        expect(page.locator(around)).to_be_hidden()
    snapshot(page, "journeys-letter-print")
