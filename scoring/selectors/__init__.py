"""What pages show of scores: prepared, in words and numbers, owner by owner."""

from scoring.selectors.asked_days import SINCE, AskedDays, asked_days
from scoring.selectors.comparisons import Comparison, comparison
from scoring.selectors.details import (
    AccountDetail,
    DetailedScore,
    detailed_on,
    latest_detailed,
    latest_moments,
)
from scoring.selectors.distribution import distribution
from scoring.selectors.histories import (
    HISTORY_DAYS,
    History,
    HistoryRow,
    history,
    history_rows,
    newest_day,
    week_sentence,
)
from scoring.selectors.moments import Moment
from scoring.selectors.no_score import NoScore, why_no_score
from scoring.selectors.public import PublicScore, badge_score, public_score
from scoring.selectors.scores import ContributionView, ScoreView, latest_score
from scoring.selectors.tonight import Tonight, tonight

__all__ = [
    "HISTORY_DAYS",
    "SINCE",
    "AccountDetail",
    "AskedDays",
    "Comparison",
    "ContributionView",
    "DetailedScore",
    "History",
    "HistoryRow",
    "Moment",
    "NoScore",
    "PublicScore",
    "ScoreView",
    "Tonight",
    "asked_days",
    "badge_score",
    "comparison",
    "detailed_on",
    "distribution",
    "history",
    "history_rows",
    "latest_detailed",
    "latest_moments",
    "latest_score",
    "newest_day",
    "public_score",
    "tonight",
    "week_sentence",
    "why_no_score",
]
