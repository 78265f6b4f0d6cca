"""The pages of K: what they show, what they refuse, and to whom they do not exist."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import Member
from gifting import refusals, services
from gifting.models import Block, K, Move, Report
from networks.models import LinkedAccount
from tests.gifting.conftest import open_to_all

HANDLE = "@grace@known.example"


@pytest.fixture(autouse=True)
def stopped_clock(monkeypatch, now):
    """The pages read the clock themselves."""
    monkeypatch.setattr(timezone, "now", lambda: now)


def text_of(response) -> str:
    """What a reader reads, without tags, with single spaces."""
    html = response.content.decode()
    return " ".join(re.sub(r"<[^>]+>", " ", html).replace("&#x27;", "'").split())


def key_of(response) -> str:
    return str(response.context["form"]["key"].value())


def send(client, act: str, **values):
    data = {"to": HANDLE, "key": str(uuid4()), "act": act} | values
    return client.post(reverse("give"), data)


@pytest.fixture
def as_ada(client, ada, everybody):
    client.force_login(ada)
    return client


def test_a_visitor_is_asked_to_sign_in(client, db):
    for name in ("ledger", "give", "k_settings"):
        assert client.get(reverse(name)).status_code == 302


def test_an_empty_ledger_says_what_k_is(client, ada):
    client.force_login(ada)
    page = text_of(client.get(reverse("ledger")))
    assert "No gifts yet" in page
    assert "K is a gift. It buys nothing, nothing comes back for it, and it moves no score." in page
    assert "5 of this week's 5" in page


def test_giving_from_the_handle_to_the_ledger(as_ada):
    asked = as_ada.get(reverse("give"), {"to": HANDLE})
    assert "Grace Oduya" in text_of(asked)
    key = key_of(asked)
    gift = {"key": key, "words": "For the essay.", "link": "https://known.example/1", "k": ""}
    looked = text_of(send(as_ada, "look", **gift))
    assert "For the essay." in looked
    assert "4 of your own, 0 received" in looked
    assert not Move.objects.exists()
    done = as_ada.post(reverse("give"), {"to": HANDLE, "act": "give"} | gift, follow=True)
    page = text_of(done)
    assert "Grace Oduya has K" in page
    assert "4 of this week's 5" in page
    assert "For the essay." in page
    assert "10 min left" in page


def test_a_double_click_gives_one_k_and_says_the_same_twice(as_ada):
    key = str(uuid4())
    pages = [
        text_of(
            as_ada.post(reverse("give"), {"to": HANDLE, "key": key, "act": "give"}, follow=True)
        )
        for _ in range(2)
    ]
    assert K.objects.count() == 1
    for page in pages:
        assert "Grace Oduya has K" in page


def test_a_double_click_on_the_last_k_says_the_same_twice(as_ada, settings):
    settings.K_ALLOTMENT = 1
    key = str(uuid4())
    for _ in range(2):
        page = as_ada.post(reverse("give"), {"to": HANDLE, "key": key, "act": "give"}, follow=True)
        assert "Grace Oduya has K" in text_of(page)
    assert K.objects.count() == 1


def test_a_double_click_on_a_received_k_says_the_same_twice(as_ada, ada, mallory, give):
    k = give(mallory, ada).k
    data = {"to": HANDLE, "key": str(uuid4()), "act": "give", "k": k.address}
    for _ in range(2):
        page = as_ada.post(reverse("give"), data, follow=True)
        assert f"Grace Oduya has K {k.pk:,}" in text_of(page)
    assert Move.objects.count() == 2


def test_changing_something_keeps_what_was_written(as_ada):
    page = send(as_ada, "change", words="Only a draft.", link="https://known.example/1")
    assert "Only a draft." in page.content.decode()
    assert "https://known.example/1" in page.content.decode()
    assert not Move.objects.exists()


def test_a_received_k_is_chosen_and_passed_on(as_ada, ada, mallory, give):
    k = give(mallory, ada).k
    asked = as_ada.get(reverse("give"), {"to": HANDLE, "k": k.address})
    assert asked.context["chosen"] == k.address
    assert "5 of your own, 0 received" in text_of(send(as_ada, "look", k=k.address))
    send(as_ada, "give", k=k.address)
    assert Move.objects.in_place().get(k=k).receiver.member.name == "Grace Oduya"


def test_a_k_that_came_from_the_receiver_is_shown_and_cannot_be_chosen(as_ada, ada, grace, give):
    k = give(grace, ada).k
    page = as_ada.get(reverse("give"), {"to": HANDLE, "k": k.address})
    assert "Grace Oduya gave you this K, and a K never goes straight back." in text_of(page)
    assert page.context["chosen"] == ""
    refused = send(as_ada, "give", k=k.address)
    assert "Choose one of the K you have." in text_of(refused)


# --- Every refusal is said before anything is sent ------------------------------------------


def refusal_for(client, handle: str = HANDLE) -> str:
    return text_of(client.get(reverse("give"), {"to": handle}))


def test_it_says_to_link_a_network_first(client, ada, now):
    client.force_login(ada)
    said = text_of(client.get(reverse("give")))
    assert str(refusals.LINK_FIRST) in said
    assert "Link a network" in said.replace(str(refusals.LINK_FIRST), "")


def test_who_is_new_is_not_sent_to_link_a_network(as_ada, settings):
    settings.GIVING_WAIT_DAYS = 10_000
    page = as_ada.get(reverse("give"))
    assert page.context["look"].is_shut
    assert "Link a network" not in text_of(page)


def test_it_says_when_the_next_k_come(as_ada, settings):
    settings.K_ALLOTMENT = 0
    assert "No K are allotted on this Klout at the moment." in refusal_for(as_ada)
    settings.K_ALLOTMENT = 1
    send(as_ada, "give")
    assert re.search(
        r"This week's 1 K are given. The next come on Monday \d+ \w+\.", refusal_for(as_ada)
    )


def test_it_says_that_this_is_you(as_ada):
    assert str(refusals.YOURSELF) in refusal_for(as_ada, "@ada@known.example")


def test_it_says_who_has_to_answer_first(as_ada, grace):
    services.accept_from(grace, "answered")
    assert "Grace Oduya takes K from people they have answered" in refusal_for(as_ada)


def test_it_says_once_a_week(as_ada):
    send(as_ada, "give")
    assert "You gave Grace Oduya a K this week already." in refusal_for(as_ada)


def test_it_says_straight_back_when_there_is_nothing_else(as_ada, ada, grace, give, settings):
    settings.K_ALLOTMENT = 1
    give(grace, ada)
    settings.K_ALLOTMENT = 0
    assert "a K never goes straight back" in refusal_for(as_ada)


def test_what_is_refused_after_all_keeps_the_words(as_ada, ada, grace, give):
    """Between looking and sending, the same giver gave from another window."""
    give(ada, grace)
    page = text_of(send(as_ada, "give", words="Kept."))
    assert "You gave Grace Oduya a K this week already." in page


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("link", "http://known.example/", "Only a plain https link"),
        ("link", "javascript:alert(1)", "This is not a link."),
        ("link", "https://known.example@evil.example/", "Only a plain https link"),
        ("link", "https://evil.example\\@known.example/", "not a link|Only a plain"),
        ("link", "https://кnown.example/", "Only a plain https link"),
        ("words", "x" * 501, "At most 500 characters; these are 501."),
        ("key", "nonsense", "This form was damaged on its way."),
        ("k", "nonsense", "Choose one of the K you have."),
    ],
)
def test_bad_input_is_answered_with_a_sentence(as_ada, field, value, sentence):
    assert re.search(sentence, text_of(send(as_ada, "look", **{field: value})))
    assert re.search(sentence, text_of(send(as_ada, "give", **{field: value})))
    assert not Move.objects.exists()


def test_500_characters_in_many_lines_are_500(as_ada):
    words = "\r\n".join(["x"] * 250)
    send(as_ada, "give", words=words)
    assert Move.objects.get().words.text == "\n".join(["x"] * 250)


def test_marks_that_turn_the_text_around_are_taken_out(as_ada):
    send(as_ada, "give", words="\u202eevil\u2066\x07")
    assert Move.objects.get().words.text == "evil"


@pytest.mark.parametrize("asked", ["\0?", "%00", "x" * 5000, "@", "'; --", "%", "🙂@🙂"])
def test_nonsense_finds_nobody(as_ada, asked):
    assert str(refusals.NOT_HERE) in refusal_for(as_ada, asked)


# --- Nothing tells whether somebody who may not be found is a member ------------------------------


def test_unknown_unfindable_closed_and_blocking_look_the_same(as_ada, ada, grace, give, now):
    received = give(ada, grace)
    answers = []

    def ask() -> None:
        for response in (
            as_ada.get(reverse("give"), {"to": HANDLE}),
            as_ada.get(reverse("give"), {"to": grace.address}),
            send(as_ada, "look"),
            send(as_ada, "give"),
        ):
            body = response.content.decode().replace(grace.address, HANDLE)
            body = re.sub(r'name="(csrfmiddlewaretoken|key)" value="[^"]*"', "", body)
            body = re.sub(r'value="[0-9a-f-]{36}"', "", body)
            answers.append((response.status_code, body))

    Block.objects.create(by=received.receiver, of=received.giver, made_at=now)
    ask()
    Block.objects.all().delete()
    services.accept_from(grace, "nobody")
    ask()
    services.accept_from(grace, "all")
    LinkedAccount.objects.filter(member=grace).update(findable=False)
    ask()
    LinkedAccount.objects.filter(member=grace).delete()
    ask()
    Member.objects.filter(pk=grace.pk).update(address="gone")
    ask()
    assert len(set(answers)) == 1
    assert str(refusals.NOT_HERE) in answers[0][1]


def test_they_cost_the_same_queries(as_ada, ada, grace, give, now):
    received = give(ada, grace)

    def queries(handle: str) -> list[str]:
        with CaptureQueriesContext(connection) as asked:
            as_ada.get(reverse("give"), {"to": handle})
        return [re.sub(r"'[^']*'|\d+", "?", query["sql"]) for query in asked]

    Block.objects.create(by=received.receiver, of=received.giver, made_at=now)
    assert queries(HANDLE) == queries("@nobody@known.example")


# --- The ledger and a gift -----------------------------------------------------------------


def test_the_ledger_shows_both_sides_of_a_gift_with_what_can_be_done(client, ada, grace, give):
    gift = give(ada, grace, text="<script>alert(1)</script>", link="https://known.example/a?b=1")
    client.force_login(grace)
    html = client.get(reverse("ledger")).content.decode()
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html
    assert "<summary>Open the words</summary>" in html
    assert 'rel="nofollow noopener ugc"' in html
    assert ">known.example/a?b=1</a>" in html
    assert "@ada@known.example" in html
    for act in ("Pass on", "Decline, block, report", "Its way"):
        assert act in html
    client.force_login(ada)
    html = client.get(reverse("ledger")).content.decode()
    assert reverse("take_back", args=[gift.k.address, 1]) in html
    assert "Open the words" not in html


def test_a_gift_back_within_30_days_is_shown_as_returned(as_ada, ada, grace, give, now):
    give(grace, ada, now - timedelta(days=20))
    give(ada, grace, now)
    page = text_of(as_ada.get(reverse("ledger")))
    assert page.count("Returned within 30 days") == 1


def test_a_gift_back_after_30_days_is_not(as_ada, ada, grace, give, now):
    give(grace, ada, now - timedelta(days=31))
    give(ada, grace, now)
    assert "Returned within" not in text_of(as_ada.get(reverse("ledger")))


def test_taking_back_and_too_late(as_ada, ada, grace, mallory, give, now):
    gift, old = give(ada, grace), give(ada, mallory, now - timedelta(minutes=11))
    page = as_ada.post(reverse("take_back", args=[gift.k.address, 1]), follow=True)
    assert "You have it back." in text_of(page)
    page = as_ada.post(reverse("take_back", args=[old.k.address, 1]), follow=True)
    assert str(refusals.TOO_LATE) in text_of(page)


def test_words_of_a_gift_taken_back_are_hidden_from_its_receiver(client, ada, grace, give, now):
    gift = give(ada, grace, text="Written in haste.")
    services.take_back(ada, gift.k.address, 1, now)
    client.force_login(grace)
    page = text_of(client.get(reverse("ledger")))
    assert "Taken back by its giver" in page
    assert "Written in haste." not in page


def test_words_that_were_taken_back_can_still_be_reported(client, ada, grace, give, now):
    gift = give(ada, grace, text="Unkind, and gone in a minute.")
    services.take_back(ada, gift.k.address, 1, now)
    client.force_login(grace)
    page = text_of(client.get(reverse("gift", args=[gift.k.address, 1])))
    assert "Report the words" in page
    assert "gone in a minute" not in page
    client.post(reverse("report", args=[gift.k.address, 1]))
    assert Report.objects.get().words == "Unkind, and gone in a minute."


def test_declining_blocking_reporting_and_sharing_from_the_gift(client, ada, grace, give, now):
    gift = give(ada, grace, text="Unkind.")
    client.force_login(grace)
    arguments = [gift.k.address, 1]
    page = text_of(client.get(reverse("gift", args=arguments)))
    for deed in ("Decline it", "Block Ada Lind", "Report the words", "Let later holders see it"):
        assert deed in page
    client.post(reverse("share", args=arguments), {"shares": "yes"})
    gift.words.refresh_from_db()
    assert gift.words.receiver_shares
    client.post(reverse("report", args=arguments), {"said": "This hurts."})
    assert Report.objects.get().words == "Unkind."
    client.post(reverse("block", args=arguments))
    client.post(reverse("decline", args=arguments))
    page = text_of(client.get(reverse("ledger")))
    assert "You declined it" in page
    settings_page = client.get(reverse("k_settings"))
    assert "Ada Lind" in text_of(settings_page)
    client.post(reverse("unblock", args=[Block.objects.get().pk]))
    assert not Block.objects.exists()


def test_a_report_that_is_too_long_says_so(client, ada, grace, give):
    gift = give(ada, grace, text="Unkind.")
    client.force_login(grace)
    page = client.post(reverse("report", args=[gift.k.address, 1]), {"said": "x" * 501})
    assert "At most 500 characters" in text_of(page)
    assert not Report.objects.exists()


def test_who_may_give_is_chosen_in_the_settings(as_ada, ada):
    page = as_ada.post(reverse("k_settings"), {"accepts_from": "nobody"}, follow=True)
    assert "Saved, and in force from now on." in text_of(page)
    ada.hand.refresh_from_db()
    assert ada.hand.accepts_from == "nobody"
    as_ada.post(reverse("k_settings"), {"accepts_from": "enemies"})
    ada.hand.refresh_from_db()
    assert ada.hand.accepts_from == "nobody"


def test_a_stranger_finds_nothing_of_a_gift(client, ada, grace, mallory, give, now):
    gift = give(ada, grace, text="Between us.")
    client.force_login(mallory)
    arguments = [gift.k.address, 1]
    assert client.get(reverse("journey", args=[gift.k.address])).status_code == 404
    assert client.get(reverse("gift", args=arguments)).status_code == 404
    for name in ("take_back", "decline", "share", "block", "report"):
        assert client.post(reverse(name, args=arguments)).status_code == 404
    block = services.block(grace, gift.k.address, 1, now)
    assert client.post(reverse("unblock", args=[block.pk])).status_code == 404
    assert "Between us." not in text_of(client.get(reverse("ledger")))


@pytest.mark.parametrize("path", ["/k/nothing-here/", "/k/nothing-here/1/", "/k/x/99999999999999/"])
def test_what_is_not_there_is_not_found(as_ada, path):
    assert as_ada.get(path).status_code == 404


def test_an_act_is_not_done_by_a_link(as_ada, ada, grace, give):
    gift = give(ada, grace)
    for name in ("take_back", "decline", "share", "block", "report"):
        assert as_ada.get(reverse(name, args=[gift.k.address, 1])).status_code == 405


def test_the_ledger_goes_on_over_pages(as_ada, ada, grace, give, now):
    for week in range(23, 0, -1):
        give(ada, grace, now - timedelta(days=7 * week))
    first = text_of(as_ada.get(reverse("ledger")))
    second = text_of(as_ada.get(reverse("ledger"), {"page": "2"}))
    assert first.count("to Grace Oduya") == 20
    assert second.count("to Grace Oduya") == 3
    assert "Older" in first
    assert "Older" not in second


@pytest.mark.parametrize("page", ["0", "-1", "x", "٣", "9" * 400])
def test_a_nonsense_page_number_is_a_page(as_ada, page):
    assert as_ada.get(reverse("ledger"), {"page": page}).status_code == 200


def test_the_queries_of_the_ledger_do_not_grow(as_ada, ada, now, give):
    def receive(count: int) -> None:
        for _ in range(count):
            member = Member.objects.create_user(f"{uuid4()}@example.com", name="Some Body")
            open_to_all(member, now)
            give(member, ada, text="Words.")

    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            as_ada.get(reverse("ledger"))
        return len(asked)

    receive(4)
    few = queries()
    receive(4)
    assert queries() == few


def test_names_of_80_letters_fit(as_ada, ada, grace, give):
    Member.objects.filter(pk=grace.pk).update(name="W" * 80)
    gift = give(grace, ada, text="x" * 500)
    for path in (
        "/k/",
        "/k/give/?to=" + HANDLE,
        f"/k/{gift.k.address}/",
        f"/k/{gift.k.address}/1/",
    ):
        assert "W" * 80 in text_of(as_ada.get(path))


def test_with_many_received_the_latest_are_offered_and_any_can_be_chosen(as_ada, ada, now, give):
    received = []
    for number in range(22):
        member = Member.objects.create_user(f"{number}@example.com", name=f"Number {number}")
        open_to_all(member, now)
        received.append(give(member, ada, now + timedelta(seconds=number)).k)
    first, second, *_, last = received
    assert "22 in your hand" in text_of(as_ada.get(reverse("ledger")))
    page = as_ada.get(reverse("give"), {"to": HANDLE, "k": first.address})
    assert page.context["chosen"] == first.address
    offered = [choice.value for choice in page.context["look"].choices]
    assert last.address in offered
    assert second.address not in offered
    send(as_ada, "give", k=first.address)
    assert Move.objects.in_place().get(k=first).receiver.member.name == "Grace Oduya"


def test_no_page_of_k_asks_for_anything_back_or_ranks_anybody(as_ada, ada, grace, give):
    gift = give(grace, ada, text="For you.")
    way = f"/k/{gift.k.address}/"
    for path in (
        "/k/",
        "/k/give/",
        f"/k/give/?k={gift.k.address}",
        way,
        f"{way}1/",
        "/k/settings/",
    ):
        page = text_of(as_ada.get(path)).lower()
        for word in ("give back", "give one back", "leaderboard", "rank", "top giver", "streak"):
            assert word not in page
