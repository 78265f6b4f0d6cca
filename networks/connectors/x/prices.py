"""What X asks for reading, in millionths of a US dollar. Pure.

Source: docs.x.com, "X API pay-per-usage pricing and credits", as of 22 August 2026. Prices may
change; the Developer Console of X has the ones that hold.

- Each resource in an answer is charged, once within a UTC day however often it is read.
- Reads of one's own data by one's own application ("owned reads") are cheaper, on the timeline of
  posts and on the mentions, not on the profile and not in the search.
- Whether what comes along by expansion is charged too, X does not say. We count it, so that the
  count is never too low.
"""

from dataclasses import dataclass

AS_OF = "22 August 2026"
POST = 5_000
USER = 10_000
OWNED = 1_000

# What the estimate assumes of one week.
ANSWERS = 20
POSTS = 10
# Of these posts, how many answer, quote or repost somebody.
POSTS_TO_OTHERS = 5
SHARES = 5
_WEEKS_OF_A_MONTH = 52 / 12
_WEEKS_OF_HALF_A_YEAR = 26


@dataclass(frozen=True)
class Prices:
    """What a post and a person cost on one list."""

    post: int = POST
    user: int = USER


def prices_of(name: str, *, is_owned: bool) -> Prices:
    """The prices on a list of `reading`; `is_owned`: the member owns the application."""
    return Prices(OWNED, OWNED) if is_owned and name != "shares" else Prices()


def estimate() -> tuple[int, int]:
    """(the first read of half a year, one month after it) by the assumptions above.

    At the full price: who the member is, and so whether reads are owned, is not known before.
    """
    answers, posts, shares = (
        ANSWERS * (POST + USER),
        POSTS * POST + POSTS_TO_OTHERS * POST,
        SHARES * (POST + USER),
    )
    first = USER + _WEEKS_OF_HALF_A_YEAR * (answers + posts) + shares
    return first, round(_WEEKS_OF_A_MONTH * (answers + posts + shares + USER))
