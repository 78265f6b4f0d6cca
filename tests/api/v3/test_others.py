"""Public profiles, and taking everything along."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.api_models import ApiPresence
from accounts.audit_models import AuditEntry, Event
from accounts.exports import making
from accounts.models import Member, Profile
from accounts.sharing_models import PublicName
from klout.api import quota
from klout.api.terms import USE
from klout.api.v3 import problems
from networks.topic_models import Topic
from networks.topics.names import number_of
from tests.api.conftest import make_topics
from tests.api.v3.conftest import Ask
from tests.api.v3.test_asking import is_problem
from tests.factories import make_account, make_score

pytestmark = pytest.mark.django_db


@pytest.fixture
def public(grace: Member, now: datetime) -> Callable[..., Member]:
    """Make somebody public under a name, with their score, and let the API answer."""

    def publish(member: Member = grace, name: str = "grace") -> Member:
        Profile.objects.create(member=member, published_at=now, shows_score=True, about="Clocks.")
        PublicName.objects.create(member=member, name=name, name_hash=name, taken_at=now)
        ApiPresence.objects.create(member=member, is_visible=True, changed_at=now)
        account = make_account(member, now, on_profile=True)
        likely = {"low_hundredths": 5900, "high_hundredths": 6600}
        make_score(member, now, [account], hundredths=6234, **likely)
        return member

    return publish


def test_a_public_profile_shows_what_its_page_shows(ask: Ask, public: Callable[..., Any]) -> None:
    public()
    body = ask("/profiles/Grace").json()
    assert (body["public_name"], body["name"], body["about"]) == ("grace", "Grace Oduya", "Clocks.")
    assert (body["score"]["score"], body["score"]["use"]) == (62, USE)
    assert [one["network"] for one in body["networks"]] == ["Mastodon"]
    assert body["appreciation"] is None


def test_a_score_that_is_not_shown_is_not_told(ask: Ask, public: Callable[..., Any]) -> None:
    public()
    Profile.objects.update(shows_score=False)
    assert ask("/profiles/grace").json()["score"] is None


def test_topics_are_told_as_the_page_shows_them(
    ask: Ask, public: Callable[..., Any], client: Any, now: datetime
) -> None:
    make_topics(public(), now, 3)
    Topic.objects.filter(key="topic1").update(hidden_at=now)
    told = ask("/profiles/grace").json()["topics"]
    assert [(one["name"], one["people"]) for one in told] == [("topic 0", 3), ("topic 2", 1)]
    assert told[0]["id"] == str(number_of("topic0"))
    page = client.get("/@grace/").content.decode()
    assert all((f"topic {number}" in page) is (number != 1) for number in range(3))
    Profile.objects.update(shows_topics=False)
    assert ask("/profiles/grace").json()["topics"] == []


def test_private_unknown_and_declined_are_the_same_answer_by_the_same_queries(
    ask: Ask, public: Callable[..., Any], mallory: Member, now: datetime
) -> None:
    declined = Member.objects.create_user("d@example.com", "x", name="D")
    private, hidden = public(), public(mallory, "mallory")
    public(declined, "declined")
    Profile.objects.filter(member=private).update(published_at=None)
    Member.objects.filter(pk=hidden.pk).update(paused_at=now)
    ApiPresence.objects.filter(member=declined).update(is_visible=False)
    ask("/me")
    said = set()
    for name in ("grace", "mallory", "declined", "nobody", "no%20name", "%00"):
        with CaptureQueriesContext(connection) as asked:
            answer = ask(f"/profiles/{name}")
        assert is_problem(answer, problems.NOT_FOUND), name
        body = answer.json() | {"request_id": ""}
        said.add((str(body), len(asked.captured_queries), str(sorted(answer.headers))))
    assert len(said) == 1


def test_a_key_sees_so_many_different_profiles_a_day(
    ask: Ask, public: Callable[..., Any], mallory: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    public()
    public(mallory, "mallory")
    monkeypatch.setattr(quota, "MEMBERS_PER_DAY", 1)
    assert ask("/profiles/grace").status_code == 200
    assert is_problem(ask("/profiles/mallory"), problems.TOO_MANY)
    assert ask("/profiles/grace").status_code == 200


def test_an_export_is_asked_for_made_and_taken_along(
    ask: Ask, ada: Member, now: datetime, settings: Any, tmp_path: Path
) -> None:
    settings.EXPORT_DIR = tmp_path
    assert is_problem(ask("/exports/newest"), problems.NOT_FOUND)
    asked = ask("/exports", {})
    assert (asked.status_code, asked.json()["state"]) == (202, "under way")
    assert ask("/exports", {}).json()["id"] == asked.json()["id"]
    making.make_due(timezone.now())
    ready = ask("/exports/newest").json()
    assert ready["state"] == "ready"
    file = ask(ready["file"].removeprefix("/api/v3"))
    assert file["Content-Type"] == "application/zip"
    assert b"".join(file.streaming_content)[:2] == b"PK"
    noted = AuditEntry.objects.get(member=ada, event=Event.EXPORTED)
    assert noted.detail == "a program"


def test_the_export_of_somebody_else_is_not_found(
    ask: Ask, grace: Member, now: datetime, settings: Any, tmp_path: Path
) -> None:
    settings.EXPORT_DIR = tmp_path
    theirs = grace.exports.create(asked_at=now, next_try_at=now)
    making.make_due(timezone.now())
    theirs.refresh_from_db()
    assert theirs.ready_at
    assert is_problem(ask(f"/exports/{theirs.pk}/file"), problems.NOT_FOUND)
