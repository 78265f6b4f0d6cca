"""Threat 1: somebody else's consent is linked to a member, or a member's to somebody else.

Figure: 0 wrong links in a matrix of 40 answers. Real pages, the real connector, and over real
sockets a good server and an evil twin of it, which claims to be ada. What the servers would be
asked is in tests/networks/test_linking.py, two answers at the same instant in test_at_once.py
beside it, and that Bluesky has to say who answers (RFC 9207) in test_bluesky.py.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from urllib.parse import quote

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Member
from networks.models import LinkAttempt, LinkedAccount
from tests.connectors.fake_mastodon import FakeMastodon
from tests.security.consent_walks import EvilTwin, Walk, links

pytestmark = pytest.mark.django_db

ADAS = {("Ada", "good", "1")}


@dataclass
class Scene:
    """Two servers, and the browsers of two members. Ada is the one whose account it is."""

    good: FakeMastodon
    evil: EvilTwin
    ada: Client
    mallory: Client

    def walk(self, browser: Client | None = None, server: FakeMastodon | None = None) -> Walk:
        return Walk(browser or self.ada, server or self.good)


@pytest.fixture
def scene(ada: Member, mallory: Member, now, settings, monkeypatch) -> Iterator[Scene]:
    # Nobody reads what was linked: there is no worker here.
    monkeypatch.setattr("networks.views.poll_due.apply_async", lambda **_options: None)
    good, evil = FakeMastodon(now), EvilTwin(now)
    settings.DEVELOPMENT_HOSTS = [good.host, evil.host]
    yield Scene(good, evil, signed_in(ada), signed_in(mallory))
    good.close()
    evil.close()


def signed_in(member: Member) -> Client:
    browser = Client()
    browser.force_login(member)
    return browser


# --- What comes back is not what went out -------------------------------------------------------


def with_answer(**changed: object) -> Callable[[Scene], object]:
    return lambda s: s.walk().back(**changed)


def with_state(bend: Callable[[str], object]) -> Callable[[Scene], object]:
    def attack(s: Scene) -> None:
        walk = s.walk()
        walk.back(state=bend(walk.state))

    return attack


def replayed(s: Scene) -> None:
    walk = s.walk()
    walk.back()
    LinkedAccount.objects.all().delete()
    walk.back(code=s.good.consent(walk.url))


def replayed_after_a_no(s: Scene) -> None:
    walk = s.walk()
    walk.back(code=None, error="access_denied")
    walk.back()


def a_code_used_twice(s: Scene) -> None:
    walk = s.walk()
    walk.back()
    LinkedAccount.objects.all().delete()
    s.walk().back(code=walk.code)


def the_code_of_another_walk(s: Scene) -> None:
    first, second = s.walk(), s.walk()
    second.back(code=first.code)


def eleven_minutes_later(s: Scene) -> None:
    walk = s.walk()
    attempt = LinkAttempt.objects.get()
    LinkAttempt.objects.update(started_at=attempt.started_at - timedelta(minutes=11))
    walk.back()


# --- Somebody else brings it back ---------------------------------------------------------------


def in_mallorys_browser(s: Scene) -> None:
    s.walk().back(s.mallory)


def mallorys_answer_in_adas_browser(s: Scene) -> None:
    """Forced linking: ada is made to open mallory's way back."""
    s.walk(s.mallory).back(s.ada)


def mallorys_code_in_adas_walk(s: Scene) -> None:
    s.walk().back(code=s.walk(s.mallory).code)


def adas_stolen_code_in_mallorys_walk(s: Scene) -> None:
    s.walk(s.mallory).back(code=s.walk().code)


def adas_state_with_mallorys_code_in_mallorys_browser(s: Scene) -> None:
    s.walk().back(s.mallory, code=s.walk(s.mallory).code)


def in_another_browser_of_ada(s: Scene) -> None:
    s.walk().back(signed_in(Member.objects.get(name="Ada Lind")))


def after_signing_out_and_in(s: Scene) -> None:
    walk = s.walk()
    s.ada.logout()
    s.ada.force_login(Member.objects.get(name="Ada Lind"))
    walk.back()


def by_a_visitor(s: Scene) -> None:
    assert s.walk().back(Client()).headers["Location"].startswith("/account/login/")


def by_a_visitor_who_then_signs_in(s: Scene) -> None:
    browser, walk = Client(), s.walk()
    onward = walk.back(browser).headers["Location"]
    browser.post(onward, {"login": "mallory@example.com", "password": "correct horse 3"})
    walk.back(browser)


def by_post(s: Scene) -> None:
    walk = s.walk()
    address = reverse("link_callback", args=["mastodon", s.good.host])
    assert s.ada.post(address, {"state": walk.state, "code": walk.code}).status_code == 405


def begun_from_another_site(s: Scene) -> None:
    """Neither a link nor a form of another site begins a walk in ada's browser."""
    careful = Client(enforce_csrf_checks=True)
    careful.force_login(Member.objects.get(name="Ada Lind"))
    address, form = reverse("link", args=["mastodon"]), {"typed": s.evil.host, "findable": "yes"}
    assert careful.post(address, form).status_code == 403
    careful.get(address, form)
    assert not LinkAttempt.objects.exists()


# --- The twin mixes servers up ------------------------------------------------------------------


def begun_at_the_twin_and_back_as_the_good_one(s: Scene) -> None:
    s.walk(server=s.evil).back(at=s.good, code=s.walk().code)


def begun_at_the_good_one_and_back_as_the_twin(s: Scene) -> None:
    """The code of the good server would go to the twin."""
    s.walk().back(at=s.evil)


def two_walks_crossed(s: Scene) -> None:
    here, there = s.walk(), s.walk(server=s.evil)
    here.back(state=there.state)
    there.back(state=here.state)


def the_twins_code_here(s: Scene) -> None:
    s.walk().back(code=s.walk(server=s.evil).code)


def another_platform(s: Scene) -> None:
    s.walk().back(platform="bluesky")


def consent_at_the_good_one_with_the_twins_address(s: Scene) -> None:
    """The twin shows the good server's page with its own way back; that server knows ours only."""
    ours, theirs = s.walk(), s.walk(server=s.evil)
    way, others = (quote(walk.redirect_uri, safe="") for walk in (ours, theirs))
    assert way in ours.url
    with pytest.raises(AssertionError):
        s.good.consent(ours.url.replace(way, others))
    theirs.back(at=s.good)


def the_twin_sends_what_it_is_sent_on_to_the_good_one(s: Scene) -> None:
    s.evil.answers["/oauth/token"] = (307, {"Location": f"{s.good.url}/oauth/token"}, b"")
    s.walk(server=s.evil).back()


def the_twin_sends_who_asks_on_to_the_good_one(s: Scene) -> None:
    who = "/api/v1/accounts/verify_credentials"
    s.evil.answers[who] = (302, {"Location": f"{s.good.url}{who}"}, b"")
    s.walk(server=s.evil).back()


# --- Consent again ------------------------------------------------------------------------------


def linked(s: Scene) -> LinkedAccount:
    s.walk().back()
    return LinkedAccount.objects.get()


def renewed_as_somebody_else(s: Scene) -> None:
    account = linked(s)
    s.good.world.me = s.good.world.me | {"id": "2", "acct": "lin", "username": "lin"}
    Walk(s.ada, s.good, reverse("relink", args=[account.pk])).back()


def renewed_by_a_stranger(s: Scene) -> None:
    assert s.mallory.post(reverse("relink", args=[linked(s).pk])).status_code == 404


def a_renewal_brought_back_by_a_stranger(s: Scene) -> None:
    Walk(s.ada, s.good, reverse("relink", args=[linked(s).pk])).back(s.mallory)


def the_same_account_by_a_stranger(s: Scene) -> None:
    linked(s)
    s.walk(s.mallory).back()


def a_renewal_at_the_twin(s: Scene) -> None:
    walk = Walk(s.ada, s.good, reverse("relink", args=[linked(s).pk]))
    walk.back(at=s.evil)


NOTHING_IS_LINKED = {
    "no state": with_answer(state=None),
    "an empty state": with_answer(state=""),
    "a made up state": with_answer(state="x" * 43),
    "a state of one more letter": with_state(lambda state: f"{state}x"),
    "a state of one letter less": with_state(lambda state: state[:-1]),
    "a state in capitals": with_state(str.upper),
    "the hash that we keep as a state": with_state(lambda s: sha256(s.encode()).hexdigest()),
    "a good state and a bad one": with_state(lambda state: [state, "x"]),
    "a state with a NUL": with_state(lambda state: f"{state}\x00"),
    "a state without end": with_state(lambda state: state * 200),
    "no code": with_answer(code=None),
    "an empty code": with_answer(code=""),
    "a made up code": with_answer(code="x" * 11),
    "a code without end": with_answer(code="x" * 9_000),
    "a no": with_answer(code=None, error="access_denied"),
    "a no with a code": with_answer(error="access_denied"),
    "an error with a code": with_answer(error="server_error"),
    "an unheard-of error with a code": with_answer(error="\x00" * 99),
    "another issuer": with_answer(iss="https://evil.example"),
    "an issuer that is none": with_answer(iss="://"),
    "replayed": replayed,
    "replayed after a no": replayed_after_a_no,
    "a code used twice": a_code_used_twice,
    "the code of another walk": the_code_of_another_walk,
    "eleven minutes later": eleven_minutes_later,
    "in mallory's browser": in_mallorys_browser,
    "mallory's answer in ada's browser": mallorys_answer_in_adas_browser,
    "mallory's code in ada's walk": mallorys_code_in_adas_walk,
    "ada's stolen code in mallory's walk": adas_stolen_code_in_mallorys_walk,
    "ada's state with mallory's code": adas_state_with_mallorys_code_in_mallorys_browser,
    "in another browser of ada's": in_another_browser_of_ada,
    "after signing out and in": after_signing_out_and_in,
    "by a visitor": by_a_visitor,
    "by a visitor who then signs in": by_a_visitor_who_then_signs_in,
    "by post": by_post,
    "begun from another site": begun_from_another_site,
    "begun at the twin, back as the good one": begun_at_the_twin_and_back_as_the_good_one,
    "begun at the good one, back as the twin": begun_at_the_good_one_and_back_as_the_twin,
    "two walks crossed": two_walks_crossed,
    "the twin's code here": the_twins_code_here,
    "another platform": another_platform,
    "the twin's way back at the good one": consent_at_the_good_one_with_the_twins_address,
    "the twin sends a code on": the_twin_sends_what_it_is_sent_on_to_the_good_one,
    "the twin sends a look on": the_twin_sends_who_asks_on_to_the_good_one,
}
NOTHING_CHANGES_HANDS = {
    "renewed as somebody else": renewed_as_somebody_else,
    "renewed by a stranger": renewed_by_a_stranger,
    "a renewal brought back by a stranger": a_renewal_brought_back_by_a_stranger,
    "the same account by a stranger": the_same_account_by_a_stranger,
    "a renewal at the twin": a_renewal_at_the_twin,
}


def test_the_matrix_has_forty_cases() -> None:
    assert len(NOTHING_IS_LINKED) + len(NOTHING_CHANGES_HANDS) >= 40


def test_an_honest_walk_links(scene: Scene) -> None:
    scene.walk().back()
    assert links(scene.good, scene.evil) == ADAS


@pytest.mark.parametrize("case", NOTHING_IS_LINKED)
def test_nothing_is_linked(scene: Scene, case: str) -> None:
    NOTHING_IS_LINKED[case](scene)
    assert links(scene.good, scene.evil) == set()
    codes = {*scene.good.codes} - {*scene.evil.codes}
    assert not any(code in scene.evil.heard for code in codes), "a code went to the twin"


@pytest.mark.parametrize("case", NOTHING_CHANGES_HANDS)
def test_nothing_changes_hands(scene: Scene, case: str) -> None:
    NOTHING_CHANGES_HANDS[case](scene)
    assert links(scene.good, scene.evil) == ADAS


def test_who_the_twin_claims_to_be_is_an_account_of_the_twin_and_of_no_other(scene: Scene) -> None:
    scene.walk(scene.mallory, scene.evil).back()
    scene.walk().back()
    assert links(scene.good, scene.evil) == ADAS | {("Mallory", "evil", "1")}
    twin = LinkedAccount.objects.get(member__name="Mallory Vex")
    assert twin.handle.endswith(scene.evil.host)
    assert twin.person_hash != LinkedAccount.objects.get(member__name="Ada Lind").person_hash
