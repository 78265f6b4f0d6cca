"""Webmentions: taken in, looked at, counted, changed and taken away (W3C Recommendation)."""

import json
from datetime import timedelta
from threading import Barrier, Thread

import pytest
from django.db import IntegrityError, connections, transaction
from django.test import Client

from networks import personal_data
from networks.hashing import person_hash
from networks.models import LinkedAccount, Reaction, Webmention
from networks.services import poll_account, unlink, webmentions
from networks.services.proving import own_line, prove_site
from networks.services.webmentions import (
    NoSuchEndpoint,
    NotTaken,
    claim_webmentions,
    receive,
    verify_webmention,
)
from tests.connectors.fake_blog import Answer, FakeBlog


@pytest.fixture
def sites(now, settings, db):
    """Ada's blog, and the site of somebody who answers."""
    ada, grace = FakeBlog(now), FakeBlog(now)
    settings.DEVELOPMENT_HOSTS = [ada.host, grace.host]
    ada.post = ada.write(2, "Tea")
    yield ada, grace
    ada.close()
    grace.close()


@pytest.fixture
def account(ada, sites, now) -> LinkedAccount:
    sites[0].head.append(own_line(ada))
    account = prove_site(ada, "session", "blog", sites[0].host, True, now)
    poll_account(account.pk, now)
    account.refresh_from_db()
    return account


@pytest.fixture
def source(sites):
    """A page of Grace's that replies to Ada's post."""
    return sites[1].put("/reply", reply_to(sites[0].post))


def reply_to(target, relation="u-in-reply-to", published="2026-11-01T10:00:00Z") -> str:
    return (
        f'<div class="h-entry"><a class="{relation}" href="{target}">this</a>'
        f'<time class="dt-published" datetime="{published}">then</time>'
        '<a class="p-author h-card" href="https://famous.example/">Somebody famous</a></div>'
    )


def send(account, source, target, now) -> None:
    receive(account.site.endpoint, source, target, now)


def look(now) -> None:
    for webmention_id in claim_webmentions(now):
        verify_webmention(webmention_id, now)


def test_a_reply_is_counted(account, sites, source, now):
    send(account, source, sites[0].post, now)
    assert not Reaction.objects.exists()
    look(now)
    reaction = Reaction.objects.get()
    assert (reaction.kind, reaction.standing) == ("reply", 1000 // 2)
    assert reaction.happened_at.isoformat() == "2026-11-01T10:00:00+00:00"
    assert reaction.post.url == sites[0].post
    account.refresh_from_db()
    assert account.changed_at == now


def test_whose_it_is_is_the_host_and_not_what_the_page_says(account, sites, source, now):
    send(account, source, sites[0].post, now)
    look(now)
    assert Reaction.objects.get().responder_hash == person_hash("blog", sites[1].host)


def test_a_domain_that_nobody_named_has_no_standing(account, sites, source, now, settings):
    settings.UNKNOWN_HOSTS = [sites[1].host]
    send(account, source, sites[0].post, now)
    look(now)
    assert Reaction.objects.get().standing == 0


@pytest.mark.parametrize(
    ("relation", "kind"),
    [
        ("u-in-reply-to", "reply"),
        ("u-like-of", "favourite"),
        ("u-repost-of", "reshare"),
        ("u-bookmark-of", "bookmark"),
        ("u-url", "mention"),
        ("", "mention"),
    ],
)
def test_the_kind_is_what_the_page_says(account, sites, now, relation, kind):
    source = sites[1].put("/x", reply_to(sites[0].post, relation))
    send(account, source, sites[0].post, now)
    look(now)
    assert Reaction.objects.get().kind == kind


def test_sources_that_are_no_pages(account, sites, now):
    target = sites[0].post
    for path, body, kind in (
        ("/a", json.dumps({"items": [{"url": target}]}), "application/json"),
        ("/b", f"See {target} for more.", "text/plain"),
        ("/c", f'<img src="{target}">', "text/html"),
    ):
        send(account, sites[1].put(path, body, kind), target, now)
    send(account, sites[1].put("/d", target, "application/octet-stream"), target, now)
    look(now)
    assert Reaction.objects.count() == 3


@pytest.mark.parametrize(
    "page",
    ["<p>No link</p>", "<!-- {target} -->", "<p>{target}</p>", '<a href="{target}-2">near</a>'],
)
def test_a_page_that_does_not_link_counts_nothing(account, sites, now, page):
    target = sites[0].post
    send(account, sites[1].put("/x", page.format(target=target)), target, now)
    look(now)
    assert not Reaction.objects.exists()
    assert Webmention.objects.get().outcome == "refused"


def test_the_same_again_changes_nothing(account, sites, source, now):
    for minutes in (0, 1, 30, 60):
        at = now + timedelta(minutes=minutes)
        send(account, source, sites[0].post, at)
        look(at)
        look(at)
    assert Reaction.objects.count() == 1
    assert Webmention.objects.count() == 1
    account.refresh_from_db()
    assert account.changed_at == now


def test_a_page_that_changed_is_counted_as_it_is_now(account, sites, source, now):
    send(account, source, sites[0].post, now)
    look(now)
    sites[1].put("/reply", reply_to(sites[0].post, "u-like-of"))
    later = now + timedelta(hours=1)
    send(account, source, sites[0].post, later)
    look(later)
    assert Reaction.objects.get().kind == "favourite"
    account.refresh_from_db()
    assert account.changed_at == later


@pytest.mark.parametrize(("body", "status"), [("", 410), ("", 404), ("<p>rewritten</p>", 200)])
def test_what_was_taken_back_is_taken_away(account, sites, source, now, body, status):
    send(account, source, sites[0].post, now)
    look(now)
    sites[1].put("/reply", body, status=status)
    later = now + timedelta(hours=1)
    send(account, source, sites[0].post, later)
    look(later)
    assert not Reaction.objects.exists()
    assert Webmention.objects.get().outcome == "gone"
    account.refresh_from_db()
    assert account.changed_at == later


def test_a_source_that_does_not_answer_is_asked_again_and_then_left(account, sites, source, now):
    sites[1].answers["/reply"] = Answer(b"", 500)
    send(account, source, sites[0].post, now)
    for hours in (0, 1, 3, 9, 20):
        look(now + timedelta(hours=hours))
    assert len([path for path, _ in sites[1].asked if path == "/reply"]) == 4
    mention = Webmention.objects.get()
    assert (mention.due_at, mention.source, mention.outcome) == (None, "", "refused")


def test_trouble_takes_nothing_away(account, sites, source, now):
    send(account, source, sites[0].post, now)
    look(now)
    sites[1].answers["/reply"] = Answer(b"", 500)
    send(account, source, sites[0].post, now + timedelta(hours=1))
    for days in range(1, 6):
        look(now + timedelta(days=days))
    assert Reaction.objects.count() == 1
    assert Webmention.objects.get().outcome == "counted"


def test_a_killed_look_is_due_again(account, sites, source, now):
    send(account, source, sites[0].post, now)
    assert len(claim_webmentions(now)) == 1
    assert claim_webmentions(now) == []
    assert len(claim_webmentions(now + timedelta(minutes=11))) == 1


def test_the_address_of_the_source_stays_only_while_we_look(account, sites, source, now):
    send(account, source, sites[0].post, now)
    assert Webmention.objects.get().source == source
    look(now)
    row = vars(Webmention.objects.get())
    assert source not in map(str, row.values())
    with pytest.raises(IntegrityError, match="keeps_addresses_while_due"), transaction.atomic():
        Webmention.objects.update(source="https://grace.example/")


def test_a_row_is_there_once(account, sites, source, now):
    send(account, source, sites[0].post, now)
    mention = Webmention.objects.get()
    mention.pk = None
    with pytest.raises(IntegrityError, match="once_per_source_and_target"), transaction.atomic():
        mention.save()


@pytest.mark.parametrize(
    ("source", "target"),
    [
        ("", "{post}"),
        ("{source}", ""),
        ("{post}", "{post}"),
        ("{post}#a", "{post}"),
        ("javascript:alert(1)", "{post}"),
        ("ftp://grace.example/x", "{post}"),
        ("http://10.0.0.1/x", "{post}"),
        ("https://127.0.0.1/x", "{post}"),
        ("http://grace.example/plain-http", "{post}"),
        ("https://user@grace.example/", "{post}"),
        ("https://grace.example/\x00", "{post}"),
        ("{source}", "https://elsewhere.example/"),
        ("{source}", "{source}"),
        ("https://grace.example/" + "x" * 2000, "{post}"),
        ("https://co.uk/x", "{post}"),
    ],
)
def test_what_cannot_be_one_is_refused_and_stores_nothing(account, sites, now, source, target):
    words = {"post": sites[0].post, "source": f"http://{sites[1].host}/reply"}
    with pytest.raises(NotTaken):
        send(account, source.format(**words), target.format(**words), now)
    assert not Webmention.objects.exists()


def test_a_path_blog_takes_none_for_its_neighbours(ada, sites, now):
    sites[0].put(
        "/~ada/",
        own_line(ada) + f'<link rel="alternate" type="application/rss+xml" '
        f'href="{sites[0].feed_path}">',
    )
    account = prove_site(ada, "session", "blog", f"{sites[0].host}/~ada/", True, now)
    source = f"http://{sites[1].host}/x"
    send(account, source, f"http://{sites[0].host}/~ada/tea", now)
    for target in ("/~bo/tea", "/", "/~ada2/", "/~ada/../~bo/"):
        with pytest.raises(NotTaken):
            send(account, source, f"http://{sites[0].host}{target}", now)


def test_whose_proof_is_gone_takes_none(account, sites, source, now):
    LinkedAccount.objects.update(state=LinkedAccount.State.NEEDS_CONSENT)
    with pytest.raises(NoSuchEndpoint):
        send(account, source, sites[0].post, now)


def test_a_blog_takes_so_many_within_the_hour(account, sites, now, monkeypatch):
    monkeypatch.setattr(webmentions, "PER_BLOG_AND_HOUR", 3)
    for number in range(3):
        send(account, f"https://site{number}.example/", sites[0].post, now)
    with pytest.raises(NotTaken) as caught:
        send(account, "https://site9.example/", sites[0].post, now)
    assert caught.value.is_flood
    send(account, "https://site9.example/", sites[0].post, now + timedelta(hours=1, seconds=1))


def test_subdomains_are_one_sender(account, sites, now, monkeypatch):
    monkeypatch.setattr(webmentions, "PER_DOMAIN_AND_HOUR", 3)
    for number in range(3):
        send(account, f"https://s{number}.spam.example/", sites[0].post, now)
    with pytest.raises(NotTaken):
        send(account, "https://s9.spam.example/", sites[0].post, now)
    send(account, "https://other.example/", sites[0].post, now)


@pytest.mark.django_db(transaction=True)
def test_the_limits_hold_where_many_send_at_once(account, sites, now, monkeypatch):
    monkeypatch.setattr(webmentions, "PER_BLOG_AND_HOUR", 5)
    gate, taken = Barrier(12), []

    def one(number: int) -> None:
        gate.wait()
        try:
            send(account, f"https://site{number}.example/", sites[0].post, now)
            taken.append(number)
        except NotTaken:
            pass
        finally:
            connections.close_all()

    threads = [Thread(target=one, args=(number,)) for number in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(taken) == 5
    assert Webmention.objects.count() == 5


@pytest.mark.django_db(transaction=True)
def test_two_looks_at_once_count_once(account, sites, source, now):
    send(account, source, sites[0].post, now)
    (row,) = Webmention.objects.values_list("pk", flat=True)
    gate = Barrier(2, timeout=20)
    sites[1].before = lambda _path: gate.wait()

    def one() -> None:
        verify_webmention(row, now)
        connections.close_all()

    threads = [Thread(target=one) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Reaction.objects.count() == 1


def test_one_that_comes_during_the_look_is_looked_at_again(account, sites, source, now):
    send(account, source, sites[0].post, now)
    (row,) = claim_webmentions(now)
    found, later = Webmention.objects.get(pk=row), now + timedelta(hours=1)
    Webmention.objects.update(received_at=later, due_at=later)
    webmentions._settle(found, None, now)
    assert Webmention.objects.get().due_at == later


def test_anybodys_software_is_answered_with_202_and_told_nothing(account, sites, source):
    client = Client(enforce_csrf_checks=True)
    path = f"/webmention/{account.site.endpoint}/"
    first = client.post(path, {"source": source, "target": sites[0].post})
    again = client.post(path, {"source": source, "target": sites[0].post})
    assert (first.status_code, again.status_code) == (202, 202)
    assert first.content == again.content
    assert client.post(path, {"source": source}).status_code == 400
    assert client.get(path).status_code == 200
    assert client.post("/webmention/made-up/", {"source": source}).status_code == 404


def test_a_flood_is_told_when_to_come_back(account, sites, source, monkeypatch):
    monkeypatch.setattr(webmentions, "PER_BLOG_AND_HOUR", 0)
    path = f"/webmention/{account.site.endpoint}/"
    response = Client().post(path, {"source": source, "target": sites[0].post})
    assert (response.status_code, response["Retry-After"]) == (429, "3600")


def test_what_is_exported_names_nobody_else(account, sites, source, ada, now):
    send(account, source, sites[0].post, now)
    exported = str(personal_data.provider.export(ada))
    assert "webmentions" in exported
    assert sites[1].host not in exported


def test_everything_goes_with_the_account(account, sites, source, now):
    send(account, source, sites[0].post, now)
    unlink(account, now)
    assert not Webmention.objects.exists()


def test_who_leaves_is_found_in_nobodys_webmentions(account, sites, source, grace, now):
    sites[1].head.append(own_line(grace))
    hers = prove_site(grace, "session", "blog", sites[1].host, False, now)
    send(account, source, sites[0].post, now)
    look(now)
    personal_data.provider.erase(grace, now)
    assert not Webmention.objects.filter(responder_hash=hers.person_hash).exists()
    assert not Reaction.objects.filter(responder_hash=hers.person_hash).exists()
    assert Reaction.objects.count() == 1


def test_refused_ones_are_forgotten_after_a_day(account, sites, now):
    send(account, sites[1].put("/x", "<p>nothing</p>"), sites[0].post, now)
    look(now)
    claim_webmentions(now + timedelta(days=1, minutes=1))
    assert not Webmention.objects.exists()
