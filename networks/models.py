"""Linked accounts and what was read of them."""

from datetime import timedelta
from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models.functions import Upper

from networks.connectors.base import OutreachKind, ReactionKind

# In modules of their own; here so that Django finds them.
from networks.consent_models import Consent, Revocation  # noqa: F401
from networks.listening_models import Listening, ListeningWishes, Ping, Rest  # noqa: F401
from networks.picture_models import AccountPicture, PictureChoice  # noqa: F401
from networks.registry import PLATFORMS, platform_choices
from networks.spending_models import Spending  # noqa: F401
from networks.stop_list_models import StopListed  # noqa: F401
from networks.topic_models import Topic  # noqa: F401
from networks.wait_models import HostWait  # noqa: F401

# Standing is kept in thousandths: 0 is nothing to go by, 1000 a settled, lively account.
STANDING_MAX = 1000


def reaction_kinds() -> list[tuple[str, str]]:
    """A callable, so that a platform's new kind makes no migration."""
    return [(kind.value, kind.value) for kind in ReactionKind]


def outreach_kinds() -> list[tuple[str, str]]:
    return [(kind.value, kind.value) for kind in OutreachKind]


class InstanceApp(models.Model):
    """Our registration as an application at one server."""

    platform = models.CharField(max_length=20, choices=platform_choices)
    host = models.CharField(max_length=255)
    redirect_uri = models.URLField(max_length=600)
    client_id = models.CharField(max_length=300)
    client_secret = models.TextField(help_text="Encrypted.")
    scopes = models.CharField(max_length=300)
    registered_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["platform", "host", "redirect_uri"], name="one_app_per_server"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.platform} at {self.host}"


class LinkAttempt(models.Model):
    """One walk to a consent page and back. The state goes out, only its hash stays.

    It is written before the server is asked anything, so that tries at servers that are not
    there count as well; `app` is set once the server knows us.
    """

    state_hash = models.CharField(max_length=64, unique=True)
    member = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)
    session_hash = models.CharField(max_length=64)
    app = models.ForeignKey(InstanceApp, null=True, on_delete=models.CASCADE)
    relink_of = models.ForeignKey(
        "LinkedAccount",
        null=True,
        on_delete=models.CASCADE,
        help_text="The account whose consent is renewed; none: a new one is linked.",
    )
    kept = models.TextField(
        blank=True, help_text="Encrypted: the PKCE verifier and what the connector must remember."
    )
    findable = models.BooleanField()
    started_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["member", "started_at"])]

    def __str__(self) -> str:
        return f"attempt of {self.member_id} at {self.started_at}"


class LinkedAccount(models.Model):
    """A member's verified identity on a platform."""

    class State(models.TextChoices):
        ACTIVE = "active", "active"
        NEEDS_CONSENT = "needs_consent", "needs your consent again"

    member = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="linked_accounts"
    )
    platform = models.CharField(max_length=20, choices=platform_choices)
    host = models.CharField(max_length=255)
    remote_id = models.CharField(max_length=255, help_text="Immutable at its host.")
    handle = models.CharField(max_length=255, help_text="As shown today, e.g. @ada@example.org.")
    name = models.CharField(max_length=255, blank=True)
    url = models.URLField(max_length=500, blank=True)
    person_hash = models.BigIntegerField(
        help_text="Keyed hash of this person, as it stands in other members' reactions."
    )
    app = models.ForeignKey(InstanceApp, null=True, on_delete=models.PROTECT)
    credentials = models.TextField(blank=True, help_text="Encrypted.")
    state = models.CharField(max_length=20, choices=State, default=State.ACTIVE)
    findable = models.BooleanField(
        help_text="People who know this handle may find the member here and give K."
    )
    on_profile = models.BooleanField(
        default=False, help_text="It may stand on what the member shows of themselves."
    )
    linked_at = models.DateTimeField()
    served_by = models.CharField(
        max_length=255, help_text="The server that tells us; its figures count if it is known."
    )
    opened_at = models.DateTimeField(null=True, help_text="When it was opened at its host.")
    standing = models.PositiveSmallIntegerField(default=0)

    # What moves the polls.
    next_poll_at = models.DateTimeField(null=True)
    polling_until = models.DateTimeField(null=True, help_text="Lease of the poll that runs.")
    polling_by = models.BigIntegerField(null=True, help_text="Id of the poll that has the lease.")
    cursor = models.JSONField(default=dict)
    failures = models.PositiveIntegerField(default=0)
    last_problem = models.CharField(max_length=40, blank=True, help_text="Code of the last error.")
    last_problem_at = models.DateTimeField(null=True)
    last_read_at = models.DateTimeField(null=True, help_text="The last good read.")
    first_read_done_at = models.DateTimeField(null=True, help_text="Back-fill finished.")
    listen_at = models.DateTimeField(null=True, help_text="When the sonobuoy is to listen.")
    # Stamped whenever something that a score depends on has changed.
    changed_at = models.DateTimeField(null=True, db_index=True)
    # Stamped whenever it is linked, linked again, called otherwise or made findable, or no more:
    # whoever waits for this handle looks again then.
    introduced_at = models.DateTimeField(null=True, db_index=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["linked_at", "id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["platform", "host", "remote_id"], name="one_member_per_remote_account"
            ),
            models.CheckConstraint(
                condition=models.Q(standing__lte=STANDING_MAX), name="account_standing_in_range"
            ),
            models.CheckConstraint(
                condition=~models.Q(served_by=""), name="account_served_by_somebody"
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["person_hash"]),
            # Handles are looked up in any case.
            models.Index(Upper("handle"), name="account_by_handle"),
            models.Index(
                fields=["next_poll_at"], name="due_for_a_poll", condition=models.Q(state="active")
            ),
            models.Index(
                fields=["listen_at"],
                name="due_for_listening",
                condition=models.Q(listen_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.handle

    @property
    def platform_label(self) -> str:
        return PLATFORMS[self.platform].label

    @property
    def poll_every(self) -> timedelta:
        every: timedelta = PLATFORMS[self.platform].poll_every or settings.POLL_EVERY
        return every


class Poll(models.Model):
    """One attempt to read one linked account."""

    class Outcome(models.TextChoices):
        RUNNING = "running", "running"
        GOOD = "good", "good"
        UNFINISHED = "unfinished", "more to read next time"
        FAILED = "failed", "failed"

    account = models.ForeignKey(LinkedAccount, on_delete=models.CASCADE, related_name="polls")
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=12, choices=Outcome, default=Outcome.RUNNING)
    problem = models.CharField(max_length=40, blank=True)
    progress = models.CharField(max_length=200, blank=True)
    pages = models.PositiveIntegerField(default=0)
    posts = models.PositiveIntegerField(default=0)
    reactions = models.PositiveIntegerField(default=0)
    outreach = models.PositiveIntegerField(default=0)
    set_aside = models.PositiveIntegerField(default=0)

    class Meta:
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["account", "-started_at"])]

    def __str__(self) -> str:
        return f"poll of {self.account_id} at {self.started_at}"


class Post(models.Model):
    """One of the member's own posts."""

    account = models.ForeignKey(LinkedAccount, on_delete=models.CASCADE, related_name="posts")
    remote_id = models.CharField(max_length=255)
    url = models.URLField(max_length=500, blank=True)
    excerpt = models.CharField(max_length=280, blank=True)
    tags = models.JSONField(default=list)
    phrases = models.JSONField(
        null=True, help_text="What its words are about, where it has no tags; empty: not looked at."
    )
    posted_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["account", "remote_id"], name="post_once_per_account"),
        ]
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["account", "posted_at"])]

    def __str__(self) -> str:
        return self.url


class Reaction(models.Model):
    """Somebody did something to the member's words. The somebody is a keyed hash and a weight."""

    account = models.ForeignKey(LinkedAccount, on_delete=models.CASCADE, related_name="reactions")
    act_hash = models.BigIntegerField(help_text="Keyed hash of the act.")
    responder_hash = models.BigIntegerField(db_index=True, help_text="Keyed hash of the person.")
    kind = models.CharField(max_length=12, choices=reaction_kinds)
    standing = models.PositiveSmallIntegerField(
        help_text="Thousandths; 0 where the responder's own host is not known."
    )
    post = models.ForeignKey(Post, null=True, on_delete=models.SET_NULL, related_name="reactions")
    post_remote_id = models.CharField(
        max_length=255, blank=True, help_text="Tells the post, also while it is not read yet."
    )
    happened_at = models.DateTimeField()
    recorded_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["account", "act_hash"], name="reaction_once_per_account"
            ),
            models.CheckConstraint(
                condition=models.Q(standing__lte=STANDING_MAX), name="reaction_standing_in_range"
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["account", "happened_at"]),
            models.Index(fields=["happened_at"]),
            models.Index(
                fields=["account", "post_remote_id"],
                name="reaction_waits_for_its_post",
                condition=models.Q(post=None) & ~models.Q(post_remote_id=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} at {self.happened_at}"


class Outreach(models.Model):
    """The member did something to somebody else's words. The member's own data, names and all."""

    account = models.ForeignKey(LinkedAccount, on_delete=models.CASCADE, related_name="outreach")
    act_key = models.CharField(max_length=300)
    target_hash = models.BigIntegerField(db_index=True, help_text="Keyed hash of the person.")
    target_handle = models.CharField(max_length=255)
    target_name = models.CharField(max_length=255, blank=True)
    target_host = models.CharField(max_length=255)
    target_url = models.URLField(max_length=500, blank=True)
    kind = models.CharField(max_length=12, choices=outreach_kinds)
    url = models.URLField(max_length=500, blank=True)
    happened_at = models.DateTimeField()
    recorded_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["account", "act_key"], name="outreach_once_per_account"
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["account", "happened_at"])]

    def __str__(self) -> str:
        return f"{self.kind} to {self.target_handle}"


class ProvenSite(models.Model):
    """What is known of the proof of an account that needed no consent, and its own mailbox."""

    account = models.OneToOneField(LinkedAccount, on_delete=models.CASCADE, related_name="site")
    endpoint = models.CharField(max_length=24, help_text="Where Webmentions for it are sent.")
    seen_at = models.DateTimeField(help_text="When the proof was last seen.")
    lost_at = models.DateTimeField(null=True, help_text="Since when it is missing.")
    look_at = models.DateTimeField(null=True, db_index=True, help_text="When to look again.")

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["endpoint"], name="endpoint_of_one_site"),
        ]

    def __str__(self) -> str:
        return f"proof of {self.account_id}"


class Webmention(models.Model):
    """Somebody says that their page links to a member's. Their address stays only while we look."""

    class Outcome(models.TextChoices):
        WAITING = "waiting", "waiting to be looked at"
        COUNTED = "counted", "it links there"
        REFUSED = "refused", "it does not link there"
        GONE = "gone", "it does not link there any more"

    account = models.ForeignKey(LinkedAccount, on_delete=models.CASCADE, related_name="webmentions")
    mention_hash = models.BigIntegerField(help_text="Keyed hash of source and target.")
    responder_hash = models.BigIntegerField(help_text="Keyed hash of whose page it is.")
    source = models.CharField(max_length=2000, blank=True)
    target = models.CharField(max_length=2000, blank=True)
    outcome = models.CharField(max_length=8, choices=Outcome, default=Outcome.WAITING)
    received_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True, db_index=True)
    tries = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["account", "mention_hash"], name="webmention_once_per_source_and_target"
            ),
            models.CheckConstraint(
                condition=models.Q(due_at=None, source="", target="")
                | (models.Q(due_at__isnull=False) & ~models.Q(source="") & ~models.Q(target="")),
                name="webmention_keeps_addresses_while_due",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["account", "received_at"]),
            models.Index(fields=["responder_hash", "received_at"]),
        ]

    def __str__(self) -> str:
        return f"{self.outcome} webmention of {self.received_at}"


class Reading(models.Model):
    """One UTC day's counts of one account; the first good read of the day stands."""

    account = models.ForeignKey(LinkedAccount, on_delete=models.CASCADE, related_name="readings")
    read_on = models.DateField()
    read_at = models.DateTimeField()
    followers = models.PositiveBigIntegerField(null=True)
    curation = models.PositiveBigIntegerField(null=True)
    posts = models.PositiveBigIntegerField(null=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["account", "read_on"], name="one_reading_per_day"),
        ]
        indexes: ClassVar[list[models.Index]] = [
            # The last days of everybody's, which lie together.
            BrinIndex(fields=["read_on"], name="readings_by_day"),
        ]

    def __str__(self) -> str:
        return f"reading of {self.account_id} on {self.read_on}"


class KnownHost(models.Model):
    """A host that members' own outreach made known (the listed ones are in `known_hosts`)."""

    platform = models.CharField(max_length=20, choices=platform_choices)
    host = models.CharField(max_length=255)
    people = models.PositiveIntegerField(help_text="Distinct people members reached out to there.")
    known_since = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["platform", "host"], name="known_host_once"),
        ]

    def __str__(self) -> str:
        return self.host


class HostAccuracy(models.Model):
    """How often a server told more of people elsewhere than their own servers do."""

    platform = models.CharField(max_length=20, choices=platform_choices)
    host = models.CharField(max_length=255)
    looked_up = models.PositiveIntegerField(default=0)
    told_more = models.PositiveIntegerField(default=0)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["platform", "host"], name="host_accuracy_once"),
            models.CheckConstraint(
                condition=models.Q(told_more__lte=models.F("looked_up")),
                name="told_more_among_looked_up",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.host}: {self.told_more} of {self.looked_up}"
