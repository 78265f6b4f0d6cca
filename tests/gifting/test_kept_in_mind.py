"""Keeping people in mind: a note of one's own that tells nothing about anybody."""

import json
import re
import statistics
import time
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from django.core.cache import cache
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import Member
from accounts.services import erase_member, export_member
from gifting import services, tasks
from gifting.looking import LOOKS
from gifting.member_models import KeptInMind
from gifting.models import Block
from gifting.refusals import KEPT_ENOUGH, KEPT_YOURSELF, TOO_MANY_LOOKS, NotYours, Refusal
from gifting.selectors import kept_in_mind, kept_to_bring_back
from gifting.services import keeping
from gifting.services.keeping import Remembered
from networks.models import LinkedAccount
from networks.services import finish_link, set_findable, start_link
from tests.factories import make_account
from tests.gifting.conftest import without_tokens
from tests.networks.scripted import identity

GRACE = "@grace@known.example"
# The slower of two pages that must not differ may take this many times as long as the other.
NO_DIFFERENCE = 1.5


@pytest.fixture(autouse=True)
def stopped_clock(monkeypatch, now):
    monkeypatch.setattr(timezone, "now", lambda: now)


@pytest.fixture
def as_ada(client, ada):
    client.force_login(ada)
    return client


def keep(keeper, now, handle=GRACE, platform="mastodon", **note):
    return keeping.keep_handle(keeper, Remembered(platform, handle, **note), now)


def linked(member, now, **fields) -> LinkedAccount:
    return make_account(member, now, **({"handle": GRACE, "introduced_at": now} | fields))


# --- The note ------------------------------------------------------------------------------------


def test_a_handle_anywhere_is_kept_with_why_and_where(as_ada, ada):
    link = "https://github.com/octo/lib"
    sent = {"platform": "github", "handle": "octo", "reason": "The patch.", "link": link}
    page = as_ada.post(reverse("keep"), sent, follow=True).text
    assert "@octo is kept in mind. Only you see this." in page
    (kept,) = kept_in_mind(ada)
    assert (kept.handle, kept.platform, kept.reason) == ("@octo", "GitHub", "The patch.")
    assert kept.link_text == "github.com/octo/lib"


def test_the_same_handle_again_takes_the_place_of_the_old_note(as_ada, ada, now):
    keep(ada, now, reason="Old.")
    page = as_ada.get(reverse("keep"), {"handle": "GRACE@known.example"}).text
    assert "You keep them in mind already" in page
    assert "Old." in page
    as_ada.post(
        reverse("keep"),
        {"platform": "mastodon", "handle": " grace@Known.example", "reason": "New."},
    )
    (kept,) = kept_in_mind(ada)
    assert kept.reason == "New."


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"handle": ""}, "Who is it?"),
        ({"handle": "@"}, "Who is it?"),
        ({"handle": "\u202e \n"}, "Who is it?"),
        ({"handle": "grace"}, "With the server, please"),
        ({"handle": "x" * 300}, "at most 254"),
        ({"link": "http://known.example"}, "Only a plain https link"),
        ({"link": "https://a@b.example"}, "Only a plain https link"),
        ({"reason": "x" * 501}, "At most 500 characters; these are 501."),
        ({"platform": "elsewhere"}, "Choose one of the networks"),
    ],
)
def test_bad_input_is_answered_with_a_sentence_and_kept(as_ada, sent, said):
    whole = {"platform": "mastodon", "handle": GRACE, "name": "Grace from the talk"}
    page = as_ada.post(reverse("keep"), whole | sent).text
    assert said in page
    assert "Grace from the talk" in page
    assert not KeptInMind.objects.exists()


def test_oneself_is_not_kept(ada, now):
    linked(ada, now, handle="@ada@known.example")
    with pytest.raises(Refusal, match=re.escape(str(KEPT_YOURSELF))):
        keep(ada, now, handle="ADA@known.example")


def test_nobody_keeps_more_than_fit(ada, now, monkeypatch):
    monkeypatch.setattr(keeping, "KEPT_MOST", 2)
    for number in range(2):
        keep(ada, now, handle=f"@{number}@known.example")
    with pytest.raises(Refusal, match=re.escape(str(KEPT_ENOUGH))):
        keep(ada, now)
    keep(ada, now, handle="@1@known.example", reason="The same one fits.")


def test_the_other_side_of_a_gift_is_kept_without_a_handle(client, ada, grace, give, now):
    gift = give(grace, ada)
    LinkedAccount.objects.filter(member=grace).update(findable=False)
    client.force_login(ada)
    address = reverse("keep_other_side", args=[gift.k.address, 1])
    assert "Grace Oduya" in client.get(address).text
    client.post(address, {"reason": "Kind."})
    client.post(address, {"reason": "Very kind."})
    (kept,) = kept_in_mind(ada)
    assert (kept.name, kept.reason, kept.member_address) == ("Grace Oduya", "Very kind.", "")
    LinkedAccount.objects.filter(member=grace).update(findable=True)
    assert kept_in_mind(ada)[0].member_address == grace.address


def test_a_stranger_keeps_nobody_through_a_gift_of_others(client, ada, grace, mallory, give):
    gift = give(grace, ada)
    client.force_login(mallory)
    address = reverse("keep_other_side", args=[gift.k.address, 1])
    assert client.get(address).status_code == client.post(address).status_code == 404


def test_taking_out_forgets_the_note_and_is_for_its_keeper_alone(client, ada, mallory, now):
    kept = keep(ada, now)
    client.force_login(mallory)
    for name in ("forget_kept", "noted_kept"):
        assert client.post(reverse(name, args=[kept.pk])).status_code == 404
    assert "Nobody yet" in client.get(reverse("kept")).text
    client.force_login(ada)
    client.post(reverse("forget_kept", args=[kept.pk]))
    assert not KeptInMind.objects.exists()
    assert client.post(reverse("forget_kept", args=[kept.pk])).status_code == 404


@pytest.mark.parametrize(
    "row",
    [
        {"handle": "", "handle_key": ""},
        {"handle": GRACE, "handle_key": "X", "of": "keeper"},
        {"of": "keeper", "handle": "", "handle_key": ""},
        {"handle": GRACE, "handle_key": "X", "link": "javascript:alert(1)"},
    ],
)
def test_the_database_refuses_a_note_about_nobody_or_oneself(ada, now, row):
    hand = services.hand_for(ada)
    row = row | ({"of": hand} if "of" in row else {})
    with pytest.raises(IntegrityError), transaction.atomic():
        KeptInMind.objects.create(keeper=hand, kept_at=now, **row)


def test_one_handle_is_kept_once_whoever_asks_at_once(ada, now):
    hand = services.hand_for(ada)
    fields = {"keeper": hand, "kept_at": now, "handle": GRACE, "handle_key": "X"}
    KeptInMind.objects.create(**fields)
    with pytest.raises(IntegrityError), transaction.atomic():
        KeptInMind.objects.create(**fields)


# --- From anywhere -------------------------------------------------------------------------------


def shared(client, **query) -> dict[str, str]:
    form = client.get(reverse("keep"), query).context["form"]
    return {name: str(form[name].value() or "") for name in form.fields}


def test_a_shared_page_fills_the_form_in_and_stores_nothing(as_ada):
    form = shared(
        as_ada, url="https://known.example/@grace/1127", title="Grace: maintenance as care"
    )
    assert (form["platform"], form["handle"]) == ("mastodon", GRACE)
    assert form["link"] == "https://known.example/@grace/1127"
    assert form["reason"] == "Grace: maintenance as care"
    assert not KeptInMind.objects.exists()


def test_telephones_share_the_address_within_the_text(as_ada):
    form = shared(as_ada, text="Look at this https://github.com/octo/lib")
    assert (form["platform"], form["handle"]) == ("github", "@octo")
    assert form["link"] == "https://github.com/octo/lib"
    assert form["reason"] == "Look at this"


@pytest.mark.parametrize(
    "query",
    [
        {"url": "javascript:alert(1)"},
        {"url": "https://a@b.example/@grace"},
        {"url": "https://[half"},
        {"text": "\0" * 5000, "title": "\u202e" * 5000, "url": "x" * 5000},
        {"platform": "<script>", "handle": '"><script>', "link": "data:text/html,x"},
    ],
)
def test_nonsense_fills_in_nothing_dangerous(as_ada, query):
    page = as_ada.get(reverse("keep"), query)
    assert page.status_code == 200
    assert "<script>" not in page.text
    for scheme in ("javascript:", "data:", "a@b"):
        assert f'name="link" value="{scheme}' not in page.text
    form = page.context["form"]
    assert form["link"].value() == ""


def test_the_manifest_offers_the_form_to_telephones(client, db):
    answer = client.get(reverse("manifest"))
    assert answer["Content-Type"] == "application/manifest+json"
    target = json.loads(answer.content)["share_target"]
    assert (target["action"], target["method"]) == (reverse("keep"), "GET")
    assert "manifest-src 'self'" in answer["Content-Security-Policy"]
    assert '<link rel="manifest" href="/manifest.webmanifest">' in client.get("/").text


def test_the_bookmark_is_text_to_copy_and_no_link(as_ada):
    page = as_ada.get(reverse("how_to_keep")).text
    assert "javascript:void(location.href=" in page
    assert 'href="javascript' not in page


# --- When they come ------------------------------------------------------------------------------


def test_the_keeper_is_told_when_a_findable_member_links_the_handle(as_ada, ada, grace, now):
    keep(ada, now, reason="Her talk.")
    assert keeping.meet(now) == 0
    linked(grace, now)
    tasks.meet_kept_due()
    (kept,) = kept_in_mind(ada)
    assert (kept.is_news, kept.here_since, kept.member_address) == (True, now, grace.address)
    page = as_ada.get("/dashboard/").text
    assert "Here since 2 November" in page
    assert "Her talk." in page


def test_linking_the_handle_through_consent_is_enough(ada, grace, server, now):
    """The same by a real walk to the consent page, as the pages of networks make it."""
    keep(ada, now)
    server.who = identity("grace", "18", now)
    url = start_link(grace, "session", "mastodon", "known.example", True, now)
    state = parse_qs(urlsplit(url).query)["state"][0]
    here = {"platform": "mastodon", "host": "known.example"}
    finish_link(grace, "session", state, "code", now, **here)
    tasks.meet_kept_due()
    assert kept_in_mind(ada)[0].is_news


def test_the_one_kept_is_told_nothing(client, ada, grace, now):
    keep(ada, now, reason="Her talk.")
    linked(grace, now)
    keeping.meet(now)
    client.force_login(grace)
    for path in ("/dashboard/", "/k/", "/k/kept/", "/k/received/", "/people/", "/networks/"):
        page = without_tokens(client.get(path).text)
        assert "Ada" not in page
        assert "Her talk." not in page
    assert "Ada" not in json.dumps(export_member(grace, now), default=str)


def test_nobody_is_told_twice_however_often_it_runs(ada, grace, now):
    kept = keep(ada, now)
    linked(grace, now)
    assert [keeping.meet(now), keeping.meet(now), keeping.meet(now, everybody=True)] == [1, 0, 0]
    keeping.note_news(ada, kept.pk, now)
    keeping.meet(now + timedelta(minutes=1), everybody=True)
    assert not kept_in_mind(ada)[0].is_news


def test_what_an_outage_left_out_is_found_at_night(ada, grace, now):
    keep(ada, now)
    linked(grace, now - timedelta(hours=3))
    assert keeping.meet(now) == 0
    tasks.meet_all_kept_due()
    assert kept_in_mind(ada)[0].is_news


def test_making_a_handle_findable_later_tells_too(ada, grace, now):
    keep(ada, now)
    account = linked(grace, now - timedelta(days=9), findable=False)
    assert keeping.meet(now, everybody=True) == 0
    set_findable(account, True, now)
    assert keeping.meet(now) == 1


@pytest.mark.parametrize("why", ["unfindable", "lost consent", "closed", "nobody", "blocked"])
def test_who_may_not_be_found_is_not_told_of(ada, grace, now, why):
    keep(ada, now)
    account = linked(grace, now, findable=why != "unfindable")
    if why == "lost consent":
        LinkedAccount.objects.filter(pk=account.pk).update(state="needs_consent")
    if why == "closed":
        Member.objects.filter(pk=grace.pk).update(is_active=False)
    if why == "nobody":
        services.accept_from(grace, "nobody")
    if why == "blocked":
        by, of = services.hand_for(grace), services.hand_for(ada)
        Block.objects.create(by=by, of=of, made_at=now)
    assert keeping.meet(now, everybody=True) == 0
    (kept,) = kept_in_mind(ada)
    assert (kept.member_address, kept.is_news) == ("", False)


def test_another_platform_with_the_same_handle_is_somebody_else(ada, grace, now):
    keep(ada, now, platform="bluesky")
    keep(ada, now, platform="")
    linked(grace, now)
    assert keeping.meet(now, everybody=True) == 0


def test_who_was_here_already_is_no_news(ada, grace, now):
    linked(grace, now)
    keep(ada, now)
    keeping.meet(now)
    (kept,) = kept_in_mind(ada)
    assert (kept.is_news, kept.member_address) == (False, grace.address)


def test_the_dashboard_brings_them_back_while_there_is_k(as_ada, ada, grace, now, settings):
    keep(ada, now, reason="Her talk.")
    assert "Her talk." in as_ada.get("/dashboard/").text
    settings.K_ALLOTMENT = 0
    assert "Her talk." not in as_ada.get("/dashboard/").text
    linked(grace, now)
    keeping.meet(now)
    assert "Her talk." in as_ada.get("/dashboard/").text


def test_news_come_back_first_and_then_who_can_be_given_to(ada, grace, mallory, now):
    linked(mallory, now, handle="@mallory@known.example")
    keep(ada, now, handle="@mallory@known.example", name="Here")
    keep(ada, now, name="News")
    keep(ada, now, handle="@nobody@known.example", name="Far")
    linked(grace, now)
    keeping.meet(now)
    assert [kept.name for kept in kept_to_bring_back(ada, 3)] == ["News", "Here", "Far"]


# --- Nothing tells whether somebody who may not be found is a member -----------------------------


@pytest.fixture
def both(as_ada, ada, grace, now):
    """Grace is here and may not be found; nobody has the other handle."""
    linked(grace, now, findable=False)
    services.hand_for(ada)
    return [GRACE, "@ghost@known.example"]


def test_unfindable_and_unknown_get_the_same_pages(as_ada, both):
    seen = []
    for handle in both:
        name = handle.split("@")[1]
        sent = {"platform": "mastodon", "handle": handle}
        answers = [
            as_ada.get(reverse("keep"), {"handle": handle}),
            as_ada.post(reverse("keep"), sent, follow=True),
            as_ada.get(reverse("kept")),
            as_ada.get("/dashboard/"),
            as_ada.get(reverse("give"), {"to": handle}),
        ]
        pages = [re.sub(name, "NAME", without_tokens(page.text), flags=re.I) for page in answers]
        pages = [re.sub(r"/k/kept/\d+/", "/k/kept/ID/", page) for page in pages]
        pages = [re.sub(r'aria-hidden="true">\w<', 'aria-hidden="true"><', page) for page in pages]
        seen.append(([page.status_code for page in answers], pages))
        KeptInMind.objects.all().delete()
    assert seen[0] == seen[1]


def test_unfindable_and_unknown_cost_the_same_queries(as_ada, both):
    seen = []
    for handle in both:
        with CaptureQueriesContext(connection) as asked:
            as_ada.post(reverse("keep"), {"platform": "mastodon", "handle": handle}, follow=True)
        seen.append([re.sub(r"'[^']*'|\d+", "?", query["sql"]) for query in asked])
        KeptInMind.objects.all().delete()
    assert seen[0] == seen[1]


def test_unfindable_and_unknown_take_the_same_time(as_ada, both):
    """In turns, so that whatever else the machine does falls on both; a ratio, no duration."""
    spent: dict[str, list[float]] = {handle: [] for handle in both}
    for turn in range(30):
        for handle in both if turn % 2 else reversed(both):
            cache.clear()
            started = time.perf_counter()
            as_ada.post(reverse("keep"), {"platform": "mastodon", "handle": handle})
            as_ada.get(reverse("give"), {"to": handle})
            spent[handle].append(time.perf_counter() - started)
            KeptInMind.objects.all().delete()
    first, second = (statistics.median(times) for times in spent.values())
    assert max(first, second) / min(first, second) < NO_DIFFERENCE


def test_looking_for_many_people_is_slowed_down(as_ada, everybody):
    for number in range(LOOKS):
        assert as_ada.get(reverse("give"), {"to": f"@{number}@known.example"}).status_code == 200
    for answer in (
        as_ada.get(reverse("give"), {"to": GRACE}),
        as_ada.post(reverse("give"), {"to": GRACE}),
        as_ada.post(reverse("keep"), {"platform": "mastodon", "handle": GRACE}),
    ):
        assert answer.status_code == 429
        assert str(TOO_MANY_LOOKS) in answer.text
    assert as_ada.get(reverse("give")).status_code == 200


def test_another_member_looks_on(client, ada, grace, everybody):
    client.force_login(ada)
    for _ in range(LOOKS + 1):
        client.get(reverse("give"), {"to": GRACE})
    client.force_login(grace)
    assert client.get(reverse("give"), {"to": GRACE}).status_code == 200


# --- The keeper's own data -----------------------------------------------------------------------


def test_notes_are_exported_and_go_with_the_keeper(ada, grace, now):
    keep(ada, now, reason="Her talk.", link="https://known.example/1")
    exported = export_member(ada, now)["gifting"]
    assert exported["kept_in_mind"][0]["handle"] == GRACE
    assert exported["kept_in_mind"][0]["reason"] == "Her talk."
    json.dumps(exported)
    erase_member(ada, now)
    assert not KeptInMind.objects.exists()


def test_a_note_about_a_member_goes_with_them_and_a_handle_stays(ada, grace, give, now):
    gift = give(grace, ada)
    keeping.keep_other_side(ada, gift.k.address, 1, Remembered(reason="Kind."), now)
    keep(ada, now, reason="Her talk.")
    erase_member(grace, now)
    (kept,) = kept_in_mind(ada)
    assert (kept.handle, kept.reason, kept.member_address) == (GRACE, "Her talk.", "")
    with pytest.raises(NotYours):
        keeping.keep_other_side(ada, gift.k.address, 1, Remembered(), now)


def test_the_list_asks_the_same_of_few_and_of_many(as_ada, ada, now):
    counts = []
    for mark in "ab":
        for number in range(8):
            handle = f"@{mark}{number}@known.example"
            member = Member.objects.create_user(f"{mark}{number}@example.com", name="Somebody")
            linked(member, now, handle=handle)
            keep(ada, now, handle=handle)
        with CaptureQueriesContext(connection) as asked:
            as_ada.get(reverse("kept"))
        with CaptureQueriesContext(connection) as asked_too:
            as_ada.get("/dashboard/")
        counts.append((len(asked), len(asked_too)))
    assert counts[0] == counts[1]


def test_the_list_goes_on_over_pages(as_ada, ada, now):
    for number in range(22):
        keep(ada, now, handle=f"@n{number}@known.example")
    assert as_ada.get(reverse("kept")).text.count('class="entry"') == 20
    assert as_ada.get(reverse("kept"), {"page": "2"}).text.count('class="entry"') == 2
    assert as_ada.get(reverse("kept"), {"page": "9" * 99}).status_code == 200
