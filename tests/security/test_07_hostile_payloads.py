"""Threat 7: what a platform sends breaks us, or is stored as more than text and numbers.

Figure: a million bent payloads, no crash, no error page, no script stored, every score a whole
number of hundredths from 1 to 100. `make fuzz` is the long run; its short version is in
tests/connectors/test_hostile_payloads.py. What is here goes the whole way: from a server that
sends the worst of everything, over a poll and a score, to every page that shows it.
"""

import pytest
from django.test import Client
from django.utils import timezone

from networks.connectors.base import Credentials
from networks.models import Post, Reaction
from networks.services import poll_account
from networks.services.vault import seal_credentials
from scoring.models import Score
from scoring.services import rescore
from tests.connectors.fake_mastodon import FakeMastodon
from tests.connectors.fake_mastodon import account as person
from tests.factories import make_account
from tests.security.proofs import stands

pytestmark = pytest.mark.django_db

WORST = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    '"><svg onload=alert(1)>',
    "javascript:alert(1)",
    "{{ settings.SECRET_KEY }}{% debug %}",
    "\u202eevil\u2066\u0000\ud800",
    "Z\u0351\u036b" * 500,
    "'; DROP TABLE accounts_member; --",
    '=HYPERLINK("https://evil.example")',
    "\ufeff\u200b",
)
NUMBERS = (-1, 0, 10**18, 1.5, True, None, "7", [], {"a": 1})


@pytest.fixture
def read(ada, settings):
    """Ada's account, read from a server that says the worst of everything in every place."""
    now = timezone.now()
    server = FakeMastodon(now)
    settings.DEVELOPMENT_HOSTS = settings.KNOWN_HOSTS = [server.host]
    for number, text in enumerate(WORST):
        tags = [{"name": text, "url": text}]
        server.world.write(number / 10, text, url=text, spoiler_text=text, tags=tags)
        who = person(100 + number, f"p{number}", display_name=text, url=text, note=text)
        followers = NUMBERS[number % len(NUMBERS)]
        who |= {"followers_count": followers, "created_at": text}
        about = server.world.statuses[0]
        server.world.notify("mention", who, 0.01, status=about | {"account": who})
        server.world.notify("favourite", who, 0.01, status=about)
        server.world.follow(who)
    server.world.me |= {"display_name": WORST[0], "note": WORST[1], "url": WORST[3]}
    account = make_account(ada, now, host=server.host, remote_id="1")
    token = Credentials(server.token(), "read")
    account.credentials = seal_credentials(account, token)
    account.save()
    poll = poll_account(account.pk, now)
    assert poll.problem == ""
    yield account
    server.close()


def test_the_worst_of_everything_becomes_text_and_numbers_and_pages_show_it(read, ada) -> None:
    assert Post.objects.exists()
    assert Reaction.objects.exists()
    for post in Post.objects.all():
        assert "\x00" not in post.excerpt
        assert len(post.excerpt) <= 280
        assert post.url.startswith("https://") or post.url == ""
    rescore([ada.pk], timezone.now())
    score = Score.objects.latest("on")
    assert 100 <= score.hundredths <= 10_000
    browser = Client()
    browser.force_login(ada)
    for path in (
        "/dashboard/",
        "/networks/",
        "/score/why/",
        "/sonobuoy/",
        "/k/keep/",
        "/settings/trail/",
    ):
        page = browser.get(path)
        assert page.status_code == 200, path
        assert_is_plain(page.content.decode())


def assert_is_plain(page: str) -> None:
    for marked in ("<script>alert", "<img src=x", "<svg onload", 'href="javascript:'):
        assert marked not in page


def test_the_long_run_has_a_short_one() -> None:
    stands(
        "tests/connectors/test_hostile_payloads.py",
        "test_nothing_hostile_breaks_a_connector_or_gets_through",
        "test_every_platform_with_a_connector_is_tried",
    )
    stands(
        "tests/networks/test_polling.py",
        "test_items_that_do_not_fit_our_rows_are_clipped_or_left_out",
    )
