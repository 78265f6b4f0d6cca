"""Speaking to a member who is not there: mails are written in their language and zone."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.utils import timezone, translation

from accounts.middleware import zone_of
from accounts.models import Member


@contextmanager
def in_the_language_at(address: str) -> Iterator[None]:
    """For whoever reads mail there: as they chose, if they are a member, else the site's own."""
    reader = Member.objects.filter(email__iexact=address).first() if address else None
    with in_the_language_of(reader or Member()):
        yield


@contextmanager
def in_the_language_of(member: Member) -> Iterator[None]:
    """Texts, numbers and times as the member chose; the site's language where they did not."""
    chosen = member.language
    is_spoken = chosen and translation.check_for_language(chosen)
    language = chosen if is_spoken else settings.LANGUAGE_CODE
    with translation.override(language), timezone.override(zone_of(member.time_zone)):
        yield
