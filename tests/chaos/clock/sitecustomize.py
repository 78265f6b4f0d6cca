"""A wrong wall clock for every Python process that has this folder in its PYTHONPATH.

The file CHAOS_CLOCK says by how many seconds; it is looked at again twice a second. Clocks that
measure (`monotonic`) stay right, as they do when somebody sets a machine's clock.
"""

import copyreg
import datetime
import os
import time

_FILE = os.environ.get("CHAOS_CLOCK", "")
_right_now, _right = time.time, datetime.datetime
_kept = [0.0, -1.0]  # the offset, and when it was read


def _wrong_by() -> float:
    read_at = time.monotonic()
    if read_at - _kept[1] > 0.5:
        try:
            with open(_FILE) as file:
                _kept[0] = float(file.read())
        except (OSError, ValueError):
            pass  # being written this moment
        _kept[1] = read_at
    return _kept[0]


class _AlsoRight(type):
    def __instancecheck__(cls, instance: object) -> bool:
        return isinstance(instance, _right)


class _Wrong(_right, metaclass=_AlsoRight):
    __module__, __qualname__ = "datetime", "datetime"  # where pickles look for it

    @classmethod
    def now(cls, tz: datetime.tzinfo | None = None) -> datetime.datetime:
        return cls.fromtimestamp(_right_now() + _wrong_by(), tz)

    @classmethod
    def utcnow(cls) -> datetime.datetime:
        return cls.now(datetime.UTC).replace(tzinfo=None)


if _FILE:
    time.time = lambda: _right_now() + _wrong_by()
    datetime.datetime = _Wrong  # type: ignore[misc]
    copyreg.pickle(_right, lambda value: (_Wrong.fromisoformat, (value.isoformat(),)))
