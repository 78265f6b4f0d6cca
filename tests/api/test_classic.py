"""The API of old: what its clients send is answered in the shapes that they expect."""

import json
import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.api_models import ApiPresence
from accounts.models import Member, Profile
from klout.api.classic import views, wire
from networks.models import LinkedAccount
from tests.api.conftest import make_acquaintances, make_visible, make_x
from tests.api.contract import has_shape
from tests.factories import make_outreach, make_reaction, make_score

Ask = Callable[..., Any]


def test_the_score_has_two_decimals_and_its_changes(ask: Ask, kloutid: str) -> None:
    body = ask(f"/v2/user.json/{kloutid}/score")
    assert body["score"] == 62.34
    assert body["bucket"] == "60-69"
    assert body["scoreDelta"] == {"dayChange": 0.0, "weekChange": 2.24, "monthChange": 0.0}


def test_identities_lead_from_the_handle_to_the_number_and_back(ask: Ask, kloutid: str) -> None:
    assert ask("/v2/identity.json/twitter", screenName="grace") == {"id": kloutid, "network": "ks"}
    assert ask(f"/v2/identity.json/klout/{kloutid}/tw") == {"id": "1234", "network": "tw"}
    assert re.fullmatch(r"\d{18}", kloutid)


def hidden(grace: Member) -> None:
    ApiPresence.objects.filter(member=grace).update(is_visible=False)


def private(grace: Member) -> None:
    Profile.objects.filter(member=grace).update(published_at=None)


def without_score(grace: Member) -> None:
    Profile.objects.filter(member=grace).update(shows_score=False)


def not_findable(grace: Member) -> None:
    LinkedAccount.objects.filter(member=grace).update(findable=False)


def suspended(grace: Member) -> None:
    Member.objects.filter(pk=grace.pk).update(is_active=False)


def resting_for_long(grace: Member) -> None:
    rests = timezone.now() - timedelta(days=91)
    Member.objects.filter(pk=grace.pk).update(resting_since=rests)


HIDES = [hidden, private, without_score, suspended, resting_for_long]


@pytest.mark.parametrize("make", [*HIDES, not_findable])
def test_who_did_not_allow_all_of_it_looks_like_somebody_who_is_not_here(
    ask: Ask, grace: Member, make: Callable[[Member], None]
) -> None:
    make(grace)
    there = ask("/v2/identity.json/twitter", screenName="grace")
    nobody = ask("/v2/identity.json/twitter", screenName="nobody")
    assert there.status_code == nobody.status_code == 404
    assert there.content == nobody.content
    assert ask("/1/klout.json", users="grace") == ask("/1/klout.json", users="nobody")


@pytest.mark.parametrize("make", HIDES)
@pytest.mark.parametrize("call", ["", "/score", "/topics", "/influence"])
def test_a_number_answers_only_while_all_is_allowed(
    ask: Ask, grace: Member, kloutid: str, make: Callable[[Member], None], call: str
) -> None:
    make(grace)
    there = ask(f"/v2/user.json/{kloutid}{call}")
    nobody = ask(f"/v2/user.json/123456789012345678{call}")
    assert there.status_code == nobody.status_code == 404
    assert there.content == nobody.content


def test_version_1_answers_for_five_at_once_in_the_order_asked(
    ask: Ask, grace: Member, now: datetime, django_user_model: Any
) -> None:
    for number in range(6):
        other = Member.objects.create_user(f"{number}@example.com", "x", name=f"Other {number}")
        make_visible(other, now)
        make_score(other, now, [make_x(other, now, f"other{number}", str(number))])
    names = ["other3", "nobody", "grace", "other1", "other0", "other5"]
    body = ask("/1/klout.json", users=",".join(names))
    assert [user["twitter_screen_name"] for user in body["users"]] == [
        "other3", "grace", "other1", "other0",
    ]  # fmt: skip


def test_version_1_speaks_xml_as_well(client: Client, key: str, grace: Member) -> None:
    answer = client.get("/1/klout.xml", {"key": key, "users": "grace"})
    assert answer["Content-Type"].startswith("text/xml")
    assert b"<users><user><twitter_screen_name>grace</twitter_screen_name>" in answer.content


@pytest.mark.parametrize("path", ["/1/klout.json", "/v2/user.json/1/score", "/v2/no/such/call"])
@pytest.mark.parametrize("key", ["", "wrong", "x" * 5000, "\0", "\ud800"])
@pytest.mark.django_db
def test_a_key_that_opens_nothing_is_403_in_json(client: Client, path: str, key: str) -> None:
    query = {"key": key.encode("utf-8", "surrogatepass")}
    answer = client.get(path, query)
    assert answer.status_code == 403
    assert answer.json()["error"] == 403
    assert answer["X-Mashery-Error-Code"] == "ERR_403_DEVELOPER_INACTIVE"


@pytest.mark.parametrize("path", ["/1/", "/1/users/fly.json", "/v2/", "/v2/user.json", "/v2/x/y"])
def test_other_addresses_are_404_in_json_and_never_a_redirect(ask: Ask, path: str) -> None:
    answer = ask(path)
    assert answer.status_code == 404
    assert answer.json()["error"] == 404


def test_other_methods_are_refused_in_json(client: Client, key: str, kloutid: str) -> None:
    answer = client.post(f"/v2/user.json/{kloutid}/score?key={key}")
    assert answer.status_code == 405
    assert answer.json()["error"] == 405


def test_a_secure_site_does_not_send_old_programs_to_https(
    client: Client, key: str, kloutid: str, settings: Any
) -> None:
    settings.SECURE_SSL_REDIRECT = True
    assert client.get(f"/v2/user.json/{kloutid}/score", {"key": key}).status_code == 200


def test_a_host_that_is_not_ours_is_told_in_json(client: Client) -> None:
    answer = client.get("/v2/user.json/1", headers={"host": "elsewhere.example"})
    assert answer.status_code == 400
    assert answer.json()["error"] == 400


def test_what_breaks_is_told_in_json(
    client: Client, key: str, kloutid: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(views.wire, "score", broken)
    client.raise_request_exception = False
    answer = client.get(f"/v2/user.json/{kloutid}/score", {"key": key})
    assert answer.status_code == 500
    assert answer.json()["error"] == 500


def test_influence_tells_of_those_who_allow_it_and_counts_only_them(
    ask: Ask, grace: Member, kloutid: str, now: datetime
) -> None:
    at_grace = LinkedAccount.objects.get(member=grace)
    make_acquaintances(at_grace, now, 7)
    ApiPresence.objects.filter(member__name="Other 6").update(is_visible=False)
    make_reaction(at_grace, now - timedelta(days=1))
    body = ask(f"/v2/user.json/{kloutid}/influence")
    for which in ("myInfluencers", "myInfluencees"):
        assert body[f"{which}Count"] == 6
        nicks = [one["entity"]["payload"]["nick"] for one in body[which]]
        assert nicks == [f"Other {number}" for number in (5, 4, 3, 2, 1)]
        assert has_shape(body[which][0], "@entity")


def test_influence_takes_as_many_queries_for_many_as_for_few(
    client: Client,
    key: str,
    grace: Member,
    kloutid: str,
    now: datetime,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    at_grace = LinkedAccount.objects.get(member=grace)
    for number in range(8):
        other = Member.objects.create_user(f"{number}@example.com", "x", name=f"Other {number}")
        account = make_x(other, now, f"other{number}", str(number))
        make_visible(other, now)
        make_score(other, now, [account])
        make_reaction(at_grace, now - timedelta(days=1), responder_hash=account.person_hash)
        make_outreach(at_grace, now - timedelta(days=1), target_hash=account.person_hash)
        if number in (3, 7):
            client.get(f"/v2/user.json/{kloutid}/score", {"key": key})
            with django_assert_num_queries(11):
                client.get(f"/v2/user.json/{kloutid}/influence", {"key": key})


@pytest.mark.parametrize(
    ("hundredths", "bucket"),
    [(100, "1-9"), (999, "1-9"), (1000, "10-19"), (8999, "80-89"), (9000, "90-100"),
     (10000, "90-100")],
)  # fmt: skip
def test_buckets_are_those_of_old(hundredths: int, bucket: str) -> None:
    assert wire.bucket(hundredths) == bucket


def test_answers_say_what_they_must_not_be_used_for(ask: Ask, kloutid: str) -> None:
    assert "Not for decisions on hiring" in json.dumps(ask(f"/v2/user.json/{kloutid}"))
