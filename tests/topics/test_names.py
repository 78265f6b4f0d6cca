"""How topics are called and numbered, and what words are about."""

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from networks.connectors.tags import MAX_TAG, MAX_TAGS, tags
from networks.topics.names import key_of, number_of, slug_of
from networks.topics.phrases import MOST_PHRASES, phrases


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ("Bread", "bread"), ("#Bread", "bread"), ("STRASSE", "strasse"), ("Straße", "strasse"),
        ("cafe\u0301", "café"), ("night  train\n", "night train"),
        ("ev\u202eil", "evil"), ("nul\x00l", "null"), ("x" * 99, "x" * MAX_TAG),
        ("2026", ""), ("#", ""), ("", ""), (None, ""), (7, ""), ({"name": "bread"}, ""),
        ("Uncategorized", ""), ("\U0001f35e", ""),
    ],
)  # fmt: skip
def test_a_tag_is_read_strictly(given: object, name: str) -> None:
    assert tags([given]) == ((name,) if name else ())


@given(st.lists(st.one_of(st.text(), st.integers(), st.none()), max_size=40))
def test_tags_are_few_short_folded_and_each_once(values: list[object]) -> None:
    found = tags(values)
    assert len(found) <= MAX_TAGS
    assert len(set(found)) == len(found)
    for tag in found:
        assert 0 < len(tag) <= MAX_TAG
        assert unicodedata.normalize("NFC", tag) == tag
        assert not any(unicodedata.category(letter) in ("Cc", "Cs", "Zl", "Zp") for letter in tag)
        assert tags([tag]) == (tag,)


def test_a_topic_has_a_number_of_its_own_for_ever() -> None:
    assert key_of("machine-learning") == key_of("machine learning") == "machinelearning"
    assert slug_of("machine learning") == "machine-learning"
    assert number_of("machinelearning") == 986833604670019924
    assert len({number_of(f"topic{number}") for number in range(10_000)}) == 10_000
    assert all(len(str(number_of(f"topic{number}"))) == 18 for number in range(100))


@pytest.mark.parametrize(
    ("text", "phrase"),
    [
        ("How I keep my sourdough starter alive in the fridge", "sourdough starter"),
        ("The night train to Venice is late again, and nobody minds.", "night train"),
        ("Сегодня мы читаем книги о котах", "читаем книги"),
    ],
)
def test_words_tell_what_they_are_about(text: str, phrase: str) -> None:
    assert phrase in phrases(text)


@pytest.mark.parametrize("text", ["", "lol", "and so on, as it were", "@grace@known.example :-)"])
def test_small_talk_is_about_nothing(text: str) -> None:
    assert phrases(text) == ()


@settings(max_examples=150)
@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=280))
def test_any_text_has_few_phrases_and_none_breaks(text: str) -> None:
    found = phrases(text)
    assert len(found) <= MOST_PHRASES
    assert found == phrases(text) == tags(found)
