"""Private, unknown, declined, revoked and over look the same: status, body, headers and work.

Equal work is tested as equal queries: their number, their text but for what is looked for, and
no row found by any. `make look-alike-bench` measures the time.
"""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts import sharing, side_by_side
from accounts.models import Member
from accounts.sharing_models import ShareLink
from gifting import services as gifting
from tests.factories import make_account
from tests.sharing.conftest import badge_of, publish
from tests.sharing.test_share_links import made

DAY = timedelta(days=1)
# Its number is drawn anew for each answer.
ALWAYS_DIFFERENT = ("X-Request-ID",)


def seen(client, path):
    """(status, body, headers, queries) as far as they may tell something."""
    client.get("/how/")
    with CaptureQueriesContext(
        connection,
    ) as captured:
        answer = client.get(path)
    body = re.sub(rb'name="csrfmiddlewaretoken" value="\w+"', b"", answer.content)
    headers = {k: v for k, v in answer.items() if k not in ALWAYS_DIFFERENT}
    queries = [re.sub(r"'[^']*'|\d+", "?", query["sql"]) for query in captured.captured_queries]
    return answer.status_code, body, headers, queries


@pytest.fixture(params=["a visitor", "a stranger"])
def looking(request, client, mallory):
    if request.param == "a stranger":
        client.force_login(mallory)
    return client


def test_profiles(looking, ada, grace, scored, now):
    sharing.take_name(ada, "private", now)
    publish(grace, now, "given-up")
    sharing.give_up_name(grace, now)
    other = Member.objects.create_user("left@example.com", "x", name="Left", is_active=False)
    publish(other, now, "inactive")

    unknown = seen(looking, "/@nobody-here/")
    assert unknown[0] == 404
    for name in ("private", "given-up", "inactive"):
        assert seen(looking, f"/@{name}/") == unknown


def test_share_links(looking, ada, scored, now):
    revoked, over = made(ada, now, shows_score=True), made(ada, now, shows_score=True)
    sharing.revoke_link(ada, revoked.pk, now)
    ShareLink.objects.filter(pk=over.pk).update(made_at=now - 2 * DAY, ends_at=now - DAY)

    unknown = seen(looking, f"/shared/{'x' * 22}/")
    assert unknown[0] == 404
    for link in (revoked, over):
        assert seen(looking, f"/shared/{link.address}/") == unknown


@pytest.mark.parametrize("look", ["", "?look=dark&size=small"])
def test_badges(client, ada, grace, mallory, scored, now, look):
    revoked = badge_of(ada, now)
    assert b"31" in client.get(f"/badge/{revoked}.svg{look}").content
    sharing.make_badge(ada, now)
    without_score = badge_of(grace, now)
    rests, account = badge_of(mallory, now), make_account(mallory, now)
    Member.objects.filter(pk=mallory.pk).update(resting_since=now - 91 * DAY)
    assert account

    unknown = seen(client, f"/badge/{'x' * 22}.svg{look}")
    assert unknown[0] == 200
    for address in (revoked, without_score, rests):
        assert seen(client, f"/badge/{address}.svg{look}") == unknown


def test_previews(client, ada, grace, scored, now):
    sharing.take_name(ada, "private", now)
    publish(grace, now, "given-up")
    sharing.give_up_name(grace, now)

    unknown = seen(client, "/preview/@nobody-here.png")
    assert unknown[0] == 200
    for name in ("private", "given-up"):
        assert seen(client, f"/preview/@{name}.png") == unknown


def asked(client, whom):
    """What the asker gets to see and what it took, for a handle."""
    with CaptureQueriesContext(
        connection,
    ) as captured:
        answer = client.post("/compare/", {"whom": whom}, follow=True)
    page = answer.content.decode().replace(whom, "HANDLE")
    page = re.sub(r'value="\w{64}"|/compare/\d+/', "", page)
    # Rows are written for whoever it is; what is written differs.
    kinds = [query["sql"].split(" ", 1)[0] for query in captured.captured_queries]
    return answer.status_code, page, kinds


@pytest.mark.parametrize("state", ["not findable", "blocked", "takes none", "declined", "silent"])
def test_a_question_to_nobody_looks_like_one_without_an_answer(client, ada, grace, now, state):
    make_account(ada, now)
    make_account(grace, now, handle="@grace@known.example", findable=state != "not findable")
    gifting.accept_from(ada, "all")
    gifting.accept_from(grace, "nobody" if state == "takes none" else "all")
    if state == "blocked":
        from gifting.models import Block, Hand

        Block.objects.create(
            by=Hand.objects.get(member=grace), of=Hand.objects.get(member=ada), made_at=now
        )
    client.force_login(ada)
    client.get("/compare/")
    unknown = asked(client, "@nobody@known.example")
    side_by_side.SideBySide.objects.all().delete()

    assert asked(client, "@grace@known.example") == unknown
    if state == "declined":
        (question,) = side_by_side.waiting_for(grace, now + timedelta(seconds=60))
        before = client.get("/compare/").content
        side_by_side.answer(grace, question.pk, now, agrees=False)
        after = client.get("/compare/").content
        assert re.sub(rb'value="\w{64}"', b"", before) == re.sub(rb'value="\w{64}"', b"", after)
