"""What a member chose for their profile: one form, three apps that keep a part of it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from accounts import sharing
from accounts.models import Member
from gifting.selectors import choices_of
from gifting.services.showing import show_appreciation
from klout.showing import own_profile
from networks.shown import OwnAccount, choose_shown


def profile_initial(member: Member, accounts: list[OwnAccount]) -> dict[str, object]:
    """The choices as they are, for the form."""
    profile, _name = own_profile(member)
    return {
        "is_public": profile.published_at is not None,
        "shows_score": profile.shows_score,
        "shows_topics": profile.shows_topics,
        "shows_words": choices_of(member).shows_appreciation,
        "accounts": [one.number for one in accounts if one.is_shown],
        "about": profile.about,
        "is_indexed": profile.is_indexed,
    }


def choose_profile(member: Member, said: Mapping[str, Any], now: datetime) -> None:
    """Save all of it or nothing. Raises sharing.Refused."""
    with transaction.atomic():
        sharing.choose_profile(
            member,
            sharing.ProfileChoices(
                is_public=said["is_public"],
                about=said["about"],
                shows_score=said["shows_score"],
                shows_topics=said["shows_topics"],
                is_indexed=said["is_indexed"],
            ),
            now,
        )
        choose_shown(member, set(said["accounts"]))
        show_appreciation(member, shows=said["shows_words"])
