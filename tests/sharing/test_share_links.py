"""Links to share: what was chosen, for whoever has them, until they end."""

import re
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from accounts import sharing
from accounts.sharing_models import ShareLink
from tests.at_once import at_once
from tests.factories import make_account

DAY = timedelta(days=1)


def made(member, now, lasts=DAY, **shows) -> ShareLink:
    chosen = {"shows_score": False, "shows_words": False, "shows_networks": False} | shows
    return sharing.make_link(member, sharing.LinkChoices(label="", lasts=lasts, **chosen), now)


def path(link: ShareLink) -> str:
    return f"/shared/{link.address}/"


def test_a_link_shows_what_was_chosen_and_says_until_when(client, ada, scored, now):
    ada.linked_accounts.update(on_profile=True)
    page = client.get(path(made(ada, now, shows_score=True))).content.decode()

    assert ">31</text>" in page
    assert "Shared by its owner with whoever has this address, until" in page
    assert "@ada@known.example" not in page


def test_a_link_may_show_networks_alone(client, ada, scored, now):
    ada.linked_accounts.update(on_profile=True)
    page = client.get(path(made(ada, now, shows_networks=True))).content.decode()

    assert "@ada@known.example" in page
    assert "31</text>" not in page


def test_addresses_are_random_and_long(ada, now):
    addresses = {made(ada, now, shows_score=True).address for _ in range(5)}

    assert len(addresses) == 5
    assert all(re.fullmatch(r"[A-Za-z0-9_-]{22}", address) for address in addresses)


def test_a_shared_page_is_never_indexed_nor_kept(client, ada, scored, now):
    answer = client.get(path(made(ada, now, shows_score=True)))

    assert answer["X-Robots-Tag"] == "noindex, nofollow"
    assert "no-store" in answer["Cache-Control"]


def test_of_those_who_open_it_the_day_is_kept_and_no_more(client, ada, scored, now):
    link = made(ada, now, shows_score=True)
    client.get(path(link))
    link.refresh_from_db()
    assert link.opened_on == now.date()

    with CaptureQueriesContext(
        connection,
    ) as captured:
        client.get(path(link))
    assert not [query for query in captured.captured_queries if "UPDATE" in query["sql"]]


def test_making_and_revoking_on_the_page(client, ada, scored, now):
    client.force_login(ada)
    client.post("/settings/sharing/links/", {"shows_score": "on", "lasts": "7", "label": "Grace"})
    link = ShareLink.objects.get()
    assert link.ends_at - link.made_at == 7 * DAY
    assert link.address in client.get("/settings/sharing/links/").content.decode()

    client.post(f"/settings/sharing/links/{link.pk}/revoke/")
    assert client.get(path(link)).status_code == 404


def test_a_link_that_shows_nothing_is_not_made_and_the_note_stays(client, ada):
    client.force_login(ada)
    answer = client.post("/settings/sharing/links/", {"lasts": "7", "label": "Grace"})

    assert "choose at least one thing" in answer.content.decode()
    assert 'value="Grace"' in answer.content.decode()
    assert not ShareLink.objects.exists()


def test_somebody_elses_link_is_not_found(client, ada, mallory, now):
    link = made(ada, now, shows_score=True)
    client.force_login(mallory)

    assert client.post(f"/settings/sharing/links/{link.pk}/revoke/").status_code == 404
    assert ShareLink.objects.filter(pk=link.pk).exists()


def test_what_ended_is_forgotten_a_month_later(ada, now):
    link = made(ada, now, shows_score=True)
    sharing.forget_what_ended(link.ends_at + 29 * DAY)
    assert ShareLink.objects.exists()

    sharing.forget_what_ended(link.ends_at + 31 * DAY)
    assert not ShareLink.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_two_at_once_do_not_make_more_than_a_member_may_have(ada, now):
    for _ in range(sharing.LINKS_AT_MOST - 1):
        made(ada, now, shows_score=True)

    def make():
        try:
            made(ada, now, shows_score=True)
        except sharing.Refused:
            return "refused"
        return "made"

    assert sorted(at_once(make, make, make)) == ["made", "refused", "refused"]


@pytest.mark.parametrize(
    ("constraint", "fields"),
    [
        ("share_link_shows_something", {"shows_score": False}),
        ("share_link_ends_after_it_began", {"ends_at": None}),
        ("share_link_address_once", {"address": "taken"}),
    ],
)
def test_the_database_keeps_links(ada, now, constraint, fields):
    begun = {"member": ada, "made_at": now, "ends_at": now + DAY, "shows_score": True}
    ShareLink.objects.create(address="taken", **begun)
    fields = begun | fields
    fields["ends_at"] = fields["ends_at"] or now

    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        ShareLink.objects.create(**fields)


def test_queries_do_not_grow_with_links(client, ada, now):
    client.force_login(ada)

    def queries():
        client.get("/settings/sharing/links/")
        with CaptureQueriesContext(
            connection,
        ) as captured:
            client.get("/settings/sharing/links/")
        return len(captured)

    for _ in range(3):
        made(ada, now, shows_score=True)
    few = queries()
    for _ in range(3):
        made(ada, now, shows_score=True)

    assert queries() == few


def test_queries_of_a_shared_page_do_not_grow_with_accounts(client, ada, now):
    link = made(ada, now, shows_score=True, shows_words=True, shows_networks=True)

    def queries():
        client.get(path(link))
        with CaptureQueriesContext(
            connection,
        ) as captured:
            client.get(path(link))
        return len(captured)

    for _ in range(2):
        make_account(ada, now, on_profile=True)
    few = queries()
    for _ in range(2):
        make_account(ada, now, on_profile=True)

    assert queries() == few
