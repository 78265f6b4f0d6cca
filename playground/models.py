"""What changes: apps, codes, tokens, and what is done by hand. The rest is drawn from the seed."""

from typing import ClassVar

from django.db import models


class App(models.Model):
    """A client that registered itself."""

    objects: ClassVar["models.Manager[App]"] = models.Manager()

    name = models.CharField(max_length=60)
    website = models.URLField(max_length=2000, blank=True)
    redirect_uris = models.TextField(help_text="One a line.")
    scopes = models.CharField(max_length=1000)
    client_id = models.CharField(max_length=64, unique=True)
    client_secret = models.CharField(max_length=64)
    registered_at = models.DateTimeField()

    class Meta:
        app_label = "playground"

    def __str__(self) -> str:
        return self.name


class Grant(models.Model):
    """A code given at consent, to be traded once for a token."""

    objects: ClassVar["models.Manager[Grant]"] = models.Manager()

    code = models.CharField(max_length=64, unique=True)
    app = models.ForeignKey(App, on_delete=models.CASCADE)
    app_id: int
    account_id = models.BigIntegerField()
    redirect_uri = models.TextField()
    scopes = models.CharField(max_length=1000)
    challenge = models.CharField(max_length=128, blank=True)
    granted_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        app_label = "playground"

    def __str__(self) -> str:
        return f"grant {self.pk} for {self.app_id}"


class Token(models.Model):
    """Access; without an account it is the app's own."""

    objects: ClassVar["models.Manager[Token]"] = models.Manager()

    token = models.CharField(max_length=64, unique=True)
    app = models.ForeignKey(App, on_delete=models.CASCADE)
    app_id: int
    account_id = models.BigIntegerField(null=True)
    scopes = models.CharField(max_length=1000)
    created_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        app_label = "playground"

    def __str__(self) -> str:
        return f"token {self.pk} of {self.app_id}"


class HandStatus(models.Model):
    """A status, boost or quote made by hand. Ids are snowflakes, given by the code."""

    objects: ClassVar["models.Manager[HandStatus]"] = models.Manager()

    id = models.BigIntegerField(primary_key=True)
    author = models.PositiveIntegerField(help_text="Number of the person.")
    text = models.TextField(blank=True)
    reply_to = models.BigIntegerField(null=True)
    boost_of = models.BigIntegerField(null=True)
    quote_of = models.BigIntegerField(null=True)
    visibility = models.CharField(max_length=10, default="public")

    class Meta:
        app_label = "playground"
        ordering: ClassVar[list[str]] = ["id"]

    def __str__(self) -> str:
        return f"status {self.id}"


class HandDeed(models.Model):
    """An act made by hand; the log is played again at each start."""

    objects: ClassVar["models.Manager[HandDeed]"] = models.Manager()

    class Kind(models.TextChoices):
        FAVOURITE = "favourite"
        UNFAVOURITE = "unfavourite"
        UNBOOST = "unboost"
        DELETE = "delete"
        FOLLOW = "follow"
        UNFOLLOW = "unfollow"

    id = models.BigIntegerField(primary_key=True)
    kind = models.CharField(max_length=12, choices=Kind)
    actor = models.PositiveIntegerField(help_text="Number of the person.")
    target = models.BigIntegerField(help_text="Id of a status, or number of a person.")

    class Meta:
        app_label = "playground"
        ordering: ClassVar[list[str]] = ["id"]

    def __str__(self) -> str:
        return f"{self.kind} {self.target}"
