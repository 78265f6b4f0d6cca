"""The pause: one column, and a page that says what it does."""

from datetime import datetime

import pytest
from django.test import Client

from accounts import pausing
from accounts.models import Member

pytestmark = pytest.mark.django_db


def test_one_column_tells_who_takes_part(ada: Member, now: datetime) -> None:
    def takes_part() -> bool:
        return Member.objects.filter(takes_part=True).exists()

    assert takes_part()
    for field, value, back in (
        ("paused_at", now, None),
        ("erase_at", now, None),
        ("is_active", False, True),
    ):
        Member.objects.update(**{field: value})
        assert not takes_part(), field
        Member.objects.update(**{field: back})
        assert takes_part(), field


def test_pausing_and_coming_back(client: Client, ada: Member) -> None:
    client.force_login(ada)
    answer = client.post("/settings/pause/", {"pause": "1"}, follow=True)
    assert "Your account is paused" in answer.content.decode()
    assert Member.objects.get().paused_at is not None
    assert "End the pause" in client.get("/settings/").content.decode()
    answer = client.post("/settings/pause/", {"pause": "0"}, follow=True)
    assert "the pause is over" in answer.content.decode()
    assert Member.objects.get().paused_at is None
    trail = list(ada.audit_entries.order_by("id").values_list("event", flat=True))
    assert trail == ["paused", "resumed"]


def test_twice_is_the_same_as_once(ada: Member, now: datetime) -> None:
    assert pausing.pause(ada, now)
    assert not pausing.pause(ada, now)
    assert pausing.resume(ada, now)
    assert not pausing.resume(ada, now)
    assert ada.audit_entries.count() == 2


def test_the_page_says_what_happens_to_k_and_how_resting_differs(
    client: Client, ada: Member
) -> None:
    client.force_login(ada)
    page = client.get("/settings/pause/").content.decode()
    for words in ("periods of K", "K that you received", "Resting is something else"):
        assert words in page
