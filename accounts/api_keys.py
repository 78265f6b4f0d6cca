"""Stories of API keys, and of being visible in the API."""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import ngettext

from accounts.api_models import ApiKey, ApiPresence, KeptAnswer
from accounts.audit import Event, record
from accounts.models import Member

KEYS_AT_MOST = 20
# Letters and digits that nobody mixes up; clients of the old API expect 24 of them.
ALPHABET = "abcdefghijkmnpqrstuvwxyz23456789"
KEY_LENGTH = 24


class Refused(Exception):
    """It cannot be; the message says what happened, what was kept and what to do next."""


@dataclass(frozen=True)
class KeyHolder:
    """Whose key it is and what it opens."""

    key_id: int
    member_id: int
    scopes: tuple[str, ...]


def digest_of(key: str) -> str:
    """What is kept of a key: SHA-256 in hexadecimal digits."""
    return hashlib.sha256(key.encode(errors="replace")).hexdigest()


def make_key(member: Member, name: str, scopes: Sequence[str], now: datetime) -> str:
    """A new key, shown this once. Raises Refused where the member has as many as there may be."""
    key = "".join(secrets.choice(ALPHABET) for place in range(KEY_LENGTH))
    with transaction.atomic():
        # One after the other, so that two requests at once do not make one key too many.
        Member.objects.select_for_update(no_key=True).get(pk=member.pk)
        if keys_in_use(member).count() >= KEYS_AT_MOST:
            raise Refused(
                ngettext(
                    "You have %(most)s key, as many as there may be. Nothing was made. "
                    "Revoke one that is no longer used, then make a new one.",
                    "You have %(most)s keys, as many as there may be. Nothing was made. "
                    "Revoke one that is no longer used, then make a new one.",
                    KEYS_AT_MOST,
                )
                % {"most": KEYS_AT_MOST}
            )
        ApiKey.objects.create(
            member=member,
            name=name,
            begins=key[:6],
            digest=digest_of(key),
            scopes=list(scopes),
            made_at=now,
        )
        record(member, Event.KEY_MADE, now, detail=name)
    return key


def keys_in_use(member: Member) -> QuerySet[ApiKey]:
    return ApiKey.objects.filter(member=member, revoked_at=None)


def revoke_key(member: Member, key_id: int, now: datetime) -> ApiKey | None:
    """End a key of this member; None where there is none. Ending it twice is ending it once."""
    key = ApiKey.objects.filter(member=member, pk=key_id).first()
    if key is None:
        return None
    with transaction.atomic():
        if ApiKey.objects.filter(pk=key.pk, revoked_at=None).update(revoked_at=now):
            record(member, Event.KEY_REVOKED, now, detail=key.name)
    return key


def revoke_all(member: Member, now: datetime) -> None:
    """End every key of this member."""
    for key_id in list(keys_in_use(member).values_list("pk", flat=True)):
        revoke_key(member, key_id, now)


def key_of(digest: str, today: date) -> ApiKey | None:
    """The key with this digest, and its member; None for one that is unknown, revoked, or of
    somebody shut out.

    Notes the day of use, once a day at most.
    """
    key = (
        ApiKey.objects.filter(digest=digest, revoked_at=None, member__takes_part=True)
        .select_related("member")
        .first()
    )
    if key is not None and key.last_used_on != today:
        ApiKey.objects.filter(Q(pk=key.pk), ~Q(last_used_on=today) | Q(last_used_on=None)).update(
            last_used_on=today
        )
    return key


def holder_of(digest: str, today: date) -> KeyHolder | None:
    """Whose key has this digest, and what it opens, as it is kept apart from Postgres."""
    key = key_of(digest, today)
    return None if key is None else KeyHolder(key.pk, key.member_id, tuple(key.scopes))


def set_visible(member: Member, is_visible: bool, now: datetime) -> None:
    """Let the API answer with this member's score, or no more. The number stays the same."""
    ApiPresence.objects.update_or_create(
        member=member, defaults={"is_visible": is_visible, "changed_at": now}
    )


def keys_data(member: Member) -> dict[str, object]:
    """For the export: what there is about keys, none of which opens anything."""
    presence = ApiPresence.objects.filter(member=member).values("kloutid", "is_visible")
    return {
        "keys": list(
            ApiKey.objects.filter(member=member).values(
                "name", "begins", "scopes", "made_at", "last_used_on", "revoked_at"
            )
        ),
        "answers": list(
            KeptAnswer.objects.filter(member=member)
            .order_by("answered_at", "pk")
            .values("key", "status", "body", "answered_at")
        ),
        "in_the_api": [
            {"kloutid": str(row["kloutid"]), "is_visible": row["is_visible"]} for row in presence
        ],
    }
