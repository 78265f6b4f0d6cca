"""Linked accounts, as they are read and as the sonobuoy hears them."""

from datetime import datetime

from klout.api.v3.shapes.base import Shape, told
from networks.selectors import AccountCard
from networks.sonobuoy.selectors import Buoy

PULSE = "Posts of each of the last 28 days (UTC), today last."


class Network(Shape):
    """One linked account."""

    id: int = told("Its number here.", 7)
    platform: str = told("The network's short name.", "mastodon")
    network: str = told("What the network is called.", "Mastodon")
    host: str = told("The server it is on.", "example.org")
    handle: str = told("What the member is called there.", "@ada@example.org")
    url: str = told("Its page there; empty where there is none.", "https://example.org/@ada")
    is_findable: bool = told("People who know the handle may find the member and give K.", True)
    linked_at: datetime = told("When it was linked.", "2026-08-01T10:00:00Z")
    last_read_at: datetime | None = told("The last good read.", "2026-11-02T01:44:00Z")
    needs_consent: bool = told("It can be read again only after its owner consents.", False)
    state: str = told("How it is, in words.", "Listening")
    problem: str = told("What happened, what was kept and what to do; empty if nothing.", "")
    is_known_host: bool = told("Whether the figures of its server can be relied on.", True)
    followers: int | None = told("As last read; null where there is no figure.", 2045)
    lists: int | None = told("How often put on lists or starred; null without a figure.", None)
    posts: int = told("How many of the member's posts are kept.", 310)
    reactions: int = told("How many reactions to them are kept.", 1490)
    people: int = told("From how many people.", 402)
    outreach: int = told("How often the member answered, shared or favoured others.", 640)
    pulse: list[int] = told(PULSE, [0, 1, 0, 2])

    @classmethod
    def of(cls, card: AccountCard) -> "Network":
        account = card.account
        return cls(
            id=account.pk,
            platform=account.platform,
            network=account.platform_label,
            host=account.host,
            handle=account.handle,
            url=account.url,
            is_findable=account.findable,
            linked_at=account.linked_at,
            last_read_at=account.last_read_at,
            needs_consent=card.needs_consent,
            state=card.state_sentence,
            problem=card.problem_sentence,
            is_known_host=card.is_known_host,
            followers=card.followers,
            lists=card.curation,
            posts=card.posts,
            reactions=card.reactions,
            people=card.people,
            outreach=card.outreach,
            pulse=list(card.pulse),
        )


class Networks(Shape):
    """All linked accounts of a member."""

    items: list[Network] = told("The one that was linked first comes first.", [])


class Heard(Shape):
    """What the sonobuoy hears of one linked account."""

    network_id: int = told("The number of the linked account.", 7)
    network: str = told("What the network is called.", "Mastodon")
    handle: str = told("What the member is called there.", "@ada@example.org")
    state: str = told(
        "`alive`, `quiet`, `learning`, `muted`, `not_read`, `resting` or `left`. A read that "
        "failed is `not_read` and never `quiet`.",
        "alive",
    )
    label: str = told("The state in a word or two.", "alive")
    silence: str = told("When the member last spoke there.", "Your last post there was yesterday.")
    rhythm: str = told("What is usual for them.", "You usually post there every 2 days.")
    needs: str = told("What to do where it is not read; empty otherwise.", "")
    silent_days: int | None = told("Days of silence up to the last good read.", 1)
    usual_days: int | None = told("Days between posts that are usual; null while learning.", 2)
    limit_days: int | None = told("It is called quiet after more than so many days.", 9)
    has_open_ping: bool = told("Whether a notice of silence waits for an answer.", False)
    pulse: list[int] = told(PULSE, [0, 1, 0, 2])

    @classmethod
    def of(cls, buoy: Buoy) -> "Heard":
        return cls(
            network_id=buoy.account_id,
            network=buoy.label,
            handle=buoy.handle,
            state=buoy.state.value,
            label=buoy.pill,
            silence=buoy.silence,
            rhythm=buoy.rhythm,
            needs=buoy.needs,
            silent_days=buoy.silent_days,
            usual_days=buoy.usual_days,
            limit_days=buoy.limit_days,
            has_open_ping=buoy.ping is not None,
            pulse=list(buoy.pulse),
        )


class Sonobuoy(Shape):
    """What is heard of all linked accounts."""

    resting_since: datetime | None = told("Since when the member rests everywhere.", None)
    items: list[Heard] = told("One for each linked account.", [])
