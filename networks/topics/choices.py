"""Hiding a topic, and showing it again."""

from datetime import datetime

from networks.topic_models import Topic


def hide(topic: Topic, now: datetime) -> None:
    """Nobody else sees it from now on, however often it is counted. Again changes nothing."""
    Topic.objects.filter(pk=topic.pk, hidden_at=None).update(hidden_at=now)


def show(topic: Topic) -> None:
    """One that nobody responds under any more is simply forgotten."""
    Topic.objects.filter(pk=topic.pk, people=0).delete()
    Topic.objects.filter(pk=topic.pk).update(hidden_at=None)
