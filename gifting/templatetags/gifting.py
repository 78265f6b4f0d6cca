"""Coins to draw."""

from django import template

register = template.Library()

# More than these are told by the number beside them.
MOST_COINS = 12


@register.simple_tag
def coins(left: int, size: int) -> list[bool]:
    """One item for each coin to draw, True while it is there to give."""
    return [index < left for index in range(min(size, MOST_COINS))]
