"""One thing of ada's for each route that shows or changes a single thing, and where it is."""

from datetime import datetime, timedelta
from uuid import uuid4

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.sessions.backends.db import SessionStore
from django.urls import reverse

from accounts import api_keys, sharing, side_by_side
from accounts.export_models import Export, Import
from accounts.models import Member
from accounts.sharing_models import ShareLink, SideBySide
from gifting import services as gifting
from gifting.models import Decision, Hand, Move, Report
from gifting.services import keeping
from networks.topic_models import Topic
from scoring.dispute_models import Dispute
from tests.factories import make_account, make_application, make_score, make_webhook

HIDDEN = {"shows_score": True, "shows_words": False, "shows_networks": False}


def _given(giver: Member, receiver: Member, now: datetime) -> Move:
    return gifting.give_k(giver, receiver, now, key=uuid4(), note=gifting.Note(text="thanks"))


def of_a_member(ada: Member, grace: Member, now: datetime) -> dict[str, str]:
    """Route: where it leads to something that is ada's, or that she gave or was given."""
    accounts = [make_account(member, now) for member in (ada, grace)]
    for member in (ada, grace):
        gifting.accept_from(member, "all")
    score = make_score(ada, now, accounts=accounts[:1])
    Dispute.objects.create(member=ada, score=score, said="Why?", opened_at=now)
    counted = {"people": 2, "posts": 1, "from_words": False, "counted_at": now}
    topic = Topic.objects.create(member=ada, key="bread", name="bread", **counted)
    gave, was_given = _given(ada, grace, now), _given(grace, ada, now)
    return {
        **_accounts(accounts[0].pk),
        "hide_topic": reverse("hide_topic", args=[topic.pk]),
        **_ways_in(ada, now),
        **_files(ada, now),
        **_shown(ada, grace, now),
        **_programs(ada, now),
        **_gifts(ada, gave, was_given, now),
    }


def of_the_operators(now: datetime) -> dict[str, str]:
    """Route: where it leads, after `of_a_member`, to something that waits for the operator."""
    move = Move.objects.latest("pk")
    reporter = Hand.objects.get(pk=move.receiver_id)
    report = Report.objects.create(move=move, reporter=reporter, words="x", reported_at=now)
    decision = Decision.objects.create(
        move=move, reporter=reporter, outcome="stopped", decided_at=now
    )
    dispute = Dispute.objects.latest("pk")
    return {
        "dispute_queue": reverse("dispute_queue"),
        "dispute_queue_one": reverse("dispute_queue_one", args=[dispute.pk]),
        "k_reports": reverse("k_reports"),
        "k_report": reverse("k_report", args=[report.pk]),
        "k_let_give_again": reverse("k_let_give_again", args=[decision.pk]),
    }


def _accounts(pk: int) -> dict[str, str]:
    names = ("account_progress", "read_now", "relink", "set_findable", "unlink")
    return {
        name: reverse(name, args=[pk]) for name in (*names, "sonobuoy_answer", "sonobuoy_threshold")
    }


def _ways_in(ada: Member, now: datetime) -> dict[str, str]:
    passkey = Authenticator.objects.create(
        user=ada, type="webauthn", data={"name": "key", "credential": {}}
    )
    session = SessionStore()
    session.create()
    browser = UserSession.objects.create(
        user=ada, session_key=session.session_key, ip="127.0.0.1", user_agent="A Telephone"
    )
    api_keys.make_key(ada, "a program", ["look_up"], now)
    return {
        "mfa_remove_webauthn": reverse("mfa_remove_webauthn", args=[passkey.pk]),
        "mfa_edit_webauthn": reverse("mfa_edit_webauthn", args=[passkey.pk]),
        "end_session": reverse("end_session", args=[browser.pk]),
        "revoke_api_key": reverse("revoke_api_key", args=[ada.api_keys.get().pk]),
    }


def _programs(ada: Member, now: datetime) -> dict[str, str]:
    application = make_application(ada, now).application
    application.secret_digest = "a" * 64
    application.save()
    webhook = make_webhook(ada, now)
    message = webhook.messages.get()
    of_the_application = (
        *("application", "rotate_application_secret"),
        *("delete_application", "revoke_application"),
    )
    of_the_webhook = (
        *("webhook", "switch_webhook", "test_webhook"),
        *("rotate_webhook_secret", "delete_webhook"),
    )
    return {
        **{name: reverse(name, args=[application.client_id]) for name in of_the_application},
        **{name: reverse(name, args=[webhook.pk]) for name in of_the_webhook},
        "send_webhook_again": reverse("send_webhook_again", args=[webhook.pk, message.pk]),
    }


def _files(ada: Member, now: datetime) -> dict[str, str]:
    later = now + timedelta(days=3)
    export = Export.objects.create(
        member=ada, asked_at=now, next_try_at=now, ready_at=now, expires_at=later, file_name="a.zip"
    )
    brought = Import.objects.create(
        member=ada, site="a.example", exported_at=now, digest="a" * 64, uploaded_at=now
    )
    return {
        "download_export": reverse("download_export", args=[export.pk]),
        "import_one": reverse("import_one", args=[brought.pk]),
    }


def _shown(ada: Member, grace: Member, now: datetime) -> dict[str, str]:
    sharing.make_link(ada, sharing.LinkChoices("", timedelta(days=1), **HIDDEN), now)
    side_by_side.ask(grace, ada, "@ada@known.example", now - timedelta(hours=1))
    question = SideBySide.objects.get()
    side_by_side.answer(ada, question.pk, now, agrees=True)
    waiting = Member.objects.create_user("lin@example.com", "x", name="Lin")
    side_by_side.ask(waiting, ada, "@ada@known.example", now - timedelta(hours=1))
    link, asked = ShareLink.objects.get(), SideBySide.objects.latest("pk")
    return {
        "revoke_link": reverse("revoke_link", args=[link.pk]),
        "compared": reverse("compared", args=[question.pk]),
        "end_comparing": reverse("end_comparing", args=[question.pk]),
        "answer_comparing": reverse("answer_comparing", args=[asked.pk]),
    }


def _gifts(ada: Member, gave: Move, was_given: Move, now: datetime) -> dict[str, str]:
    kept = keeping.keep_handle(ada, keeping.Remembered("mastodon", "@lin@known.example"), now)
    block = gifting.block(ada, was_given.k.address, was_given.step, now)
    of_ada = {"take_back": gave} | dict.fromkeys(
        (
            *("gift", "decline", "share", "block", "report", "keep_other_side"),
            "allow_on_profile",
        ),
        was_given,
    )
    return {
        "forget_kept": reverse("forget_kept", args=[kept.pk]),
        "noted_kept": reverse("noted_kept", args=[kept.pk]),
        "unblock": reverse("unblock", args=[block.pk]),
        "journey": reverse("journey", args=[gave.k.address]),
        "open_way": reverse("open_way", args=[was_given.k.address]),
        **{name: reverse(name, args=[move.k.address, move.step]) for name, move in of_ada.items()},
    }
