"""What a member chose about being shown, found and mailed."""

from accounts.models import Member
from gifting.member_models import Choices


def choices_of(member: Member) -> Choices:
    """Their row, or one that says no to everything and is not stored."""
    return Choices.objects.filter(hand__member=member).first() or Choices()
