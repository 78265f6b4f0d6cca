"""What every list takes."""

from typing import Annotated

from ninja import Query

from klout.api.v3.cursors import PAGE_MOST
from klout.api.v3.shapes.base import CURSOR

Limit = Annotated[int, Query(description="How many at most.", examples=[20], ge=1, le=PAGE_MOST)]
After = Annotated[
    str,
    Query(
        description="The `next_cursor` of the page before; without, the first page.",
        examples=[CURSOR],
        max_length=300,
    ),
]
