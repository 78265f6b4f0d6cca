"""Which topics a member has."""

from dataclasses import dataclass

from django.db.models import QuerySet

from accounts.models import Member
from networks.topic_models import Topic
from networks.topics.counting import TOPICS_AT_MOST


@dataclass(frozen=True)
class OwnTopics:
    """What the owner sees: what others may see, and what is hidden from them."""

    shown: list[Topic]
    hidden: list[Topic]


def topics_of(member: Member | int) -> QuerySet[Topic]:
    """Those that are not hidden, the one under which most people responded first."""
    found = Topic.objects.filter(member=member, hidden_at=None)
    return found.order_by("-people", "-posts", "key")[:TOPICS_AT_MOST]


def own_topics(member: Member) -> OwnTopics:
    hidden = Topic.objects.filter(member=member, hidden_at__isnull=False)
    return OwnTopics(list(topics_of(member)), list(hidden.order_by("key")))
