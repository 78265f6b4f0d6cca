"""To what members agree when they link an account, and the record of it."""

from datetime import datetime

from accounts.models import Member
from networks.consent_models import Consent
from networks.models import LinkedAccount

# Version of the words shown at linking: the permissions of the platform, what is done with what is
# read, and the question about being found. A test holds it to the templates.
WORDS = "2026-11"
SHOWN = 100


def give(account: LinkedAccount, now: datetime) -> Consent:
    """Record the yes by which this account is linked, in place of the one in force, if any."""
    end(account, now, Consent.Ended.RENEWED)
    return Consent.objects.create(
        member_id=account.member_id,
        account=account,
        platform=account.platform,
        handle=account.handle,
        words=WORDS,
        scopes=account.app.scopes if account.app else "",
        findable=account.findable,
        given_at=now,
    )


def end(account: LinkedAccount, now: datetime, by: Consent.Ended) -> bool:
    """Whether there was a consent in force, which has ended now."""
    in_force = Consent.objects.filter(account=account, ended_at=None)
    return bool(in_force.update(ended_at=now, ended_by=by))


def consents_of(member: Member) -> list[Consent]:
    """What the member agreed to here, the newest first; all of it is in the export."""
    return list(Consent.objects.filter(member=member)[:SHOWN])
