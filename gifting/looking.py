"""How often a member may look for people: enough for a person, too little for a list of members."""

from datetime import datetime, timedelta

from accounts.counting import is_within
from accounts.models import Member

LOOKS = 40
WINDOW = timedelta(minutes=10)


def may_look(member: Member, now: datetime) -> bool:
    """Count one look of this member; False once there were 40 within ten minutes of the clock."""
    return is_within(f"looks:{member.pk}", LOOKS, WINDOW, now)
