"""What all members are told once: on their pages until they close it, by mail if they want it."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from smtplib import SMTPException

from django.conf import settings
from django.contrib.postgres.expressions import ArraySubquery
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.db.models.functions import JSONObject
from django.template.loader import render_to_string
from django.urls import reverse

from accounts.models import Member
from accounts.operator_models import Announcement, StaffAct, Told
from accounts.speaking import in_the_language_of
from accounts.staff import note

logger = logging.getLogger(__name__)

MAILED_AT_ONCE = 50


@dataclass(frozen=True)
class Notice:
    """An announcement in words; `links` lead to what it speaks of."""

    id: int
    title: str
    text: str
    links: tuple[tuple[str, str], ...] = ()


# What a coming rule is called and says, given its version; the app that knows rules says it.
Wording = Callable[[Announcement], Notice]


def announce(by: Member, title: str, text: str, until: datetime, now: datetime) -> Announcement:
    with transaction.atomic():
        made = Announcement.objects.create(
            title=title, text=text, made_by=by, made_at=now, shown_until=until
        )
        note(by, StaffAct.What.ANNOUNCED, now, detail=title)
    return made


def announce_rule(rule: str, until: datetime, now: datetime) -> bool:
    """Announce a version of the rule; False if it was announced before."""
    _, is_new = Announcement.objects.get_or_create(
        rule=rule, defaults={"made_at": now, "shown_until": until}
    )
    return is_new


def withdraw(by: Member, announcement_id: int, now: datetime) -> bool:
    """Show it to nobody any more; False where it was withdrawn before, or there is none."""
    with transaction.atomic():
        changed = Announcement.objects.filter(pk=announcement_id, withdrawn_at=None).update(
            withdrawn_at=now
        )
        if changed:
            note(by, StaffAct.What.WITHDREW, now, detail=f"announcement {announcement_id}")
    return bool(changed)


def current(now: datetime) -> QuerySet[Announcement]:
    return Announcement.objects.filter(shown_until__gt=now, withdrawn_at=None)


def with_news(members: QuerySet[Member], now: datetime) -> QuerySet[Member]:
    """The members, each with `news`: what `news_of` reads. It comes along with the row."""
    closed = Told.objects.filter(
        announcement=OuterRef("pk"), member=OuterRef(OuterRef("pk")), dismissed_at__isnull=False
    )
    # Who joined later has nothing to be told about what was before.
    news = current(now).filter(~Exists(closed), made_at__gte=OuterRef("joined_at"))
    fields = {name: name for name in ("id", "rule", "title", "text")}
    told = news.order_by("pk").values(json=JSONObject(**fields))
    return members.annotate(news=ArraySubquery(told))


def news_of(member: Member) -> list[Announcement]:
    """What is announced and a member of `with_news` has not closed yet, the oldest first."""
    return [Announcement(**fields) for fields in getattr(member, "news", ())]


def dismiss(member: Member, announcement_id: int, now: datetime) -> bool:
    """Close it for good; False where there is no such announcement."""
    if not Announcement.objects.filter(pk=announcement_id).exists():
        return False
    Told.objects.get_or_create(announcement_id=announcement_id, member=member)
    Told.objects.filter(announcement_id=announcement_id, member=member, dismissed_at=None).update(
        dismissed_at=now
    )
    return True


def mail_due(wording: Wording, now: datetime) -> int:
    """Mail what is announced to those who want it, each of them once; returns how many."""
    return sum(_mail_one(one, wording, now) for one in current(now))


def _mail_one(announcement: Announcement, wording: Wording, now: datetime) -> int:
    mailed = Told.objects.filter(
        announcement=announcement, member=OuterRef("pk"), mailed_at__isnull=False
    )
    wanting = Member.objects.filter(
        ~Exists(mailed),
        takes_part=True,
        mails_announcements=True,
        joined_at__lte=announcement.made_at,
    )
    sent = 0
    for member in wanting.order_by("pk")[:MAILED_AT_ONCE]:
        if _claim(announcement, member, now):
            sent += _mail(announcement, member, wording)
    return sent


def _claim(announcement: Announcement, member: Member, now: datetime) -> bool:
    """Marked as mailed before it is: better late by hand than twice."""
    of_both = {"announcement": announcement, "member": member}
    Told.objects.bulk_create([Told(**of_both)], ignore_conflicts=True)
    return bool(Told.objects.filter(**of_both, mailed_at=None).update(mailed_at=now))


def _mail(announcement: Announcement, member: Member, wording: Wording) -> int:
    with in_the_language_of(member):
        notice = wording(announcement)
        links = [(words, settings.BASE_URL + path) for words, path in notice.links]
        context = {
            "member": member,
            "notice": notice,
            "links": links,
            "settings_url": settings.BASE_URL + reverse("mail_settings"),
        }
        text = render_to_string("accounts/mail/announcement.txt", context)
    try:
        EmailMessage(notice.title, text, settings.DEFAULT_FROM_EMAIL, [member.email]).send()
    except (OSError, SMTPException):
        logger.warning("an announcement could not be mailed; it is tried again")
        Told.objects.filter(announcement=announcement, member=member).update(mailed_at=None)
        return 0
    return 1
