"""What somebody is answered on."""

from datetime import datetime

from klout.api.v3.shapes.base import Shape, told
from networks.topic_models import Topic
from networks.topics.names import number_of
from networks.topics.selectors import OwnTopics

ID_MEANS = "Eighteen digits, the same for a topic on every site and for ever."
PEOPLE_MEANS = "How many different people responded under it within 90 days."


class ProfileTopic(Shape):
    """A topic that its owner shows."""

    id: str = told(ID_MEANS, "362719283644508211")
    name: str = told("What it is called.", "compilers")
    people: int = told(PEOPLE_MEANS, 31)

    @classmethod
    def of(cls, topic: Topic) -> "ProfileTopic":
        return cls(id=str(number_of(topic.key)), name=topic.name, people=topic.people)


class OwnTopic(Shape):
    """A topic of the member's own."""

    id: str = told(ID_MEANS, "362719283644508211")
    name: str = told("As most of the posts spell it.", "compilers")
    people: int = told(PEOPLE_MEANS, 31)
    posts: int = told("Under how many of the member's posts.", 6)
    from_words: bool = told("No tag said it: it was found in the words of posts.", False)
    hidden_at: datetime | None = told("Since when its owner hides it from others.", None)
    counted_at: datetime = told("When it was counted last.", "2026-11-02T03:40:00Z")

    @classmethod
    def of(cls, topic: Topic) -> "OwnTopic":
        return cls(
            id=str(number_of(topic.key)),
            name=topic.name,
            people=topic.people,
            posts=topic.posts,
            from_words=topic.from_words,
            hidden_at=topic.hidden_at,
            counted_at=topic.counted_at,
        )


class Topics(Shape):
    """All topics of a member, and whether others see them."""

    on_profile: bool = told("Others see those that are not hidden, on the public profile.", True)
    items: list[OwnTopic] = told("Most people first, at most ten; then those that are hidden.", [])

    @classmethod
    def of(cls, own: OwnTopics, *, on_profile: bool) -> "Topics":
        items = [OwnTopic.of(topic) for topic in (*own.shown, *own.hidden)]
        return cls(on_profile=on_profile, items=items)
