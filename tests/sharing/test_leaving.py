"""What members show of themselves goes along with them, and goes when they go."""

import json
from datetime import timedelta

from django.core.serializers.json import DjangoJSONEncoder

from accounts import sharing, side_by_side
from accounts.models import Member
from accounts.services import erase_member, export_member
from accounts.sharing_models import Badge, Profile, PublicName, ShareLink, SideBySide
from tests.accounts.test_every_app_has_a_provider import _tables_that_say
from tests.sharing.conftest import badge_of, publish
from tests.sharing.test_share_links import made

DAY = timedelta(days=1)


def test_the_export_has_all_of_it_and_opens_nothing(ada, grace, mallory, scored, now):
    publish(ada, now, "lighthouse", about="Builds lighthouses.")
    link, badge = made(ada, now, shows_score=True), badge_of(ada, now)
    side_by_side.ask(ada, grace, "@grace", now)
    side_by_side.ask(mallory, ada, "@ada", now)
    side_by_side.answer(grace, SideBySide.objects.get(asker=ada).pk, now, agrees=False)
    shown = export_member(ada, now)["account"]["shown"]
    text = json.dumps(shown, cls=DjangoJSONEncoder)

    assert shown["public_names"][0]["name"] == "lighthouse"
    assert shown["profile"]["about"] == "Builds lighthouses."
    assert shown["share_links"][0]["shows_score"]
    assert shown["badge_made_at"] == now
    assert shown["asked_to_compare"] == [{"asked_as": "@grace", "asked_at": now, "agreed_at": None}]
    assert shown["was_asked_to_compare"][0]["by"] == "Mallory Vex"
    for secret in (link.address, badge, 'declined_at": "20'):
        assert secret not in text


def test_the_export_of_somebody_who_shows_nothing(ada, now):
    shown = export_member(ada, now)["account"]["shown"]

    assert shown["profile"] is None
    assert not any(shown.values())


def test_nothing_of_it_is_left_when_they_leave(ada, grace, now):
    publish(ada, now, "adas-lighthouse", about="ada builds")
    made(ada, now, shows_score=True)
    badge_of(ada, now)
    side_by_side.ask(ada, grace, "@grace", now)
    erase_member(ada, now)

    for model in (Profile, ShareLink, Badge, SideBySide):
        assert not model.objects.exists()
    assert _tables_that_say("ada") == []
    kept = PublicName.objects.get()
    assert (kept.member, kept.name) == (None, "")


def test_whoever_asked_in_vain_is_not_told_that_they_left(client, ada, grace, now):
    side_by_side.ask(ada, grace, "@grace", now)
    client.force_login(ada)

    def page():
        return client.get("/compare/").content.split(b"<main")[1].split(b"csrfmiddlewaretoken")[0]

    before = page()
    erase_member(grace, now)

    assert page() == before
    assert Member.objects.filter(pk=ada.pk).exists()


def test_erasing_twice_does_no_harm(ada, now):
    publish(ada, now)
    from accounts import sharing_data

    sharing_data.erase(ada, now)
    sharing_data.erase(ada, now)
    erase_member(ada, now)

    assert not Member.objects.exists()


def test_what_is_over_is_forgotten_by_the_task(ada, now):
    from accounts.tasks import forget_what_is_over

    link = made(ada, now - 60 * DAY, shows_score=True)
    side_by_side.ask(ada, None, "@nobody", now - 31 * DAY)
    sharing.take_name(ada, "given-up", now - 1000 * DAY)
    sharing.give_up_name(ada, now - 999 * DAY)
    forget_what_is_over()

    assert not ShareLink.objects.filter(pk=link.pk).exists()
    assert not SideBySide.objects.exists()
    assert not PublicName.objects.exists()
