"""A link that says who appreciates you. It holds the inviter and a time, signed, and nothing else.

Nothing is stored about whoever gets it, and we send it to nobody: members pass it on themselves.
"""

from datetime import UTC, datetime, timedelta

from django.core import signing

from accounts.models import Member

LASTS = timedelta(days=30)
_SALT = "gifting.invitation"


def invitation(member: Member, now: datetime) -> str:
    """What the link of this member ends with, from now on for 30 days."""
    return signing.dumps([member.address, int(now.timestamp())], salt=_SALT)


def inviter(token: str, now: datetime) -> Member | None:
    """Who made the link; None if it is older than 30 days, was not made here, or they have left."""
    try:
        address, made = signing.loads(token, salt=_SALT)
    except signing.BadSignature:
        return None
    if now >= datetime.fromtimestamp(made, UTC) + LASTS:
        return None
    return Member.objects.filter(address=address, takes_part=True).first()
