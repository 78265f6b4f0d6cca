"""Who is there when it begins: couples who may give, and members with somebody to link."""

from django.utils import timezone

from accounts.models import Member
from benchmarks.crowd import Couple, make_couples, session_of
from tests.chaos.platforms import Platform, Resident

PER_GIVER = 40

Linker = tuple[int, str, Resident, Platform]


def make(platforms: list[Platform], gifts: int) -> tuple[list[Couple], list[Linker]]:
    """Couples for so many gifts, in an order that spreads the givers; one linker per resident."""
    now = timezone.now()
    couples = make_couples(gifts, PER_GIVER, now, "giver")
    spread = [couple for turn in range(PER_GIVER) for couple in couples[turn::PER_GIVER]]
    linkers = []
    for turn in range(max(len(platform.residents) for platform in platforms)):
        for platform in platforms:
            resident = platform.residents[turn]
            member = Member.objects.create_user(
                f"linker{resident.number}@example.com", name=f"Linker {resident.number}"
            )
            linkers.append((member.pk, session_of(member), resident, platform))
    return spread, linkers
