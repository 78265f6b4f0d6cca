"""What a member is answered on: counted from rows, the same however often it is counted."""

from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import Member
from networks.models import LinkedAccount
from networks.tasks import count_topics as task
from networks.topic_models import Topic
from networks.topics import choices, counting
from networks.topics.counting import count_all, count_topics
from networks.topics.selectors import own_topics, topics_of
from scoring.models import Score
from tests.at_once import at_once
from tests.factories import make_account, make_post, make_reaction
from tests.topics.conftest import Answered

pytestmark = pytest.mark.django_db


def counted(member: Member) -> list[tuple[str, int]]:
    return [(topic.name, topic.people) for topic in topics_of(member)]


def test_a_topic_is_weighed_by_people_however_often_they_respond(
    ada: Member, answered: Answered, now: datetime
) -> None:
    bread = answered(1, 2, 3, tags=["bread", "rye"])
    answered(3, 4, tags=["bread"])
    answered(5, 6, 7, 8, 9, tags=["boats"])
    answered(tags=["nobody responded"])
    for _ in range(20):
        make_reaction(bread.account, now, post=bread, responder_hash=1)
    count_all(now)
    assert counted(ada) == [("boats", 5), ("bread", 4), ("rye", 3)]
    assert Topic.objects.get(name="bread").posts == 2


def test_spellings_are_one_topic_called_as_most_posts_call_it(
    ada: Member, answered: Answered, now: datetime
) -> None:
    answered(1, tags=["machinelearning"])
    answered(2, tags=["machine-learning"])
    answered(3, tags=["machine-learning", "Machine Learning"])
    count_all(now)
    assert counted(ada) == [("machine-learning", 3)]


def test_counting_again_changes_nothing_and_forgets_what_is_over(
    ada: Member, answered: Answered, now: datetime
) -> None:
    answered(1, 2, tags=["bread"])
    count_all(now)
    before = list(Topic.objects.values())
    count_all(now)
    task()
    count_all(now)
    assert list(Topic.objects.values()) == before
    count_all(now + timedelta(days=90))
    assert not Topic.objects.exists()


def test_two_that_count_at_once_leave_the_same_rows(
    transactional_db: None, ada: Member, answered: Answered, now: datetime
) -> None:
    for number in range(20):
        answered(number, number + 1, tags=[f"topic {number}", "bread"])
    at_once(*[lambda: count_topics([ada.pk], now)] * 4)
    assert len(counted(ada)) == 10
    assert Topic.objects.count() == 10


def test_there_are_ten_at_most_and_a_hidden_one_takes_no_place(
    ada: Member, answered: Answered, now: datetime
) -> None:
    for number in range(12):
        answered(*range(20 - number), tags=[f"topic {number}"])
    count_all(now)
    choices.hide(Topic.objects.get(name="topic 0"), now)
    count_all(now)
    assert [name for name, _ in counted(ada)] == [f"topic {number}" for number in range(1, 11)]
    assert [topic.name for topic in own_topics(ada).hidden] == ["topic 0"]


def test_what_is_hidden_stays_hidden_when_it_comes_back(
    ada: Member, answered: Answered, now: datetime
) -> None:
    answered(1, 2, tags=["bread"])
    count_all(now)
    choices.hide(Topic.objects.get(), now)
    count_all(now + timedelta(days=90))
    assert Topic.objects.get().people == 0
    count_all(now)
    assert counted(ada) == []
    choices.show(Topic.objects.get())
    assert counted(ada) == [("bread", 2)]


def test_words_count_where_there_is_no_tag_once_they_return(
    ada: Member, answered: Answered, now: datetime
) -> None:
    answered(1, 2, excerpt="How I keep my sourdough starter alive in the fridge")
    answered(3, excerpt="A friend asked for a sourdough starter, so we fed one for her.")
    answered(4, 5, excerpt="Sourdough starter again, and @grace@known.example came", tags=["bread"])
    answered(6, 7, excerpt="The ferry to Gotland was late")
    count_all(now)
    topics = {topic.name: topic for topic in topics_of(ada)}
    assert topics["sourdough starter"].people == 3
    assert topics["sourdough starter"].from_words
    assert not topics["bread"].from_words
    assert not any("grace" in name or "gotland" in name for name in topics)


def test_what_github_says_of_an_act_is_nobodys_words(
    ada: Member, answered: Answered, now: datetime
) -> None:
    github = make_account(ada, now, platform="github")
    for person in (1, 2, 3):
        answered(person, account=github, excerpt="Pushed to ada/lighthouse")
    count_all(now)
    assert counted(ada) == []


def test_ones_own_other_account_is_nobody(ada: Member, answered: Answered, now: datetime) -> None:
    make_account(ada, now, person_hash=77)
    answered(77, tags=["bread"])
    count_all(now)
    assert counted(ada) == []


def test_topics_of_an_account_go_with_it(
    ada: Member, at_ada: LinkedAccount, answered: Answered, now: datetime
) -> None:
    from networks.services.unlinking import unlink

    answered(1, tags=["bread"])
    answered(2, account=make_account(ada, now), tags=["boats"])
    count_all(now)
    unlink(at_ada, now)
    assert counted(ada) == [("boats", 1)]


def test_many_members_take_as_many_queries_as_few(
    ada: Member, answered: Answered, now: datetime
) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            count_all(now)
        return len(seen)

    answered(1, excerpt="A sourdough starter")
    few = queries()
    for number in range(10):
        other = Member.objects.create_user(f"{number}@example.com", "x", name=f"Other {number}")
        answered(1, account=make_account(other, now), excerpt="A sourdough starter")
    assert queries() == few
    assert counting.MEMBERS_AT_ONCE > 11


def test_a_topic_moves_no_score(ada: Member, answered: Answered, now: datetime) -> None:
    answered(1, 2, tags=["bread"])
    stamps = list(LinkedAccount.objects.values_list("changed_at"))
    count_all(now)
    assert list(LinkedAccount.objects.values_list("changed_at")) == stamps
    assert not Score.objects.exists()


LIKES = st.tuples(st.integers(0, 4), st.sampled_from(["a b", "a-b", "ab", "c", "d"]))


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(LIKES, max_size=12))
def test_the_count_is_that_of_a_naive_reader(
    ada: Member, at_ada: LinkedAccount, now: datetime, likes: list[tuple[int, str]]
) -> None:
    at_ada.posts.all().delete()
    at_ada.reactions.all().delete()
    people: dict[str, set[int]] = {}
    for person, tag in likes:
        post = make_post(at_ada, now, tags=[tag])
        make_reaction(at_ada, now, post=post, responder_hash=person)
        people.setdefault(tag.replace(" ", "").replace("-", ""), set()).add(person)
    count_all(now)
    found = {topic.key: topic.people for topic in Topic.objects.all()}
    assert found == {key: len(who) for key, who in people.items()}
