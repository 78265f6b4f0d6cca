"""Which accounts and pictures a member shows, and which they could."""

from dataclasses import dataclass

from accounts.models import Member
from networks.models import LinkedAccount
from networks.registry import PLATFORMS


@dataclass(frozen=True)
class ShownAccount:
    """An account as others may see it; `url` only if it is https."""

    label: str
    handle: str
    url: str


@dataclass(frozen=True)
class OwnAccount:
    """An account as its owner chooses about it; `picture` is empty until one is there."""

    number: int
    label: str
    handle: str
    is_shown: bool
    picture: str
    is_chosen: bool


def accounts_shown(member: Member) -> list[ShownAccount]:
    """Those that the member chose to show, first linked first; one query."""
    shown = LinkedAccount.objects.filter(
        member=member, on_profile=True, state=LinkedAccount.State.ACTIVE
    )
    return [
        ShownAccount(
            PLATFORMS[one.platform].label,
            one.handle,
            one.url if one.url.startswith("https://") else "",
        )
        for one in shown.only("platform", "handle", "url")
    ]


def own_accounts(member: Member) -> list[OwnAccount]:
    """All of the member's accounts with what was chosen about each; one query."""
    rows = LinkedAccount.objects.filter(member=member).values_list(
        "pk",
        "platform",
        "handle",
        "on_profile",
        "picture__digest",
        "picture_choice__member",
    )
    return [
        OwnAccount(
            number,
            PLATFORMS[platform].label,
            handle,
            is_shown,
            digest or "",
            chosen is not None,
        )
        for number, platform, handle, is_shown, digest, chosen in rows
    ]


def choose_shown(member: Member, numbers: set[int]) -> None:
    """Show these of the member's accounts, and no others."""
    for account in LinkedAccount.objects.filter(member=member).only("pk", "on_profile"):
        if account.on_profile != (account.pk in numbers):
            LinkedAccount.objects.filter(pk=account.pk).update(on_profile=account.pk in numbers)
