"""The member behind a key, what they take along, and what others see of somebody."""

from datetime import date, datetime

from django.conf import settings

from accounts import export_models
from accounts.exports.services import ExportState
from gifting.selectors import Appreciation
from gifting.selectors.appreciation import ShownWords
from klout.api.terms import USE
from klout.api.v3.auth import Caller
from klout.api.v3.shapes.base import Shape, told
from klout.api.v3.shapes.score import USE_MEANS
from klout.api.v3.shapes.topics import ProfileTopic
from klout.showing import Shown
from networks.shown import ShownAccount
from scoring.selectors import PublicScore


class Me(Shape):
    """Whose key it is, and what it may do."""

    id: str = told("Random, and the same for ever.", "b0K4m2Qx7dEwZ1Ys")
    name: str = told("What the member is called.", "Ada Lind")
    key: str = told("What the key is called, or the application.", "My program")
    scopes: list[str] = told("What it may do.", ["k:read", "score:read"])

    @classmethod
    def of(cls, caller: Caller) -> "Me":
        member = caller.member
        scopes = sorted(caller.scopes)
        return cls(id=member.address, name=member.name, key=caller.name, scopes=scopes)


class Export(Shape):
    """A file with everything that is kept of the member."""

    id: int = told("Its number.", 3)
    state: str = told("`under way`, `ready` or `failed`.", "ready")
    asked_at: datetime = told("When it was asked for.", "2026-11-02T12:00:00Z")
    ready_at: datetime | None = told("When it was ready.", "2026-11-02T12:00:09Z")
    expires_at: datetime | None = told("The file is removed then.", "2026-11-09T12:00:09Z")
    size: int = told("Bytes; 0 until it is ready.", 48213)
    parts_done: list[str] = told("Which parts are written.", ["account", "networks"])
    file: str | None = told("The path of the file, once it is ready.", "/api/v3/exports/3/file")

    @classmethod
    def of(cls, export: export_models.Export, file: str) -> "Export":
        state = "ready" if export.ready_at else "failed" if export.failed_at else "under way"
        return cls(
            id=export.pk,
            state=state,
            asked_at=export.asked_at,
            ready_at=export.ready_at,
            expires_at=export.expires_at,
            size=export.size,
            parts_done=sorted(export.parts_done),
            file=file if state == "ready" else None,
        )

    @classmethod
    def of_state(cls, state: ExportState, file: str) -> "Export":
        return cls.of(state.export, file)


class ProfileScore(Shape):
    """A score that its owner shows: whole points, how sure, and as of when."""

    score: int = told("From 1 to 100, in whole points.", 62)
    low: int = told("The likely range begins here.", 59)
    high: int = told("The likely range ends here.", 66)
    on: date = told("The day (UTC).", "2026-11-02")
    rule: str = told("The version of the published rule.", "2026.1")
    still_learning: bool = told("Under 28 days of data; then the range is wide.", False)
    resting_since: datetime | None = told("Since when it stands still.", None)
    use: str = told(USE_MEANS, USE)

    @classmethod
    def of(cls, score: PublicScore) -> "ProfileScore":
        return cls(
            score=score.whole,
            low=score.low,
            high=score.high,
            on=score.on,
            rule=score.rule,
            still_learning=score.still_learning,
            resting_since=score.resting_since,
            use=USE,
        )


class ProfileNetwork(Shape):
    """An account that its owner shows."""

    network: str = told("What the network is called.", "Mastodon")
    handle: str = told("What they are called there.", "@grace@example.org")
    url: str = told("Its page there; empty where there is none.", "https://example.org/@grace")

    @classmethod
    def of(cls, account: ShownAccount) -> "ProfileNetwork":
        return cls(network=account.label, handle=account.handle, url=account.url)


class ProfileWords(Shape):
    """Words that giver and receiver both want to be seen."""

    words: str = told("What was written.", "Thank you for the week you spent on my build.")
    name: str = told("Who wrote it.", "Ada Lind")
    given_at: datetime = told("When.", "2026-10-02T12:00:00Z")

    @classmethod
    def of(cls, words: ShownWords) -> "ProfileWords":
        return cls(words=words.text, name=words.name, given_at=words.at)


class Appreciated(Shape):
    """K received, as its owner shows it."""

    givers: int = told("People who gave within a year and have nothing to do with each other.", 9)
    words: list[ProfileWords] = told("A few, the newest first.", [])

    @classmethod
    def of(cls, shown: Appreciation) -> "Appreciated":
        return cls(givers=shown.givers, words=[ProfileWords.of(one) for one in shown.words])


class Profile(Shape):
    """What somebody made public. What they keep for themselves is null, or empty."""

    public_name: str = told("Under which name it is public.", "grace")
    name: str = told("What they are called.", "Grace Oduya")
    about: str = told("What they say of themselves.", "Compilers, mostly.")
    url: str = told("The page for people.", "https://klout.example/@grace/")
    score: ProfileScore | None = told("Where its owner shows it.", None)
    appreciation: Appreciated | None = told("Where its owner shows it.", None)
    topics: list[ProfileTopic] = told("What they are answered on, where its owner shows it.", [])
    networks: list[ProfileNetwork] = told("Accounts that its owner shows.", [])

    @classmethod
    def of(cls, shown: Shown) -> "Profile":
        return cls(
            public_name=shown.public_name,
            name=shown.member.name,
            about=shown.about,
            url=f"{settings.BASE_URL}{shown.path}",
            score=ProfileScore.of(shown.score) if shown.score else None,
            appreciation=Appreciated.of(shown.appreciation) if shown.appreciation else None,
            topics=[ProfileTopic.of(one) for one in shown.topics],
            networks=[ProfileNetwork.of(one) for one in shown.accounts],
        )
