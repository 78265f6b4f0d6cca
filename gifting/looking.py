"""How often a member may look for people: enough for a person, too little for a list of members."""

from datetime import datetime, timedelta

from django.core.cache import cache

from accounts.models import Member

LOOKS = 40
WINDOW = timedelta(minutes=10)
WINDOW_SECONDS = int(WINDOW.total_seconds())


def may_look(member: Member, now: datetime) -> bool:
    """Count one look of this member; False once there were 40 within ten minutes of the clock."""
    key = f"looks:{member.pk}:{int(now.timestamp()) // WINDOW_SECONDS}"
    cache.add(key, 0, WINDOW_SECONDS)
    try:
        return cache.incr(key) <= LOOKS
    except ValueError:  # it went between the two: the first look of a new window
        return True
