"""What the sonobuoy keeps about a member: for the export, and for leaving."""

from typing import Any

from accounts.models import Member
from networks.listening_models import Listening, ListeningWishes, Ping, Rest
from networks.models import LinkedAccount

HEARD = ("heard_to", "spoke_at", "silent_days", "usual_days", "limit_days")
SAID = ("threshold_days", "resting_since", "left_at", "muted_at", "unanswered", "stopped_at")
PING = (
    *("silent_since", "heard_to", "silent_days", "usual_days", "limit_days", "is_chosen"),
    *("is_last", "made_at", "ended_at", "end", "mail_due_at", "mailed_at"),
)
REST = ("began_at", "ended_at")
WISHES = (
    *("wants_pings", "quiet_from", "quiet_until", "wants_weekly"),
    *("weekly_not_before", "weekly_told_until"),
)


def of_account(account: LinkedAccount) -> dict[str, object]:
    """What was heard and said of one account, with its pings and rests."""
    heard = Listening.objects.filter(account=account).values(*HEARD, *SAID).first()
    return {
        "sonobuoy": heard,
        "pings": _rows(Ping.objects.filter(account=account).order_by("made_at"), PING),
        "rests": _rows(Rest.objects.filter(account=account).order_by("began_at"), REST),
    }


def of_member(member: Member) -> dict[str, object]:
    rests = Rest.objects.filter(member=member, account=None).order_by("began_at")
    return {
        "rests": _rows(rests, REST),
        "mail": ListeningWishes.objects.filter(member=member).values(*WISHES).first(),
    }


def erase(member: Member) -> None:
    """What hangs on the member; the rest goes with each account."""
    ListeningWishes.objects.filter(member=member).delete()
    Rest.objects.filter(member=member).delete()


def _rows(rows: Any, fields: tuple[str, ...]) -> list[dict[str, Any]]:
    return list(rows.values(*fields))
