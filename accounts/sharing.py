"""Stories of showing oneself: the public name, the profile, share links and the badge."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.audit import Event, record
from accounts.models import Member
from accounts.public_names import KEPT_BACK, RESERVED, folded, is_plain, name_hash
from accounts.sharing_models import Badge, Profile, PublicName, ShareLink

LINKS_AT_MOST = 20
# How long one sees that a link has ended, before it is forgotten.
ENDED_LINKS_SHOWN = timedelta(days=30)


class Refused(Exception):
    """It cannot be; the message says what happened, what was kept and what to do next."""


def take_name(member: Member, wanted: str, now: datetime) -> str:
    """Give the member this public name, in place of the one they have. Raises Refused.

    One that somebody else has or had, and a reserved one, are refused with the same words.
    """
    name = folded(wanted)
    if not is_plain(name):
        raise Refused(
            _(
                "A name has 3 to 30 characters: letters from a to z, digits, _ and -. "
                "Nothing was changed. Please choose another."
            )
        )
    if name in RESERVED or not _took(member, name, now):
        raise Refused(_("This name is not free. Nothing was changed. Please choose another."))
    return name


def _took(member: Member, name: str, now: datetime) -> bool:
    """The constraints decide between two who want one name at once."""
    try:
        with transaction.atomic():
            Member.objects.select_for_update().get(pk=member.pk)
            mine = PublicName.objects.filter(member=member, name=name)
            if mine.exists():
                return True
            give_up_name(member, now)
            hashed = name_hash(name)
            fresh = {"name": name, "member": member, "taken_at": now, "free_at": None}
            again = PublicName.objects.filter(name_hash=hashed).filter(
                Q(member=member) | Q(free_at__lte=now)
            )
            if not again.update(**fresh):
                PublicName.objects.create(name_hash=hashed, **fresh)
    except IntegrityError:
        return False
    return True


def give_up_name(member: Member, now: datetime) -> None:
    """From now on nothing is at the name, and for two years nobody else can take it."""
    PublicName.objects.filter(member=member, free_at=None).update(name="", free_at=now + KEPT_BACK)


@dataclass(frozen=True)
class ProfileChoices:
    """What a member chose for their profile; `is_public` publishes it."""

    is_public: bool
    about: str
    shows_score: bool
    is_indexed: bool
    shows_topics: bool = False


def choose_profile(member: Member, chosen: ProfileChoices, now: datetime) -> None:
    """Save what stands on the profile. Raises Refused if it has no name to be found at."""
    if chosen.is_public and not PublicName.objects.filter(member=member, free_at=None).exists():
        raise Refused(
            _("A public profile needs an address. Nothing was changed. Choose an address first.")
        )
    with transaction.atomic():
        Profile.objects.get_or_create(member=member)
        profile = Profile.objects.select_for_update().get(member=member)
        if chosen.is_public != (profile.published_at is not None):
            event = Event.PUBLISHED if chosen.is_public else Event.WITHDRAWN
            record(member, event, now, detail="profile")
        profile.published_at = (profile.published_at or now) if chosen.is_public else None
        profile.about = chosen.about
        profile.shows_score = chosen.shows_score
        profile.shows_topics = chosen.shows_topics
        profile.is_indexed = chosen.is_indexed
        profile.save()


def shows_topics(member: Member) -> bool:
    """Whether others see what the member is answered on."""
    return Profile.objects.filter(
        member=member, published_at__isnull=False, shows_topics=True
    ).exists()


@dataclass(frozen=True)
class LinkChoices:
    """What a share link shows, for how long, and what its owner calls it."""

    label: str
    lasts: timedelta
    shows_score: bool
    shows_words: bool
    shows_networks: bool


def make_link(member: Member, chosen: LinkChoices, now: datetime) -> ShareLink:
    """A new share link. Raises Refused at the most that a member may have."""
    with transaction.atomic():
        Member.objects.select_for_update().get(pk=member.pk)
        if ShareLink.objects.filter(member=member, ends_at__gt=now).count() >= LINKS_AT_MOST:
            raise Refused(
                _(
                    "You have %(most)d links that work. No other was made; all of them still "
                    "work. Revoke one first."
                )
                % {"most": LINKS_AT_MOST}
            )
        record(member, Event.PUBLISHED, now, detail="share link")
        return ShareLink.objects.create(
            member=member,
            label=chosen.label,
            shows_score=chosen.shows_score,
            shows_words=chosen.shows_words,
            shows_networks=chosen.shows_networks,
            made_at=now,
            ends_at=now + chosen.lasts,
        )


def revoke_link(member: Member, link_id: int, now: datetime) -> bool:
    """Whether the member had such a link; it is gone now."""
    with transaction.atomic():
        deleted, _rows = ShareLink.objects.filter(member=member, pk=link_id).delete()
        if deleted:
            record(member, Event.WITHDRAWN, now, detail="share link")
    return deleted > 0


def stop_showing(member: Member, now: datetime) -> None:
    """Links and the badge show nothing any more, and the profile is not public."""
    for link_id in list(ShareLink.objects.filter(member=member).values_list("pk", flat=True)):
        revoke_link(member, link_id, now)
    revoke_badge(member, now)
    if Profile.objects.filter(member=member, published_at__isnull=False).update(published_at=None):
        record(member, Event.WITHDRAWN, now, detail="profile")


def note_opened(link: ShareLink, now: datetime) -> None:
    """Remember the day, once a day, and nothing of who opened it."""
    today = now.date()
    if link.opened_on != today:
        ShareLink.objects.filter(pk=link.pk).update(opened_on=today)


def make_badge(member: Member, now: datetime) -> None:
    """A badge at a new address; that of an older one shows nothing any more."""
    with transaction.atomic():
        Member.objects.select_for_update().get(pk=member.pk)
        revoke_badge(member, now)
        Badge.objects.create(member=member, made_at=now)
        record(member, Event.PUBLISHED, now, detail="badge")


def revoke_badge(member: Member, now: datetime) -> str:
    """The address at which nothing is shown any more; empty if there was none."""
    address = Badge.objects.filter(member=member).values_list("address", flat=True).first()
    if address:
        with transaction.atomic():
            Badge.objects.filter(member=member).delete()
            record(member, Event.WITHDRAWN, now, detail="badge")
    return address or ""


def forget_what_ended(now: datetime) -> None:
    """Links that ended a while ago, and names that are free again."""
    ShareLink.objects.filter(ends_at__lt=now - ENDED_LINKS_SHOWN).delete()
    PublicName.objects.filter(free_at__lt=now).delete()
