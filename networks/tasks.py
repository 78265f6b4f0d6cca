"""What Celery runs for `networks`. Messages carry ids only; rows say what is due."""

from datetime import datetime

from celery import shared_task
from django.utils import timezone

from networks import known_hosts
from networks.models import Poll
from networks.services import (
    claim_due,
    pictures,
    poll_many,
    proving,
    revocations,
    stop_list,
    webmentions,
)
from networks.services.polling import CLAIM
from networks.sonobuoy import listening, mail
from networks.topics import counting

# As many as one worker process reads at the same time.
CLAIMED_AT_ONCE = 200


@shared_task  # type: ignore[untyped-decorator]
def poll_due() -> None:
    """Hand out what is due, until nothing is."""
    now = timezone.now()
    while ids := claim_due(now, CLAIMED_AT_ONCE):
        poll_accounts.delay(ids=ids, claimed_until=(now + CLAIM).isoformat())


@shared_task  # type: ignore[untyped-decorator]
def poll_accounts(ids: list[int], claimed_until: str = "") -> None:
    """Read some accounts; ids that are gone, being read or due at another time are passed over."""
    claim = datetime.fromisoformat(claimed_until) if claimed_until else None
    polls = poll_many(ids, timezone.now(), claim)
    if any(poll.outcome == Poll.Outcome.UNFINISHED for poll in polls):
        poll_due.delay()


@shared_task  # type: ignore[untyped-decorator]
def refresh_known_hosts() -> None:
    known_hosts.refresh_known_hosts(timezone.now())


@shared_task  # type: ignore[untyped-decorator]
def look_at_proofs_due() -> None:
    """Hand out the sites whose proof is to be looked at again, until none is."""
    while ids := proving.claim_sites(timezone.now()):
        for site_id in ids:
            look_at_proof.delay(site_id)


@shared_task  # type: ignore[untyped-decorator]
def look_at_proof(site_id: int) -> None:
    proving.look_again(site_id, timezone.now())


@shared_task  # type: ignore[untyped-decorator]
def verify_webmentions_due() -> None:
    """Hand out the Webmentions that wait to be looked at, until none does."""
    while ids := webmentions.claim_webmentions(timezone.now()):
        for webmention_id in ids:
            verify_webmention.delay(webmention_id)


@shared_task  # type: ignore[untyped-decorator]
def verify_webmention(webmention_id: int) -> None:
    webmentions.verify_webmention(webmention_id, timezone.now())


@shared_task  # type: ignore[untyped-decorator]
def revoke_due() -> None:
    """Take back the access that members who left had given."""
    revocations.revoke_due(timezone.now())


@shared_task  # type: ignore[untyped-decorator]
def forget_stopped_due() -> None:
    """Delete what is stored of people who asked not to be counted."""
    while stop_list.forget_due(timezone.now()):
        pass


@shared_task  # type: ignore[untyped-decorator]
def fetch_pictures_due() -> None:
    """Hand out the pictures that are due, until none is."""
    while ids := pictures.claim_due(timezone.now()):
        for account_id in ids:
            fetch_picture.delay(account_id)


@shared_task  # type: ignore[untyped-decorator]
def fetch_picture(account_id: int) -> None:
    pictures.fetch(account_id, timezone.now())


@shared_task  # type: ignore[untyped-decorator]
def listen_due() -> None:
    """Judge what was read since it was judged, until nothing is due."""
    while ids := listening.claim_due(timezone.now()):
        listening.listen(ids, timezone.now())


@shared_task  # type: ignore[untyped-decorator]
def mail_pings_due() -> None:
    mail.mail_pings(timezone.now())


@shared_task  # type: ignore[untyped-decorator]
def count_topics() -> None:
    """Once a night, for everybody."""
    counting.count_all(timezone.now())
