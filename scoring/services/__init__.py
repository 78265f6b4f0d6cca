"""What is done with scores: the night, and the rescore of single members."""

from scoring.services.night import night_is_due, run_night
from scoring.services.rescore import claim_due, rescore

__all__ = ["claim_due", "night_is_due", "rescore", "run_night"]
