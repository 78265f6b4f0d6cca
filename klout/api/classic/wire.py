"""The shapes in which the API of old answered. Pure.

Ids are strings of digits, figures are numbers and never null, and every field is always there:
clients of the time fall over what is missing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from xml.etree import ElementTree as ET

from klout.api.terms import USE

# How many influencers and influencees, and how many topics, an ordinary key sees.
PEOPLE_AT_MOST = 5
TOPICS_AT_MOST = 5


@dataclass(frozen=True)
class Figures:
    """A member's score and what it was 1, 5, 7 and 30 days before, in hundredths."""

    kloutid: int
    nick: str
    now: int
    changes: dict[int, int]
    listens: int = 0

    @property
    def score(self) -> float:
        return self.now / 100

    def change(self, days: int) -> float:
        """0.0 where there was no score so many days before."""
        return self.changes.get(days, 0) / 100


@dataclass(frozen=True)
class Subject:
    """A topic: its number, what it is called, and the address of a picture."""

    number: int
    name: str
    slug: str
    picture: str


@dataclass(frozen=True)
class Circle:
    """The members who influence somebody, or are influenced; `count` says how many in all."""

    shown: Sequence[Figures]
    count: int


def bucket(hundredths: int) -> str:
    """The ten points a score lies in, as a text."""
    ten = hundredths // 1000 * 10
    if ten >= 90:
        return "90-100"
    return f"{ten}-{ten + 9}" if ten else "1-9"


def identity(kloutid: int) -> dict[str, Any]:
    return {"id": str(kloutid), "network": "ks"}


def network_identity(network_id: str, code: str) -> dict[str, Any]:
    return {"id": network_id, "network": code}


def user(figures: Figures) -> dict[str, Any]:
    return {
        "kloutId": str(figures.kloutid),
        "nick": figures.nick,
        "score": {"score": figures.score, "bucket": bucket(figures.now)},
        "scoreDeltas": _deltas(figures),
        "use": USE,
    }


def score(figures: Figures) -> dict[str, Any]:
    return {
        "score": figures.score,
        "scoreDelta": _deltas(figures),
        "bucket": bucket(figures.now),
        "use": USE,
    }


def influence(influencers: Circle, influencees: Circle) -> dict[str, Any]:
    return {
        "myInfluencers": [_entity(one) for one in influencers.shown],
        "myInfluencees": [_entity(one) for one in influencees.shown],
        "myInfluencersCount": influencers.count,
        "myInfluenceesCount": influencees.count,
    }


def topics(subjects: Sequence[Subject]) -> list[dict[str, str]]:
    """Every field is there and a text; we have no kinds of topics, so each is an `entity`."""
    return [
        {
            "id": str(subject.number),
            "displayName": subject.name,
            "name": subject.name,
            "slug": subject.slug,
            "imageUrl": subject.picture,
            "topicType": "entity",
            "displayType": "entity",
        }
        for subject in subjects
    ]


def _entity(figures: Figures) -> dict[str, Any]:
    return {"entity": {"id": str(figures.kloutid), "payload": user(figures)}}


def _deltas(figures: Figures) -> dict[str, float]:
    return {
        "dayChange": figures.change(1),
        "weekChange": figures.change(7),
        "monthChange": figures.change(30),
    }


def v1_pair(screen_name: str, figures: Figures) -> dict[str, Any]:
    return {"twitter_screen_name": screen_name, "kscore": figures.score}


def v1_profile(screen_name: str, network_id: str, figures: Figures) -> dict[str, Any]:
    """What `users/show` had. We sort nobody into classes and have one score without parts."""
    return {
        "twitter_id": network_id,
        "twitter_screen_name": screen_name,
        "score": {
            "kscore": figures.score,
            "slope": round(figures.change(30) / 30, 4),
            "description": USE,
            "kclass_id": 0,
            "kclass": "Member",
            "kclass_description": "Nobody is sorted into classes here.",
            "kscore_description": "From 1 to 100, by one published rule for everybody.",
            "network_score": 0.0,
            "amplification_score": 0.0,
            "true_reach": figures.listens,
            "delta_1day": figures.change(1),
            "delta_5day": figures.change(5),
        },
    }


def v1_people(screen_name: str, which: str, pairs: Sequence[dict[str, Any]]) -> dict[str, Any]:
    return {"twitter_screen_name": screen_name, which: list(pairs)}


def v1_topics(screen_name: str, subjects: Sequence[Subject]) -> dict[str, Any]:
    names = [subject.name for subject in subjects]
    return {"twitter_screen_name": screen_name, "topics": names}


def v1(users: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Without anybody, the body that said so with the status 200."""
    if users:
        return {"status": 200, "users": list(users)}
    return {"status": 200, "headers": [], "body": {"error": "No users"}}


def error(status: int, description: str) -> dict[str, Any]:
    return {"error": status, "description": description}


def as_xml(body: dict[str, Any]) -> bytes:
    """The same as XML: fields are elements, lists hold an element for each entry."""
    root = ET.Element("root")
    _fill(root, body)
    return bytes(ET.tostring(root, encoding="utf-8", xml_declaration=True))


_ENTRIES = {
    "users": "user",
    "topics": "topic",
    "influencers": "influencer",
    "influencees": "influencee",
}


def _fill(element: ET.Element, value: Any) -> None:
    if isinstance(value, dict):
        for name, inner in value.items():
            _fill(ET.SubElement(element, name), inner)
    elif isinstance(value, list):
        for inner in value:
            _fill(ET.SubElement(element, _ENTRIES.get(element.tag, "entry")), inner)
    else:
        element.text = "".join(letter for letter in str(value) if letter >= " ")
