"""Time zones by name, as people type them. Pure."""

from functools import cache
from zoneinfo import available_timezones

# Names that are there for machines, or twice.
_NOT_OFFERED = ("Etc/", "SystemV/", "US/", "Brazil/", "Canada/", "Chile/", "Mexico/", "posix/")


@cache
def zone_names() -> tuple[str, ...]:
    """What is offered: a continent and a city each, and UTC."""
    cities = (
        name for name in available_timezones() if "/" in name and not name.startswith(_NOT_OFFERED)
    )
    return ("UTC", *sorted(cities))


def zone_named(typed: str) -> str | None:
    """The zone that is meant by "europe/berlin", "Berlin" or "new york"; None where none is, or
    more than one.
    """
    wanted = "_".join(typed.split()).lower()
    exact = [name for name in zone_names() if name.lower() == wanted]
    if exact:
        return exact[0]
    cities = [name for name in zone_names() if name.lower().rpartition("/")[2] == wanted]
    return cities[0] if len(cities) == 1 else None


def zones_like(typed: str, most: int = 3) -> list[str]:
    """A few names with what was typed in them."""
    wanted = "_".join(typed.split()).lower()
    return [name for name in zone_names() if wanted and wanted in name.lower()][:most]
