"""Pages that compose apps."""

from klout.views.dashboard import dashboard
from klout.views.landing import landing

__all__ = ["dashboard", "landing"]
