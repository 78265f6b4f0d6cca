"""People kept in mind: the keeper's own notes."""

from datetime import datetime

from gifting.forms import KeepForm
from gifting.handles import HANDLE_MAX
from gifting.member_models import REASON_MAX, KeptInMind
from gifting.selectors import KeptPerson
from klout.api.v3.shapes.base import CURSOR, NEXT, Shape, told

LINK = "https://example.org/@grace/42"
REASON = "The talk on clocks."


class Kept(Shape):
    """Somebody whom the member keeps in mind."""

    id: int = told("The number of the note.", 12)
    name: str = told("As the member calls them.", "Grace")
    handle: str = told("Their handle; empty where they were met through a K.", "@grace@example.org")
    network: str = told("Where they are called that; empty for somewhere else.", "Mastodon")
    reason: str = told("Why.", REASON)
    link: str = told("What moved the member; an https address or empty.", LINK)
    kept_at: datetime = told("Since when.", "2026-10-20T08:00:00Z")
    can_be_given_to: bool = told("They can be found here, and given K.", True)

    @classmethod
    def of(cls, person: KeptPerson) -> "Kept":
        return cls(
            id=person.id,
            name=person.name,
            handle=person.handle,
            network=person.platform,
            reason=person.reason,
            link=person.link,
            kept_at=person.kept_at,
            can_be_given_to=bool(person.member_address),
        )


class KeptPage(Shape):
    """People kept in mind, the newest first."""

    items: list[Kept] = told("The notes.", [])
    next_cursor: str | None = told(NEXT, CURSOR)


class ToKeep(Shape):
    """Whom to keep in mind, and why."""

    platform: str = told(
        "The network's short name, such as `mastodon`, `bluesky` or `github`; empty for somewhere "
        "else.",
        "mastodon",
        default="",
        max_length=20,
    )
    handle: str = told(
        "Their handle, as it stands on their profile.",
        "@grace@example.org",
        min_length=1,
        max_length=HANDLE_MAX - 1,
    )
    name: str = told("As you call them.", "Grace", default="", max_length=80)
    reason: str = told("Why; plain text.", REASON, default="", max_length=REASON_MAX)
    link: str = told("What moved you; an https address.", LINK, default="", max_length=500)

    def as_form(self) -> KeepForm:
        """The same rules as on the page."""
        return KeepForm(self.model_dump())


class Noted(Shape):
    """A note as it was written down. It says nothing of whether they are here."""

    id: int = told("The number of the note.", 12)
    platform: str = told("The network's short name; empty for somewhere else.", "mastodon")
    handle: str = told("The handle.", "@grace@example.org")
    name: str = told("As you call them.", "Grace")
    reason: str = told("Why.", REASON)
    link: str = told("What moved you.", LINK)
    kept_at: datetime = told("Since when.", "2026-10-20T08:00:00Z")

    @classmethod
    def of(cls, kept: KeptInMind) -> "Noted":
        return cls(
            id=kept.pk,
            platform=kept.platform,
            handle=kept.handle,
            name=kept.name,
            reason=kept.reason,
            link=kept.link,
            kept_at=kept.kept_at,
        )
