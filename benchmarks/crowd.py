"""Members who can all give to one another by the default rules, made in bulk."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore

from accounts.models import Member
from gifting.models import Hand
from networks.models import LinkedAccount, Outreach


@dataclass(frozen=True)
class Couple:
    """A giver and a receiver who answered them; each couple is good for one gift a week."""

    giver: Member
    receiver: Member
    handle: str


def make_couples(count: int, per_giver: int, now: datetime, name: str) -> list[Couple]:
    """`count` couples in which every giver stands `per_giver` times, each time with another."""
    size = count // per_giver + per_giver + 1
    members = Member.objects.bulk_create(
        Member(email=f"{name}{number}@example.com", name=f"{name} {number}", password="!")  # noqa: S106
        for number in range(size)
    )
    Hand.objects.bulk_create(Hand(member=member) for member in members)
    accounts = LinkedAccount.objects.bulk_create(_account(member, now) for member in members)
    couples = [
        Couple(members[place], members[place + step], accounts[place + step].handle)
        for place in range(count // per_giver)
        for step in range(1, per_giver + 1)
    ]
    of = {account.member_id: account for account in accounts}
    Outreach.objects.bulk_create(
        _answer(of[couple.receiver.pk], of[couple.giver.pk], now) for couple in couples
    )
    return couples


def _account(member: Member, now: datetime) -> LinkedAccount:
    return LinkedAccount(
        member=member,
        platform="mastodon",
        host="known.example",
        remote_id=member.email,
        handle=f"@{member.email.split('@')[0]}@known.example",
        person_hash=member.pk,
        findable=True,
        linked_at=now,
        served_by="known.example",
    )


def _answer(account: LinkedAccount, to: LinkedAccount, now: datetime) -> Outreach:
    return Outreach(
        account=account,
        act_key=str(to.pk),
        target_hash=to.person_hash,
        target_handle=to.handle,
        target_host=to.host,
        kind="reply",
        happened_at=now - timedelta(days=1),
        recorded_at=now,
    )


def session_of(member: Member) -> str:
    """The key of a session in which this member is signed in."""
    session = SessionStore()
    session[SESSION_KEY] = str(member.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = member.get_session_auth_hash()
    session.create()
    return str(session.session_key)
