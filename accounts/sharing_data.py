"""What a member shows of themselves: for the export, and for leaving."""

from datetime import datetime

from django.db.models import Q

from accounts import sharing
from accounts.models import Member
from accounts.sharing_models import Badge, Profile, PublicName, ShareLink, SideBySide


def export(member: Member) -> dict[str, object]:
    """Addresses of links and badge are left out: a leaked export opens nothing."""
    links = ShareLink.objects.filter(member=member).order_by("made_at", "id")
    asked = SideBySide.objects.filter(asker=member).order_by("asked_at", "id")
    was_asked = SideBySide.objects.filter(other=member).select_related("asker")
    badge = Badge.objects.filter(member=member).first()
    return {
        "picture": member.picture,
        "public_names": list(
            PublicName.objects.filter(member=member)
            .order_by("taken_at", "id")
            .values("name", "taken_at", "free_at")
        ),
        "profile": Profile.objects.filter(member=member)
        .values("published_at", "about", "shows_score", "shows_topics", "is_indexed")
        .first(),
        "share_links": list(
            links.values(
                "label",
                "shows_score",
                "shows_words",
                "shows_networks",
                "made_at",
                "ends_at",
                "opened_on",
            )
        ),
        "badge_made_at": badge.made_at if badge else None,
        # Whether there was somebody, or a no, is not told here either.
        "asked_to_compare": list(asked.values("asked_as", "asked_at", "agreed_at")),
        "was_asked_to_compare": [
            {
                "by": one.asker.name,
                "asked_at": one.asked_at,
                "agreed_at": one.agreed_at,
                "declined_at": one.declined_at,
            }
            for one in was_asked.order_by("asked_at", "id")
        ],
    }


def erase(member: Member, now: datetime) -> None:
    """Nothing is shown any more; the name is kept back without whose it was."""
    Badge.objects.filter(member=member).delete()
    ShareLink.objects.filter(member=member).delete()
    Profile.objects.filter(member=member).delete()
    _leave_side_by_side(member)
    sharing.give_up_name(member, now)
    PublicName.objects.filter(member=member).update(member=None)


def _leave_side_by_side(member: Member) -> None:
    """To whoever asked in vain it goes on looking as if nobody had answered."""
    agreed = Q(asker=member) | Q(other=member, agreed_at__isnull=False)
    SideBySide.objects.filter(agreed).delete()
    SideBySide.objects.filter(other=member).update(other=None, declined_at=None)
