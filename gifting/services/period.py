"""The turn of a period."""

from datetime import datetime

from gifting import selectors
from gifting.models import Period


def turn_period(now: datetime) -> Period:
    """Store the period in which `now` lies, unless it is; from then on its length stands."""
    period = selectors.current_period(now)
    # Two may do this at once: the second one finds it there.
    Period.objects.bulk_create([period], ignore_conflicts=True)
    return period
