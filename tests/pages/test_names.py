"""What stands in the round picture beside a name."""

import pytest

from accounts.names import initials_of


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("Ada Lind", "AL"),
        ("Grace", "G"),
        ("Ada Maria van der Lind", "AL"),
        ("  ada  ", "A"),
        ("\u0634\u0647\u0631\u0632\u0627\u062f \u0639\u0644\u064a", "\u0634\u0639"),
        ("\U0001f30a\U0001f469\u200d\U0001f680 Wave", "W"),
        ("(they) @ada", "TA"),
        ("\U0001f30a", "?"),
        ("", "?"),
    ],
)
def test_initials_are_the_first_letters_of_the_first_and_last_word(name, letters):
    assert initials_of(name) == letters
