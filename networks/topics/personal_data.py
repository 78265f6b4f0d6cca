"""What is kept of a member's topics: for the export, and for leaving."""

from accounts.exports.rows import Rows, rows_of
from accounts.models import Member
from networks.topic_models import Topic

TOPIC = ("name", "people", "posts", "from_words", "hidden_at", "counted_at")


def of_member(member: Member) -> Rows:
    return rows_of(Topic.objects.filter(member=member).order_by("key"), *TOPIC)


def erase(member: Member) -> None:
    Topic.objects.filter(member=member).delete()
