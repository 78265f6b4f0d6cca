"""A member with a life of half a year, signed in several times."""

from django.utils import timezone

from accounts.models import Member
from benchmarks.crowd import session_of
from tests import lives

NAMES = ("Ada Lind", "Grace Oduya", "Mallory Vex")


def sessions_of_a_member(count: int) -> tuple[Member, list[str]]:
    """The member, and the keys of `count` sessions of theirs."""
    ada, grace, mallory = (
        Member.objects.create_user(f"{name.split()[0].lower()}@example.com", name=name)
        for name in NAMES
    )
    lives.full_life(ada, grace, mallory, timezone.now())
    return ada, [session_of(ada) for _ in range(count)]
