"""What a member is answered on, as it was counted last."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from networks.connectors.tags import MAX_TAG


class Topic(models.Model):
    """One topic of one member. A hidden one stays, so that it is not counted into sight again."""

    member = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="topics"
    )
    key = models.CharField(max_length=MAX_TAG, help_text="The name without what is between words.")
    name = models.CharField(max_length=MAX_TAG, help_text="As most of the posts spell it.")
    people = models.PositiveIntegerField(help_text="Who responded under it within 90 days.")
    posts = models.PositiveIntegerField(help_text="Under which of the member's posts.")
    from_words = models.BooleanField(help_text="No tag said it: it was found in the words.")
    hidden_at = models.DateTimeField(null=True, help_text="Since when its owner hides it.")
    counted_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["member", "key"], name="topic_once_per_member"),
            models.CheckConstraint(condition=~Q(key="") & ~Q(name=""), name="topic_has_a_name"),
        ]

    def __str__(self) -> str:
        return self.name
