"""What other pages ask about accounts and people."""

from datetime import timedelta

import pytest

from networks.models import LinkedAccount
from networks.selectors import account_cards, people_who_moved
from tests.factories import make_account, make_outreach


def reach(account, now, person, *kinds, **fields):
    for kind in kinds:
        make_outreach(account, now, target_hash=person, kind=kind, **fields)


def test_whom_the_member_reached_out_to_most_comes_first_with_a_sentence(ada, now):
    account, other = make_account(ada, now), make_account(ada, now)
    since = now - timedelta(days=30)
    reach(account, now, 1, "reply", target_name="Bo", target_handle="@bo@known.example")
    reach(account, now, 2, "reply", "reshare", target_name="Old Name")
    reach(other, now + timedelta(minutes=1), 2, "reshare", target_name="Cy")
    reach(account, since - timedelta(days=1), 3, "reply", "reply", "reply", "reply")
    first, second = people_who_moved(ada, since, 9)
    assert first.name == "Cy"
    assert first.sentence == "Since 3 October you boosted 2 of their posts and replied to 1."
    assert (second.handle, second.platform) == ("@bo@known.example", "Mastodon")
    assert [person.target_hash for person in people_who_moved(ada, since, 1)] == [2]


def test_oneself_is_not_among_the_people_who_moved(ada, now):
    account = make_account(ada, now, person_hash=5)
    reach(account, now, 5, "reply")
    assert people_who_moved(ada, now - timedelta(days=1), 9) == []


@pytest.mark.parametrize(
    ("fields", "is_named"),
    [
        ({"findable": True}, True),
        ({"findable": False}, False),
        ({"findable": True, "state": LinkedAccount.State.NEEDS_CONSENT}, False),
    ],
)
def test_a_person_is_known_as_a_member_only_where_they_may_be_found(
    ada, grace, now, fields, is_named
):
    make_account(grace, now, person_hash=7, **fields)
    reach(make_account(ada, now), now, 7, "reply")
    (person,) = people_who_moved(ada, now - timedelta(days=1), 9)
    assert person.member_address == (grace.address if is_named else None)


def test_who_moved_others_is_nobodys_but_theirs(ada, grace, now):
    reach(make_account(grace, now), now, 7, "reply")
    assert people_who_moved(ada, now - timedelta(days=1), 9) == []


def test_a_pulse_counts_whole_days_with_today_last(ada, now):
    account = make_account(ada, now)
    for days in (0, 0, 27, 28):
        account.posts.create(
            remote_id=f"{days}{account.posts.count()}", posted_at=now - timedelta(days=days)
        )
    (card,) = account_cards(ada, now)
    assert card.pulse == (1, *[0] * 26, 2)
    assert card.posts == 4
