"""What others see of a member: put together from the apps, by what its owner chose.

Whatever is private, unknown, revoked or has ended is found by nobody: one query, no row.
"""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet
from django.urls import reverse

from accounts.models import Member
from accounts.public_names import folded, is_plain
from accounts.sharing_models import Profile, PublicName, ShareLink
from gifting.selectors import Appreciation, appreciation, shown_appreciation
from networks.shown import ShownAccount, accounts_shown
from networks.topic_models import Topic
from networks.topics.selectors import topics_of
from scoring.selectors import PublicScore, public_score


@dataclass(frozen=True)
class Shown:
    """A page about a member. What its owner keeps for themselves is None, or empty."""

    member: Member
    path: str
    preview: str
    public_name: str = ""
    about: str = ""
    wants_score: bool = False
    score: PublicScore | None = None
    appreciation: Appreciation | None = None
    topics: tuple[Topic, ...] = ()
    accounts: tuple[ShownAccount, ...] = ()
    is_indexed: bool = False
    ends_at: datetime | None = None


def profile_at(name: str, now: datetime) -> Shown | None:
    """The public profile at `/@name/`; None for a name nobody has, and for a private one."""
    profile = find_profile(name)
    return shown_profile(profile, folded(name), now) if profile else None


def find_profile(name: str) -> Profile | None:
    return _published(name).first()


def profile_for_programs(name: str, now: datetime) -> Shown | None:
    """The same where its owner lets the API answer as well; all others are one query, no row."""
    wanted = folded(name)
    asked = _published(wanted if is_plain(wanted) else "")
    answered = asked.filter(member__api_presence__is_visible=True)
    profile = answered.select_related("member__api_presence").first()
    return shown_profile(profile, wanted, now) if profile else None


def _published(name: str) -> QuerySet[Profile]:
    return Profile.objects.filter(
        published_at__isnull=False,
        member__takes_part=True,
        member__public_names__name=folded(name),
        member__public_names__free_at=None,
    ).select_related("member")


def shown_profile(profile: Profile, name: str, now: datetime) -> Shown:
    """As others see it once it is published, whether it is or not."""
    member = profile.member
    return Shown(
        member=member,
        path=reverse("profile", args=[name]) if name else "",
        preview=f"@{name}" if name else "",
        public_name=name,
        about=profile.about,
        wants_score=profile.shows_score,
        score=public_score(member, now) if profile.shows_score else None,
        appreciation=shown_appreciation(member, now),
        topics=tuple(topics_of(member)) if profile.shows_topics else (),
        accounts=tuple(accounts_shown(member)),
        is_indexed=profile.is_indexed,
    )


def find_link(address: str, now: datetime) -> ShareLink | None:
    """The share link; None for one that is unknown, was revoked or has ended."""
    return (
        ShareLink.objects.filter(address=address, ends_at__gt=now, member__takes_part=True)
        .select_related("member")
        .first()
    )


def shown_link(link: ShareLink, now: datetime) -> Shown:
    """What whoever has the link sees."""
    member = link.member
    return Shown(
        member=member,
        path=reverse("shared", args=[link.address]),
        preview=link.address,
        wants_score=link.shows_score,
        score=public_score(member, now) if link.shows_score else None,
        appreciation=appreciation(member, now) if link.shows_words else None,
        accounts=tuple(accounts_shown(member)) if link.shows_networks else (),
        ends_at=link.ends_at,
    )


def own_profile(member: Member) -> tuple[Profile, str]:
    """The member's profile as it was chosen so far, and their public name, if they have one."""
    profile = Profile.objects.filter(member=member).first() or Profile(member=member)
    names = PublicName.objects.filter(member=member, free_at=None)
    return profile, names.values_list("name", flat=True).first() or ""
