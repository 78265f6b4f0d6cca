"""Pages that compose apps."""

from klout.views.announcements import announcements, close
from klout.views.dashboard import dashboard
from klout.views.health import healthz
from klout.views.how import how
from klout.views.landing import landing
from klout.views.legal import contact, privacy, terms
from klout.views.metrics import metrics
from klout.views.people import people
from klout.views.weekly import stop_weekly

__all__ = [
    "announcements",
    "close",
    "contact",
    "dashboard",
    "healthz",
    "how",
    "landing",
    "metrics",
    "people",
    "privacy",
    "stop_weekly",
    "terms",
]
