"""A site is linked by what stands on it, read, looked at again, and let go."""

from datetime import timedelta

import pytest
from django.test import Client

from networks.hashing import own_address, proof_token
from networks.models import LinkAttempt, LinkedAccount, Outreach, Poll, Post, ProvenSite, Reading
from networks.selectors import account_cards, findable_member
from networks.services import LinkError, poll_account, unlink
from networks.services.proving import (
    Report,
    claim_sites,
    look_again,
    own_line,
    prove_site,
)
from tests.connectors.fake_blog import Answer, FakeBlog


@pytest.fixture
def blog(now, settings, db):
    fake = FakeBlog(now)
    settings.DEVELOPMENT_HOSTS = [fake.host]
    fake.write(3, "Tea", '<p>As <a href="https://grace.example/cup">Grace</a> said.</p>')
    fake.write(2, "Harbour")
    yield fake
    fake.close()


def prove(member, blog, now, typed=None, findable=True):
    return prove_site(member, "session", "blog", typed or blog.host, findable, now)


def linked(member, blog, now) -> LinkedAccount:
    blog.head.append(own_line(member))
    account = prove(member, blog, now)
    assert isinstance(account, LinkedAccount)
    return account


def test_a_line_in_the_page_links_the_site(ada, blog, now):
    account = linked(ada, blog, now)
    assert (account.host, account.remote_id, account.handle) == (blog.host, blog.host, blog.host)
    assert account.name == "Ada writes"
    assert (account.app, account.findable, account.next_poll_at) == (None, True, now)
    assert account.site.look_at == now + timedelta(days=7)


def test_what_is_missing_is_said_and_what_to_copy_is_shown(ada, blog, now):
    report = prove(ada, blog, now)
    assert isinstance(report, Report)
    assert any(blog.feed_path in sentence for sentence in report.found)
    assert "none of the three" in report.missing[0]
    assert report.lines.link == own_line(ada)
    assert report.lines.file_address == f"http://{blog.host}/.well-known/klout-proof.txt"
    assert not LinkedAccount.objects.exists()


def test_a_page_without_a_feed_is_told_so(ada, blog, now):
    blog.put("/", f"<title>Plain</title>{own_line(ada)}")
    report = prove(ada, blog, now)
    assert "alternate" in report.missing[0]
    assert "shows that it is yours" in report.found[1]


def test_a_feed_that_is_none_is_told_so(ada, blog, now):
    blog.head.append(own_line(ada))
    blog.put(blog.feed_path, "<h1>Welcome</h1>")
    report = prove(ada, blog, now)
    assert "is not RSS" in report.missing[0]
    assert not LinkedAccount.objects.exists()


@pytest.mark.parametrize("way", ["meta", "file"])
def test_the_words_of_the_report_link_the_site(ada, blog, now, way):
    lines = prove(ada, blog, now).lines
    if way == "meta":
        blog.head.append(lines.meta)
    else:
        blog.put("/.well-known/klout-proof.txt", lines.file_text, "text/plain")
    assert isinstance(prove(ada, blog, now), LinkedAccount)


def test_the_lines_of_one_member_are_worth_nothing_to_another(ada, mallory, blog, now):
    lines = prove(ada, blog, now).lines
    blog.head += [lines.meta, lines.link]
    blog.put("/.well-known/klout-proof.txt", lines.file_text, "text/plain")
    assert isinstance(prove(mallory, blog, now), Report)


def test_words_for_one_site_are_worth_nothing_on_another(ada, blog, now):
    blog.head.append(f'<meta name="klout-proof" content="{proof_token(ada.address, "x.example")}">')
    assert isinstance(prove(ada, blog, now), Report)


def test_the_address_on_a_page_does_not_tell_who_it_is(ada, grace):
    assert ada.address not in own_line(ada)
    assert own_address(ada.address) != own_address(grace.address)


def test_every_such_address_shows_the_same_page(ada, client):
    pages = [client.get(f"/me/{name}/") for name in (own_address(ada.address), "made-up")]
    assert [page.status_code for page in pages] == [200, 200]
    bodies = {
        page.content.replace(b"made-up", b"").replace(own_address(ada.address).encode(), b"")
        for page in pages
    }
    assert len(bodies) == 1


def test_a_site_has_one_owner(ada, mallory, blog, now):
    linked(ada, blog, now)
    blog.head.append(own_line(mallory))
    with pytest.raises(LinkError, match="already linked by another member"):
        prove(mallory, blog, now)
    assert LinkedAccount.objects.get().member == ada


def test_two_members_may_have_sites_on_one_host(ada, grace, blog, now):
    linked(ada, blog, now)
    feed = f'<link rel="alternate" type="application/rss+xml" href="{blog.feed_path}">'
    blog.put("/~grace/", own_line(grace) + feed)
    account = prove(grace, blog, now, f"{blog.host}/~grace/")
    assert account.remote_id == f"{blog.host}/~grace"


def test_tries_are_counted(ada, blog, now):
    for _ in range(10):
        prove(ada, blog, now)
    with pytest.raises(LinkError, match="tried 10 times"):
        prove(ada, blog, now)
    assert LinkAttempt.objects.count() == 10


@pytest.mark.parametrize("typed", ["127.0.0.1:1", "http://127.0.0.1/", "10.0.0.1", "nonsense"])
def test_addresses_inside_are_not_visited(ada, blog, now, typed):
    with pytest.raises(LinkError, match="Nothing was linked"):
        prove(ada, blog, now, typed)
    assert not blog.asked


def test_a_site_that_does_not_answer_is_told_so(ada, blog, now):
    blog.put("/", "", status=404)
    with pytest.raises(LinkError, match="no page at that address"):
        prove(ada, blog, now)


def test_a_site_is_found_by_its_address_if_its_owner_says_so(ada, blog, now):
    account = linked(ada, blog, now)
    assert findable_member(f"https://{blog.host}/") == account
    LinkedAccount.objects.update(findable=False)
    assert findable_member(blog.host) is None


def test_a_poll_brings_posts_outreach_and_a_reading(ada, blog, now):
    account = linked(ada, blog, now)
    poll = poll_account(account.pk, now)
    assert poll.outcome == Poll.Outcome.GOOD
    assert list(Post.objects.order_by("posted_at").values_list("excerpt", flat=True)) == [
        "Tea As Grace said.",
        "Harbour Hi",
    ]
    assert [act.target_handle for act in Outreach.objects.all()] == ["grace.example"]
    assert Reading.objects.get().followers is None
    account.refresh_from_db()
    assert (account.last_read_at, account.handle) == (now, blog.host)


def test_a_site_of_its_own_is_worth_what_its_host_is(ada, blog, now, settings):
    account = linked(ada, blog, now)
    assert (account.standing, account.served_by) == (500, "webmention")
    settings.UNKNOWN_HOSTS = [blog.host]
    poll_account(account.pk, now)
    account.refresh_from_db()
    assert account.standing == 0


def test_reading_twice_changes_nothing(ada, blog, now):
    account = linked(ada, blog, now)
    for _ in range(2):
        poll_account(account.pk, now)
    LinkedAccount.objects.update(cursor={})
    poll_account(account.pk, now)
    assert (Post.objects.count(), Outreach.objects.count()) == (2, 1)


def test_a_lost_line_is_told_and_two_weeks_later_reading_stops(ada, blog, now):
    account = linked(ada, blog, now)
    blog.head.clear()
    later = now + timedelta(days=7)
    assert claim_sites(now + timedelta(days=6)) == []
    assert claim_sites(later) == [account.site.pk]
    look_again(account.site.pk, later)
    (card,) = account_cards(ada, later)
    assert "is gone" in card.problem_sentence
    assert "23 November" in card.problem_sentence
    assert not card.needs_consent
    look_again(account.site.pk, later + timedelta(days=13))
    assert LinkedAccount.objects.get().state == LinkedAccount.State.ACTIVE
    look_again(account.site.pk, later + timedelta(days=14))
    (card,) = account_cards(ada, later + timedelta(days=14))
    assert card.needs_consent
    assert card.problem_sentence.startswith("The line that shows that your site at")
    assert LinkedAccount.objects.get().next_poll_at is None


def test_a_line_that_comes_back_in_time_changes_nothing(ada, blog, now):
    account = linked(ada, blog, now)
    blog.head.clear()
    look_again(account.site.pk, now)
    blog.head.append(own_line(ada))
    look_again(account.site.pk, now + timedelta(days=1))
    site = ProvenSite.objects.get()
    assert (site.lost_at, site.seen_at) == (None, now + timedelta(days=1))


def test_a_site_that_cannot_be_reached_has_not_lost_its_line(ada, blog, now):
    account = linked(ada, blog, now)
    blog.answers["/"] = Answer(b"", 503)
    look_again(account.site.pk, now + timedelta(days=7))
    site = ProvenSite.objects.get()
    assert (site.lost_at, site.look_at) == (None, now + timedelta(days=8))


def test_showing_it_again_renews_the_same_account(ada, blog, now):
    account = linked(ada, blog, now)
    endpoint = account.site.endpoint
    LinkedAccount.objects.update(state=LinkedAccount.State.NEEDS_CONSENT, next_poll_at=None)
    again = prove(ada, blog, now + timedelta(days=30))
    assert (again.pk, again.state) == (account.pk, LinkedAccount.State.ACTIVE)
    assert ProvenSite.objects.get().endpoint == endpoint


def test_unlinking_deletes_and_says_what_to_do(ada, blog, now):
    account = linked(ada, blog, now)
    poll_account(account.pk, now)
    assert unlink(account, now).endswith("You may take our lines out of your page now.")
    assert not ProvenSite.objects.exists()
    assert not Post.objects.exists()


def test_the_page_links_the_site_and_leads_on(ada, blog):
    client = Client()
    client.force_login(ada)
    form = {"typed": blog.host, "findable": "no"}
    page = client.post("/networks/prove/", form)
    assert "none of the three" in page.content.decode()
    blog.head.append(own_line(ada))
    response = client.post("/networks/prove/", form)
    account = LinkedAccount.objects.get()
    assert response["Location"] == f"/networks/{account.pk}/reading/"
    assert not account.findable


def test_links_to_the_form_lead_to_the_page(ada):
    client = Client()
    client.force_login(ada)
    assert client.get("/networks/link/blog/")["Location"] == "/networks/prove/"


def test_a_stranger_gets_no_way_back(ada, mallory, blog, now):
    account = linked(ada, blog, now)
    client = Client()
    client.force_login(mallory)
    assert client.post(f"/networks/{account.pk}/consent/").status_code == 404
