"""The whole way over real HTTP: consent, first read, budget, renewal, unlink; with rows."""

from collections.abc import Iterator
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from django.utils import timezone

from networks.models import LinkedAccount, Outreach, Poll, Post, Reaction
from networks.selectors import account_cards
from networks.services import LinkError, finish_link, poll_account, start_link, unlink
from networks.services.vault import credentials_of
from networks.spending_models import Spending
from tests.connectors.fake_x import ME, USER, FakeX
from tests.connectors.test_x_contract import LivelyX


@pytest.fixture
def x(now, settings) -> Iterator[FakeX]:
    """A lively X, and an operator who set it up with a budget."""
    fake = FakeX(now)
    LivelyX(fake, now)
    settings.DEVELOPMENT_HOSTS = [fake.host]
    settings.BASE_URL = "http://localhost:8000"
    allow(settings, fake)
    yield fake
    fake.close()


def allow(settings, fake: FakeX, per_account: str = "2.00", per_month: str = "20.00") -> None:
    budgets = {"budget_per_account": per_account, "budget_per_month": per_month}
    settings.PLATFORM_OPTIONS = {"x": fake.options | budgets}


def link(fake: FakeX, member, now) -> LinkedAccount:
    url = start_link(member, "session", "x", "", True, now)
    query = {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
    assert query["redirect_uri"] == "http://localhost:8000/networks/callback/x/x.com/"
    code, state = fake.consent(url), query["state"]
    return finish_link(member, "session", state, code, now, platform="x", host="x.com")


def read_to_the_end(account: LinkedAccount, now) -> Poll:
    """Poll as the tasks do: again while there is more to read and it is due."""
    while True:
        poll = poll_account(account.pk, now)
        account.refresh_from_db()
        if account.next_poll_at > now:
            return poll


def site() -> Spending:
    return Spending.objects.get(spender=None)


def test_a_member_links_is_read_and_unlinks(x, ada, now):
    account = link(x, ada, now)
    assert (account.handle, account.remote_id, account.host) == ("@ada@x.com", ME, "x.com")
    assert site().spent == USER, "seeing whose consent it was"
    poll = read_to_the_end(account, now)
    assert poll.outcome == Poll.Outcome.GOOD, account.last_problem
    assert account.first_read_done_at
    reading = account.readings.get()
    assert (reading.followers, reading.curation, reading.posts) == (321, 7, 45)
    assert Post.objects.filter(url__startswith="https://x.com/i/web/status/").exists()
    assert set(Reaction.objects.values_list("kind", flat=True)) == {"reply", "quote", "reshare"}
    assert not Reaction.objects.exclude(standing=1000).exists(), "x.com is known"
    assert Reaction.objects.exclude(post=None).exists()
    assert set(Outreach.objects.values_list("kind", flat=True)) == {"reply", "quote", "reshare"}
    assert not Outreach.objects.filter(target_handle="").exists()
    assert x.bill <= site().spent <= 1_000_000, "the first read takes half"
    tokens = credentials_of(account)
    assert "no longer lets us in" in unlink(account, now)
    assert tokens.access_token not in x.tokens
    assert tokens.refresh_token not in x.refresh_tokens
    for model in (LinkedAccount, Post, Reaction, Outreach):
        assert not model.objects.exists()


def test_day_by_day_the_count_covers_the_bill_and_stays_in_the_budget(x, ada, now):
    account = link(x, ada, now)
    moment = now
    for day in range(24):
        read_to_the_end(account, moment)
        grace = x.world.person(100 + day, f"person{day}")
        for _ in range(4):
            x.world.reply(0, grace, x.world.post(0))
        moment += timedelta(days=1)
        x.world.now = x.now = moment
        x.windows.clear()
        x.tokens = dict.fromkeys(x.tokens, moment + timedelta(days=1))
    assert x.bill <= site().spent <= 2_000_000
    assert site().reserved == 0


def test_a_day_without_a_look_at_the_profile_is_a_day_that_was_read(x, ada, now):
    """Else what people did since the last look would wait for the next one."""
    account = link(x, ada, now)
    read_to_the_end(account, now)
    x.now = later = now + timedelta(days=1)
    read_to_the_end(account, later)
    assert list(account.readings.order_by("read_on").values_list("read_on", "followers")) == [
        (now.date(), 321),
        (later.date(), None),
    ]
    assert account_cards(ada, later)[0].followers == 321


def test_a_token_that_ended_is_renewed_overnight(x, ada, now):
    account = link(x, ada, now)
    read_to_the_end(account, now)
    before = credentials_of(account)
    x.now = later = now + timedelta(days=1)
    assert read_to_the_end(account, later).outcome == Poll.Outcome.GOOD
    after = credentials_of(account)
    assert after.refresh_token != before.refresh_token
    assert x.refresh_tokens == {after.refresh_token}


def test_linking_anew_in_the_same_month_begins_no_new_budget(x, ada, now, settings):
    allow(settings, x, per_account="0.40")
    account = link(x, ada, now)
    read_to_the_end(account, now)
    read_to_the_end(account, now + timedelta(days=1))
    first = site().spent
    unlink(account, now)
    again = link(x, ada, now + timedelta(days=2))
    read_to_the_end(again, now + timedelta(days=2))
    assert first < site().spent <= 400_000
    assert "of $0.40 so far" in account_cards(ada, now)[0].spent.sentence


def test_without_a_budget_x_cannot_be_linked(x, ada, now, settings):
    allow(settings, x, per_month="0")
    with pytest.raises(LinkError, match=r"no budget for it.* X_BUDGET_PER_MONTH"):
        start_link(ada, "session", "x", "", True, now)


def test_consent_given_over_and_over_costs_once_a_day(x, ada, now):
    for _ in range(3):
        link(x, ada, now)
    assert site().spent == x.bill == USER
    x.now = now + timedelta(days=1)
    link(x, ada, x.now)
    assert site().spent == x.bill == 2 * USER


def test_a_used_up_site_asks_to_come_back_next_month(x, ada, now, settings):
    allow(settings, x, per_month="0.02")
    link(x, ada, now)
    with pytest.raises(LinkError, match="come back on 1 December"):
        start_link(ada, "session", "x", "", True, now)


# --- Pages -----------------------------------------------------------------------------------


def text(response) -> str:
    return " ".join(response.content.decode().replace("&#x27;", "'").split())


def test_before_linking_it_is_said_what_it_would_cost(x, client, ada):
    client.force_login(ada)
    page = text(client.get("/networks/link/x/"))
    assert "An example: with 20 answers, 10 posts of your own and 5 reposts a week" in page
    assert "at most $2.00 a month for one account" in page
    assert "offline.access" in page


def test_without_the_operators_options_the_page_says_what_is_missing(client, ada, settings):
    settings.PLATFORM_OPTIONS = {"x": {}}
    client.force_login(ada)
    for address in ("/networks/", "/networks/link/x/"):
        assert "X_CLIENT_ID" in text(client.get(address))


def test_the_card_says_what_was_spent(x, client, ada):
    now = timezone.now()
    x.now = now
    account = link(x, ada, now)
    read_to_the_end(account, now)
    client.force_login(ada)
    page = text(client.get("/networks/"))
    assert "of $2.00 so far." in page
    assert "Lists you are on" in page
