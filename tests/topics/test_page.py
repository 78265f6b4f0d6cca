"""The page of a member's topics, and who else sees them."""

from datetime import datetime
from typing import Any

import pytest
from django.test import Client

from accounts.models import Member, Profile
from accounts.personal_data_contract import providers
from networks.topic_models import Topic
from networks.topics.counting import count_all
from tests.topics.conftest import Answered

pytestmark = pytest.mark.django_db


@pytest.fixture
def bread(ada: Member, answered: Answered, now: datetime) -> Topic:
    """What ada is answered on by three people; on boats by one."""
    answered(1, 2, 3, tags=["bread"])
    answered(1, tags=["boats"])
    count_all(now)
    return Topic.objects.get(name="bread")


@pytest.fixture
def at_ada_s(client: Client, ada: Member) -> Client:
    client.force_login(ada)
    return client


def test_each_topic_says_how_many_people_responded(at_ada_s: Client, bread: Topic) -> None:
    page = at_ada_s.get("/topics/").content.decode()
    assert "3 people responded, under 1 post" in page
    assert "1 person responded, under 1 post" in page


def test_a_topic_is_hidden_and_shown_again_by_its_owner(at_ada_s: Client, bread: Topic) -> None:
    for said, shown in [("yes", ["boats"]), ("yes", ["boats"]), ("no", ["bread", "boats"])]:
        at_ada_s.post(f"/topics/{bread.pk}/", {"hidden": said})
        topics = at_ada_s.get("/topics/").context["topics"]
        assert [topic.name for topic in topics.shown] == shown
    answer = at_ada_s.post(f"/topics/{bread.pk}/", {"hidden": "perhaps"}, follow=True)
    assert "Nothing was changed" in answer.content.decode()


def test_the_topic_of_somebody_else_is_not_found(
    client: Client, mallory: Member, bread: Topic
) -> None:
    client.force_login(mallory)
    assert client.post(f"/topics/{bread.pk}/", {"hidden": "yes"}).status_code == 404
    assert "bread" not in client.get("/topics/").content.decode()
    bread.refresh_from_db()
    assert bread.hidden_at is None


def test_without_topics_the_page_says_how_they_come(at_ada_s: Client) -> None:
    assert "No topics yet" in at_ada_s.get("/topics/").content.decode()


def profile_of(client: Client, ada: Member, **choices: Any) -> str:
    client.force_login(ada)
    client.post("/settings/sharing/name/", {"name": "ada"})
    client.post("/settings/sharing/", {"is_public": "on"} | choices)
    return Client().get("/@ada/").content.decode()


def test_a_profile_has_topics_only_by_choice_and_never_hidden_ones(
    client: Client, ada: Member, bread: Topic
) -> None:
    assert "bread" not in profile_of(client, ada)
    shown = profile_of(client, ada, shows_topics="on")
    assert all(part in shown for part in ("bread", "boats", "3 people"))
    client.post(f"/topics/{bread.pk}/", {"hidden": "yes"})
    shown = Client().get("/@ada/").content.decode()
    assert "bread" not in shown
    assert "boats" in shown
    assert Profile.objects.get(member=ada).shows_topics


def test_topics_are_in_the_export_and_go_with_their_owner(
    ada: Member, bread: Topic, now: datetime
) -> None:
    (networks,) = (one for one in providers() if one.name == "networks")
    exported: Any = networks.export(ada)["topics"]
    assert [(one["name"], one["people"]) for one in exported] == [("boats", 1), ("bread", 3)]
    networks.erase(ada, now)
    assert not Topic.objects.exists()
