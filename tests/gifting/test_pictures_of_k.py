"""Where the hands stand in the pictures: pure arithmetic, any number of hands."""

import itertools
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gifting.charts import PER_ROW, RADIUS, SIZE, Hand, map_picture, path_picture
from gifting.groups import groups
from gifting.handles import Known, from_url, handle_key

HANDS = st.builds(Hand, st.text(max_size=2), st.booleans(), st.booleans())


@given(st.lists(HANDS, min_size=1, max_size=200))
def test_every_hand_has_its_place_inside_the_picture_and_none_covers_another(hands):
    picture = path_picture(hands)
    places = [(node.x, node.y) for node in picture.nodes]
    assert [node.initials for node in picture.nodes] == [hand.initials for hand in hands]
    assert len(set(places)) == len(hands)
    for x, y in places:
        assert RADIUS <= x <= picture.width - RADIUS
        assert RADIUS <= y <= picture.height - RADIUS
    for before, after in itertools.pairwise(places):
        apart = abs(before[0] - after[0]) + abs(before[1] - after[1])
        assert apart >= 2 * RADIUS


@given(st.integers(min_value=1, max_value=200))
def test_the_line_goes_through_every_hand_in_order(count):
    picture = path_picture([Hand("A")] * count)
    moves = re.findall(r"[MHA][^MHA]*", picture.line)
    assert len(moves) == count
    x, y = 0.0, 0.0
    for move, node in zip(moves, picture.nodes, strict=True):
        numbers = [float(number) for number in move[1:].split()]
        x, y = (numbers[0], y) if move[0] == "H" else (numbers[-2], numbers[-1])
        assert (x, y) == (node.x, node.y)


def test_one_hand_is_a_small_picture_and_sixty_are_twelve_rows():
    assert path_picture([Hand("A")]).line == "M28 28"
    sixty = path_picture([Hand("A")] * 60)
    assert len({node.y for node in sixty.nodes}) == 60 // PER_ROW


def test_rows_turn_around_like_a_path():
    nodes = path_picture([Hand("A")] * 10).nodes
    first, second = nodes[:5], nodes[5:]
    assert [node.x for node in second] == [node.x for node in reversed(first)]


@given(st.lists(st.tuples(HANDS, st.lists(HANDS, max_size=4)), max_size=14))
def test_the_map_stays_inside_its_square_and_has_a_line_to_every_hand(branches):
    picture = map_picture(Hand("ME"), branches)
    assert len(picture.nodes) == 1 + len(picture.spokes)
    ends = {(spoke.x2, spoke.y2) for spoke in picture.spokes}
    assert ends == {(node.x, node.y) for node in picture.nodes[1:]}
    for node in picture.nodes:
        assert RADIUS <= node.x <= SIZE - RADIUS
        assert RADIUS <= node.y <= SIZE - RADIUS


@given(
    st.sets(st.integers(0, 30)).flatmap(
        lambda people: st.tuples(
            st.just(people),
            st.lists(st.tuples(*[st.sampled_from(sorted(people))] * 2)) if people else st.just([]),
        )
    )
)
def test_people_who_are_tied_count_once(drawn):
    people, ties = drawn
    together = {person: {person} for person in people}
    for one, other in ties:
        both = together[one] | together[other]
        for person in both:
            together[person] = both
    assert groups(people, ties) == len({frozenset(group) for group in together.values()})


@pytest.mark.parametrize(
    ("url", "known"),
    [
        ("https://mastodon.social/@grace", Known("mastodon", "@grace@mastodon.social")),
        ("https://mastodon.social/@grace/1127", Known("mastodon", "@grace@mastodon.social")),
        ("https://a.example/@grace@b.example", Known("mastodon", "@grace@b.example")),
        ("https://a.example/users/grace/statuses/1", Known("mastodon", "@grace@a.example")),
        ("https://github.com/octo/lib/pull/1", Known("github", "@octo")),
        ("https://www.github.com/octo", Known("github", "@octo")),
        ("https://x.com/grace/status/1", Known("x", "@grace")),
        ("https://mobile.twitter.com/grace", Known("x", "@grace")),
        ("https://bsky.app/profile/grace.example/post/1", Known("bluesky", "@grace.example")),
        ("https://m.youtube.com/@grace", Known("youtube", "@grace")),
        ("https://github.com/settings", None),
        ("https://x.com/i/events", None),
        ("https://bsky.app/profile/did:plc:abc", None),
        ("https://youtube.com/watch?v=1", None),
        ("https://blog.example/2026/on-care", None),
        ("https://a.example/", None),
        ("https://a.example/@", None),
        ("https://a.example/@%20", None),
        ("https://[half/@grace", None),
        ("javascript:alert(1)", None),
        ("", None),
    ],
)
def test_an_address_tells_who_it_belongs_to_or_nothing(url, known):
    assert from_url(url) == known


@given(st.text())
def test_any_text_is_an_address_of_somebody_or_of_nobody(text):
    found = from_url(f"https://a.example/{text}")
    assert found is None or handle_key(found.handle)


def test_handles_are_compared_in_any_case_with_or_without_the_first_sign():
    assert handle_key(" @Grace@Known.example ") == handle_key("grace@known.EXAMPLE")
