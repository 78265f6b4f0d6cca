"""Pages that compose apps."""

from klout.views.dashboard import dashboard
from klout.views.health import healthz
from klout.views.how import how
from klout.views.landing import landing
from klout.views.people import people
from klout.views.weekly import stop_weekly

__all__ = ["dashboard", "healthz", "how", "landing", "people", "stop_weekly"]
