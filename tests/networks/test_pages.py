"""The pages about linked accounts, as a member and a stranger meet them."""

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from networks.budgets import month_of, spender_of
from networks.connectors.base import Credentials, Transient
from networks.first_read import first_read
from networks.models import LinkedAccount, Poll, ProvenSite, Spending
from networks.registry import PLATFORMS
from networks.services.vault import seal_credentials
from networks.tasks import poll_due
from tests.factories import make_account, make_outreach, make_post, make_reaction, make_reading
from tests.networks.scripted import identity


@pytest.fixture
def moment():
    """Views read the real clock; tests of pages follow it."""
    return timezone.now()


@pytest.fixture
def as_ada(client, ada):
    client.force_login(ada)
    return client


@pytest.fixture
def broker(monkeypatch):
    """What was handed to the broker."""
    sent = []
    monkeypatch.setattr(
        "networks.views.poll_due.apply_async", lambda **options: sent.append(options["retry"])
    )
    return sent


@pytest.fixture
def no_broker(monkeypatch, tmp_path):
    """As when Valkey is gone; whoever waits and tries again fails the test."""

    def no_sleep(seconds):
        raise AssertionError(f"a page waits {seconds} s for the broker")

    monkeypatch.setattr("kombu.utils.functional.sleep", no_sleep)
    gone = f"redis+socket://{tmp_path}/valkey.sock"
    monkeypatch.setattr(poll_due.app.conf, "broker_write_url", gone)


def text(response) -> str:
    return " ".join(response.content.decode().replace("&#x27;", "'").split())


def say(client, name: str, account, **data):
    return client.post(reverse(name, args=[account.pk]), data, follow=True)


def begin(client, **data):
    answers = {"typed": "known.example", "findable": "yes"} | data
    return client.post(reverse("link", args=["mastodon"]), answers)


def test_without_a_network_the_page_shows_how_to_link_one(as_ada):
    page = text(as_ada.get("/networks/"))
    assert "No network is linked yet" in page
    assert "Link Mastodon" in page
    assert "Link Threads" not in page, "not offered: there is no connector"


def test_the_playground_is_offered_only_while_developing(as_ada, settings):
    settings.DEVELOPMENT_HOSTS = []
    assert "playground" not in text(as_ada.get("/networks/"))
    settings.DEVELOPMENT_HOSTS = ["127.0.0.1:8001"]
    assert "Try it with the playground" in text(as_ada.get("/networks/"))
    form = as_ada.get(reverse("link", args=["mastodon"]), {"typed": "127.0.0.1:8001"})
    assert 'value="127.0.0.1:8001"' in text(form)


def test_a_card_tells_what_is_known_of_an_account(as_ada, ada, moment, settings):
    settings.KNOWN_HOSTS = ["known.example"]
    account = make_account(ada, moment, last_read_at=moment - timedelta(hours=3))
    make_reading(account, moment, followers=1234)
    make_reaction(account, moment, responder_hash=5)
    make_reaction(account, moment, responder_hash=5)
    make_outreach(account, moment)
    page = text(as_ada.get("/networks/"))
    assert account.handle in page
    assert "1,234" in page
    assert "Last read 3 hours ago." in page
    assert "Listening" in page
    assert '<dt>People who responded</dt><dd class="num">1</dd>' in page
    assert "rely on" not in page


def test_a_card_tells_that_a_server_is_not_known(as_ada, ada, moment):
    make_account(ada, moment, host="tiny.example")
    page = text(as_ada.get("/networks/"))
    assert "tiny.example is not among the servers whose figures we can rely on" in page


def test_a_card_tells_what_went_wrong_what_was_kept_and_what_is_next(as_ada, ada, moment):
    make_account(ada, moment, last_problem="too_slow", next_poll_at=moment + timedelta(minutes=30))
    page = text(as_ada.get("/networks/"))
    assert "known.example took too long to answer. Everything read so far is kept." in page
    assert "The next try is at " in page


def test_an_account_that_lost_consent_offers_to_give_it_again(as_ada, ada, moment, server):
    account = make_account(ada, moment, state="needs_consent", last_problem="access_revoked")
    assert "Give consent again" in text(as_ada.get("/networks/"))
    page = say(as_ada, "relink", account)
    assert "Continue to known.example" in text(page)


def test_queries_do_not_grow_with_accounts(as_ada, ada, moment):
    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as captured:
            assert as_ada.get("/networks/").status_code == 200
        return len(captured)

    for _ in range(3):
        make_reading(make_account(ada, moment), moment)
    queries()
    few = queries()
    for _ in range(3):
        make_reading(make_account(ada, moment), moment)
    assert queries() == few


def test_queries_do_not_grow_with_accounts_on_all_platforms(as_ada, ada, moment, settings):
    """Also of sites that lost their proof, and of accounts whose reading costs money."""
    budgets = {"budget_per_account": "2.00", "budget_per_month": "20.00"}
    settings.PLATFORM_OPTIONS = settings.PLATFORM_OPTIONS | {"x": budgets}

    def one_on_each() -> None:
        for platform in PLATFORMS:
            account = make_account(ada, moment, platform=platform, last_problem="too_slow")
            make_reading(account, moment)
            make_reaction(account, moment)
            account.posts.create(remote_id="1", posted_at=moment)
            if platform == "blog":
                LinkedAccount.objects.filter(pk=account.pk).update(last_problem="")
                ProvenSite.objects.create(
                    account=account, endpoint=f"{account.pk}", seen_at=moment, lost_at=moment
                )
            if platform == "x":
                month = month_of(moment)
                spender = spender_of(account, month)
                Spending.objects.create(platform="x", month=month, spender=spender, spent=700_000)

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            page = text(as_ada.get("/networks/"))
        assert page.count("of $2.00 so far") == page.count("We have missed it since")
        return len(captured)

    one_on_each()
    queries()
    few = queries()
    one_on_each()
    assert LinkedAccount.objects.count() == 2 * len(PLATFORMS)
    assert queries() == few


def test_linking_tells_the_permissions_before_the_member_leaves(as_ada, server):
    page = text(as_ada.get(reverse("link", args=["mastodon"])))
    for scope in ("read:accounts", "read:statuses", "read:notifications"):
        assert scope in page
    assert "We cannot post" in page
    page = begin(as_ada)
    assert page.status_code == 200
    assert 'href="https://known.example/oauth/authorize?' in text(page)


@pytest.mark.parametrize("findable", ["", "maybe"])
def test_whether_to_be_found_must_be_answered(as_ada, server, findable):
    page = text(as_ada.get(reverse("link", args=["mastodon"])))
    assert "checked" not in page
    page = begin(as_ada, findable=findable)
    assert "authorize" not in text(page)
    assert 'role="alert"' in text(page)


def test_a_server_that_fails_is_told_beside_the_field_and_the_answers_stay(as_ada, server):
    server.fails["register"] = Transient(code="too_slow")
    page = text(begin(as_ada, findable="no"))
    assert "known.example took too long to answer. Nothing was linked or changed." in page
    assert 'value="known.example"' in page
    assert "checked" in page


@pytest.mark.parametrize("platform", ["threads", "nonsense"])
def test_a_platform_without_a_connector_is_not_found(as_ada, platform):
    assert as_ada.get(f"/networks/link/{platform}/").status_code == 404


def test_linking_starts_with_a_post_only(as_ada, server):
    as_ada.get(reverse("link", args=["mastodon"]), {"typed": "known.example", "findable": "yes"})
    assert server.registered == 0


def test_the_way_back_leads_to_the_first_read(as_ada, ada, server, broker, moment):
    server.who = identity("ada", "17", moment)
    way = begin(as_ada).context["url"]
    query = parse_qs(urlsplit(way).query)
    back = urlsplit(query["redirect_uri"][0]).path
    page = as_ada.get(back, {"state": query["state"][0], "code": "x"}, follow=True)
    account = LinkedAccount.objects.get(member=ada)
    assert page.redirect_chain[-1][0] == reverse("account_progress", args=[account.pk])
    assert '<meta http-equiv="refresh" content="3">' in page.text
    assert "about to begin" in text(page)
    assert broker == [False]


def test_without_a_broker_a_link_is_made_at_once_and_it_says_what_is_to_come(
    as_ada, ada, server, no_broker, moment
):
    server.who = identity("ada", "17", moment)
    query = parse_qs(urlsplit(begin(as_ada).context["url"]).query)
    back = urlsplit(query["redirect_uri"][0]).path
    page = text(as_ada.get(back, {"state": query["state"][0], "code": "x"}, follow=True))
    assert "@ada@known.example is linked." in page
    assert "Reading begins by itself when it is back; nothing is lost" in page
    assert LinkedAccount.objects.get(member=ada).next_poll_at <= timezone.now()


def test_denied_consent_leads_back_calmly(as_ada, server):
    query = parse_qs(urlsplit(begin(as_ada).context["url"]).query)
    back = urlsplit(query["redirect_uri"][0]).path
    answer = {"state": query["state"][0], "error": "access_denied"}
    page = as_ada.get(back, answer, follow=True)
    assert "You said no at known.example, and that is fine." in text(page)


def test_a_callback_out_of_nowhere_is_told_what_to_do(as_ada, server):
    page = as_ada.get("/networks/callback/mastodon/known.example/", {"code": "x"}, follow=True)
    assert "Please start again from here." in text(page)


def test_the_first_read_is_shown_as_it_goes_and_then_leads_to_the_dashboard(as_ada, ada, moment):
    account = make_account(ada, moment, first_read_done_at=None)
    Poll.objects.create(account=account, started_at=moment, progress="Reading 40 of your posts")
    address = reverse("account_progress", args=[account.pk])
    assert "Reading 40 of your posts" in text(as_ada.get(address))
    LinkedAccount.objects.update(first_read_done_at=moment)
    assert as_ada.get(address).url == reverse("dashboard")


def test_the_first_read_says_what_is_read_and_how_far_back(as_ada, ada, moment):
    account = make_account(ada, moment, first_read_done_at=None, linked_at=moment)
    Poll.objects.create(account=account, started_at=moment, pages=7)
    make_post(account, moment - timedelta(days=45))
    make_reaction(account, moment - timedelta(days=90))

    read = first_read(account, moment)
    assert (read.pages, read.part) == (7, 50)
    assert read.back_to == moment - timedelta(days=90)
    html = as_ada.get(reverse("account_progress", args=[account.pk])).text
    assert '<dt>Pages read</dt><dd class="num">7</dd>' in html
    assert "What is read: Your profile, your posts and boosts" in html


def test_a_first_read_that_failed_can_be_tried_again_from_its_page(as_ada, ada, moment):
    account = make_account(ada, moment, first_read_done_at=None, last_problem="unreachable")
    page = as_ada.get(reverse("account_progress", args=[account.pk]))
    assert reverse("read_now", args=[account.pk]) in page.text


def test_looking_again_can_be_stopped(as_ada, ada, moment):
    account = make_account(ada, moment, first_read_done_at=None)
    page = as_ada.get(reverse("account_progress", args=[account.pk]), {"still": "1"})
    assert "look-again.js" not in page.text
    assert 'http-equiv="refresh"' not in page.text


def test_a_first_read_that_needs_consent_does_not_refresh_for_ever(as_ada, ada, moment):
    account = make_account(
        ada, moment, first_read_done_at=None, state="needs_consent", last_problem="access_revoked"
    )
    page = as_ada.get(reverse("account_progress", args=[account.pk]))
    assert 'http-equiv="refresh"' not in page.text
    assert "no longer lets us read" in text(page)


def test_reading_again_is_due_at_once_but_not_twice(as_ada, ada, moment, broker):
    account = make_account(ada, moment, next_poll_at=moment + timedelta(hours=5))
    assert "is being read again" in text(say(as_ada, "read_now", account))
    account.refresh_from_db()
    assert account.next_poll_at <= timezone.now()
    Poll.objects.create(account=account, started_at=moment)
    assert "less than five minutes ago" in text(say(as_ada, "read_now", account))
    assert len(broker) == 1


def test_findable_is_switched_by_its_owner(as_ada, ada, moment):
    account = make_account(ada, moment, findable=True)
    assert "cannot find you here" in text(say(as_ada, "set_findable", account, findable="no"))
    account.refresh_from_db()
    assert account.findable is False
    say(as_ada, "set_findable", account)
    account.refresh_from_db()
    assert account.findable is False


def test_unlinking_asks_first_and_then_says_what_happened(as_ada, ada, moment, server):
    account = make_account(ada, moment)
    address = reverse("unlink", args=[account.pk])
    assert "Unlink and delete" in text(as_ada.get(address))
    assert LinkedAccount.objects.exists()
    assert "is unlinked, and everything read from it is deleted" in text(
        as_ada.post(address, follow=True)
    )
    assert not LinkedAccount.objects.exists()


ROUTES = {
    "account_progress": "get",
    "read_now": "post",
    "relink": "post",
    "set_findable": "post",
    "unlink": "post",
}


@pytest.mark.parametrize("name", ROUTES)
def test_a_stranger_does_not_find_it(client, ada, mallory, moment, server, name):
    account = make_account(ada, moment)
    before = LinkedAccount.objects.values().get()
    client.force_login(mallory)
    answer = getattr(client, ROUTES[name])(reverse(name, args=[account.pk]), {"findable": "no"})
    assert answer.status_code == 404
    assert LinkedAccount.objects.values().get() == before


def test_a_stranger_sees_nothing_of_it_on_their_own_page(client, ada, mallory, moment):
    account = make_account(ada, moment)
    client.force_login(mallory)
    assert account.handle not in text(client.get("/networks/"))
    assert client.get(reverse("unlink", args=[account.pk])).status_code == 404


@pytest.mark.parametrize("name", ["networks", "link", "link_callback", *ROUTES])
def test_a_visitor_is_asked_to_sign_in(client, db, name):
    args = {"networks": [], "link": ["mastodon"], "link_callback": ["mastodon", "a.example"]}
    address = reverse(name, args=args.get(name, [1]))
    answer = client.get(address) if ROUTES.get(name) != "post" else client.post(address)
    assert answer.status_code == 302
    assert answer.url.startswith(reverse("account_login"))


def test_no_page_shows_a_credential(as_ada, ada, moment, server):
    account = make_account(ada, moment)
    account.credentials = seal_credentials(account, Credentials("canary-token"))
    account.save()
    for address in ("/networks/", reverse("unlink", args=[account.pk]), "/networks/link/mastodon/"):
        page = text(as_ada.get(address))
        assert "canary-token" not in page
        assert account.credentials not in page
