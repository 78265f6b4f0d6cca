"""The people with a story: those one is invited to be, some bots, two neighbours."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Character:
    """A person one is invited to be, before the figures that depend on the start day."""

    username: str
    name: str
    line: str
    note: str
    topics: tuple[str, ...]
    joined_days_ago: int
    posts_a_day: float
    answers: float
    followers_before: int
    following_before: int
    statuses_before: int
    town: str
    first_day: int = -100_000
    last_day: int = 100_000
    fields: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Bot:
    """A bot that says that it is one."""

    username: str
    name: str
    note: str
    topic: str
    posts_a_day: float


@dataclass(frozen=True, slots=True)
class Neighbour:
    """Somebody with a name on another host."""

    username: str
    name: str
    host: str
    note: str


CHARACTERS = (
    Character(
        username="ada",
        name="Ada Lind",
        line="Writes about bridges and maintenance, and is answered a lot.",
        note="Essays on bridges, maintenance and the people who come back with a wrench.",
        topics=("bridges", "maintenance"),
        joined_days_ago=1890,
        posts_a_day=0.62,
        answers=0.3,
        followers_before=8240,
        following_before=212,
        statuses_before=2841,
        town="Bergen",
        fields=(("Writing", "Load and Care, a monthly letter"), ("Pronouns", "she/her")),
    ),
    Character(
        username="grace",
        name="Grace Oduya",
        line="The friend: reads, answers and passes on what others wrote.",
        note="Librarian. Mends things on Thursdays. I answer slowly, but I answer.",
        topics=("libraries", "mending", "maintenance"),
        joined_days_ago=1430,
        posts_a_day=0.55,
        answers=0.6,
        followers_before=1_930,
        following_before=190,
        statuses_before=1904,
        town="Leeds",
        fields=(("At work", "The desk by the window"),),
    ),
    Character(
        username="mallory",
        name="Mallory Vex",
        line="25,000 bought followers, a bot farm that likes everything, few real answers.",
        note="Helping winners win. 25K strong. DM for collabs.",
        topics=("sales",),
        joined_days_ago=520,
        posts_a_day=0.8,
        answers=0.0,
        followers_before=25_000,
        following_before=386,
        statuses_before=930,
        town="Valencia",
    ),
    Character(
        username="noor",
        name="Noor Haddad",
        line="Joined a few weeks ago and is finding her way.",
        note="New here. Learning maps, birds and where everything is.",
        topics=("maps", "birds"),
        joined_days_ago=47,
        posts_a_day=0.7,
        answers=0.5,
        followers_before=12,
        following_before=18,
        statuses_before=0,
        town="Ghent",
        first_day=-47,
    ),
    Character(
        username="tomas",
        name="Tomás Reyes",
        line="The quiet expert: writes seldom, and then everybody reads it.",
        note="Thirty years of tide gauges and barometers. Mostly reading.",
        topics=("weather", "bridges"),
        joined_days_ago=2105,
        posts_a_day=0.22,
        answers=0.5,
        followers_before=1_480,
        following_before=64,
        statuses_before=611,
        town="Porto",
    ),
    Character(
        username="lena",
        name="Lena Fischer",
        line="Wrote most days, and has been silent for some weeks.",
        note="Night trains, timetables, thermos flasks.",
        topics=("trains", "music"),
        joined_days_ago=1210,
        posts_a_day=0.75,
        answers=0.5,
        followers_before=410,
        following_before=240,
        statuses_before=2210,
        town="Hamburg",
        last_day=-24,
    ),
)

BOTS = (
    Bot("harbourbridge", "Harbour Bridge", "Open or closed? Ask me. I am a bot.", "bridges", 2.0),
    Bot("gullweather", "Gull Weather", "Readings from the pier. I am a bot.", "weather", 1.5),
    Bot("oldmaps", "Old Maps", "One old map a day. I am a bot.", "maps", 1.0),
)
NEIGHBOURS = (
    Neighbour("ines", "Inês Moura", "tidepool.example", "Tide tables and tea."),
    Neighbour(
        "jun", "Jun Aoki", "longshore.example", "Bridges I have slept under. On time, mostly."
    ),
)
