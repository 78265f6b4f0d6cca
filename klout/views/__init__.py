"""Pages that compose apps."""

from klout.views.dashboard import dashboard
from klout.views.how import how
from klout.views.landing import landing
from klout.views.people import people

__all__ = ["dashboard", "how", "landing", "people"]
