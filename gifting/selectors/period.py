"""Which period it is."""

from datetime import datetime

from django.conf import settings

from gifting import periods
from gifting.models import Period


def current_period(now: datetime) -> Period:
    """The stored period in which `now` lies; if there is none yet, the one that would be stored.

    The setting K_PERIOD_DAYS is asked only where no stored period covers the moment.
    """
    last = Period.objects.filter(begins_on__lte=periods.day_of(now)).order_by("-begins_on").first()
    if last is not None and now < last.ends_at:
        return last
    begins_on, ends_on = periods.period_around(
        now, settings.K_PERIOD_DAYS, last.ends_on if last else None
    )
    return Period(begins_on=begins_on, ends_on=ends_on)
