"""Coins to draw, and links as words."""

from django import template

from gifting import links

register = template.Library()

# More than these are told by the number beside them.
MOST_COINS = 12


@register.filter
def link_text(url: str) -> str:
    """The address as it is shown: its host, and where there."""
    return links.link_text(url)


@register.simple_tag
def coins(left: int, size: int) -> list[bool]:
    """One item for each coin to draw, True while it is there to give."""
    return [index < left for index in range(min(size, MOST_COINS))]
