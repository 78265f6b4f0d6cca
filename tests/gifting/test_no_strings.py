"""No strings: every page and every mail, walked for whatever would ask, rank, count or remind."""

import re
from datetime import timedelta

import pytest
from django.http import HttpResponseNotAllowed
from django.urls import resolve, reverse
from django.utils import timezone

from accounts.models import Member
from gifting import services, urls
from gifting.digest import MAIL, mail_digests
from gifting.invitations import invitation
from gifting.reports import mail_reports
from gifting.services import keeping, showing
from gifting.services.keeping import Remembered
from tests.factories import make_outreach
from tests.gifting.conftest import open_to_all, without_tokens

# Pages elsewhere that speak of K.
BESIDE = ("/", "/dashboard/", "/people/", "/settings/", "/networks/")
# Words that turn a gift into a debt, a game or a plea. Where a page says that there is none of
# it, it says so in other words.
STRINGS = re.compile(
    r"give (it |one |them )?back\b|in return\b|return the favou?r|your turn|you owe|reciproc"
    r"|ask (them |people |others )?for (a )?k\b|request(ed)? (a )?k\b|remind(er|ers|ed|s)?\b"
    r"|leader ?board|\brank(s|ed|ing|ings)?\b|\btop (giver|receiver|people|member)s?\b|streak"
    r"|\bmost (k|given|received|generous|appreciated)\b|received in total|in total\b|\btotals?\b"
    r"|don.t forget|keep it up|level up|\bgoals?\b|\bbadges?\b|you have not given|still waiting"
    r"|share (this|it) on\b|tweet (this|it)|invite .{0,20}(to get|and get|earn)",
    re.I,
)
# What a form of a page of K may do. A button that asks somebody for something is not among it.
ACTS = {
    "allow_on_profile", "appreciation", "block", "decline", "forget_kept",
    "give", "k_choices", "k_settings", "keep", "keep_other_side", "noted_kept", "open_way",
    "report", "share", "stop_digest", "take_back", "unblock",
}  # fmt: skip


@pytest.fixture(autouse=True)
def stopped_clock(monkeypatch, now):
    monkeypatch.setattr(timezone, "now", lambda: now)


@pytest.fixture
def life(client, ada, grace, mallory, give, pass_on, now, settings):
    """Ada with every kind of thing on her pages; a K of hers as (address, step)."""
    settings.OPERATOR_EMAIL = "operator@example.com"
    client.force_login(ada)
    make_outreach(ada.linked_accounts.get(), now, target_name="Jonas Thiel")
    gift = give(grace, ada, now - timedelta(hours=2), text="For the essay.", shares=True)
    services.share(ada, gift.k.address, 1, shares=True)
    for side in (grace, ada):
        showing.allow_on_profile(side, gift.k.address, 1, allows=True)
    onward = give(ada, mallory, now - timedelta(hours=1), text="Onward.")
    pass_on(mallory, grace, onward.k, now - timedelta(minutes=30), text="And on.")
    keeping.keep_handle(ada, Remembered("github", "@octo", reason="The patch."), now)
    showing.want_digest(ada, now - timedelta(days=1), wants=True)
    return gift.k.address, 1


def pages_of_k(ada, life, now) -> list[str]:
    """An address of every route of gifting that answers to GET."""
    address, step = life
    given = {
        "address": address,
        "step": step,
        "year": now.year,
        "kept_id": 1,
        "block_id": 1,
        "report_id": 1,
        "decision_id": 1,
    }
    tokens = {"for_you": invitation(ada, now), "stop_digest": MAIL.token(ada)}
    pages = []
    for route in urls.urlpatterns:
        wanted = route.pattern.converters
        values = {name: given.get(name, tokens.get(route.name)) for name in wanted}
        assert None not in values.values(), f"no example for {route.name}"
        pages.append(reverse(route.name, kwargs=values))
    return [*pages, f"/k/give/?k={address}", "/k/give/?to=@grace@known.example", "/k/give/?to=gra"]


def walk(client, pages):
    """(address, HTML) of every page that is there to be looked at."""
    for page in pages:
        answer = client.get(page, follow=True)
        if isinstance(answer, HttpResponseNotAllowed) or answer.status_code == 404:
            continue
        assert answer.status_code == 200, page
        if "html" in answer["Content-Type"]:
            yield page, answer.text


def words_of(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def test_no_page_asks_ranks_counts_or_reminds(client, ada, life, now):
    seen = 0
    says_what_there_is_not = reverse("k_rules")
    for page, html in walk(client, [*pages_of_k(ada, life, now), *BESIDE]):
        if page == says_what_there_is_not:
            continue
        found = STRINGS.search(words_of(html))
        assert found is None, f"{page}: {found}"
        seen += 1
    assert seen >= 20


def test_no_mail_asks_ranks_counts_or_reminds(ada, life, now, mailoutbox):
    services.report(ada, *life, now, said="Unkind.")
    mail_reports(now)
    mail_digests(now)
    assert {address for mail in mailoutbox for address in mail.to} == {
        "ada@example.com",
        "operator@example.com",
    }
    for mail in mailoutbox:
        assert STRINGS.search(f"{mail.subject} {mail.body}") is None, mail.subject


def test_no_form_asks_anybody_for_anything(client, ada, life, now):
    for page, html in walk(client, [*pages_of_k(ada, life, now), *BESIDE]):
        for form in re.findall(r"<form\b[^>]*>", html):
            action = re.search(r'action="([^"]+)"', form)
            path = (action[1] if action else page).split("?")[0]
            if path.startswith("/k/"):
                assert resolve(path).url_name in ACTS, (page, form)


def test_after_a_gift_no_page_leads_back_to_its_giver(client, ada, grace, life, now):
    for page, html in walk(client, [*pages_of_k(ada, life, now), *BESIDE]):
        if "to=" not in page:
            assert f"to={grace.address}" not in html, page


def test_what_others_give_to_one_another_changes_nothing_on_my_pages(
    client, ada, grace, mallory, life, give, now
):
    pages = [page for page in pages_of_k(ada, life, now) if "invite" not in page]
    before = {page: without_tokens(html) for page, html in walk(client, [*pages, *BESIDE])}
    give(grace, mallory, now, text="Between us.")
    stranger = Member.objects.create_user("edsger@example.com", name="Edsger Blom")
    open_to_all(stranger, now)
    give(mallory, stranger, now, text="And us.")
    give(stranger, grace, now, text="And us too.")
    after = {page: without_tokens(html) for page, html in walk(client, [*pages, *BESIDE])}
    assert before == after


def test_nobody_but_its_owner_sees_how_many_gave(client, ada, grace, mallory, life, give, now):
    showing.show_appreciation(ada, shows=True)
    client.force_login(mallory)
    for page, html in walk(client, [*pages_of_k(ada, life, now), *BESIDE]):
        if page != reverse("appreciation"):
            assert "moved enough within a year" not in html, page
