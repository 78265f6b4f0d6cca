"""The pause of a whole account: nothing is read, scored or mailed, and nobody sees the member.

Not the same as resting: whoever rests is still seen and read, and only the clocks of the score
stand still. What a pause stops reads one column, `Member.takes_part`.
"""

from datetime import datetime

from django.db import transaction
from django.http import HttpRequest

from accounts.audit import Event, record
from accounts.models import Member


def pause(member: Member, now: datetime, request: HttpRequest | None = None) -> bool:
    """Begin a pause; False if there is one already, which goes on."""
    with transaction.atomic():
        began = Member.objects.filter(pk=member.pk, paused_at=None).update(paused_at=now)
        if began:
            record(member, Event.PAUSED, now, request=request)
    return bool(began)


def resume(member: Member, now: datetime, request: HttpRequest | None = None) -> bool:
    """End the pause; False if there was none. What was due meanwhile is due now."""
    with transaction.atomic():
        ended = Member.objects.filter(pk=member.pk, paused_at__isnull=False).update(paused_at=None)
        if ended:
            record(member, Event.RESUMED, now, request=request)
    return bool(ended)
