"""What is done with scores: the night, its day files, the rescore of single members."""

from scoring.services.day_files import rewrite_changed
from scoring.services.night import night_is_due, run_night
from scoring.services.rescore import claim_due, rescore, rescore_due

__all__ = ["claim_due", "night_is_due", "rescore", "rescore_due", "rewrite_changed", "run_night"]
