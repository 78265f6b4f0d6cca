"""What stands for a name where there is no room for it. Pure."""


def initials_of(name: str) -> str:
    """One or two letters for the round picture beside a name; signs and emoji are passed over."""
    letters = [letter for word in name.split() if (letter := _first_letter(word))]
    return "".join((letters[0], *letters[1:][-1:])).upper() if letters else "?"


def _first_letter(word: str) -> str:
    return next((sign for sign in word if sign.isalnum()), "")
