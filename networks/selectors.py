"""What was read of the networks, for pages and for other apps."""

from datetime import datetime

from accounts.models import Member
from networks.models import LinkedAccount, Outreach


def findable_member(handle: str) -> LinkedAccount | None:
    """The account with exactly this handle, if its owner said people may find them by it.

    `handle` is `@user@host` in any case, with or without the first @.
    """
    wanted = "@" + handle.strip().removeprefix("@")
    return (
        LinkedAccount.objects.filter(
            handle__iexact=wanted,
            findable=True,
            state=LinkedAccount.State.ACTIVE,
            member__is_active=True,
        )
        .select_related("member")
        .first()
    )


def has_answered(member: Member, other_member: Member, since: datetime | None = None) -> bool:
    """Whether the member reached out to one of the other member's linked accounts."""
    hashes = LinkedAccount.objects.filter(member=other_member).values("person_hash")
    acts = Outreach.objects.filter(account__member=member, target_hash__in=hashes)
    if since is not None:
        acts = acts.filter(happened_at__gte=since)
    return acts.exists()
