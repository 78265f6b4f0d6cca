"""What pages show of scores: prepared, in words and numbers, owner by owner."""

from scoring.selectors.asked_days import SINCE, AskedDays, asked_days
from scoring.selectors.board import Board, PostOfMany, board
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
    days_before,
    history,
    history_rows,
    newest_day,
    week_sentence,
)
from scoring.selectors.moments import Moment
from scoring.selectors.no_score import NOT_YET_MONDAY, NoScore, Waiting, no_score_of, why_no_score
from scoring.selectors.public import PublicScore, badge_score, public_score
from scoring.selectors.scores import ContributionView, ScoreView, latest_score
from scoring.selectors.tonight import Tonight, tonight

__all__ = [
    "HISTORY_DAYS",
    "NOT_YET_MONDAY",
    "SINCE",
    "AccountDetail",
    "AskedDays",
    "Board",
    "Comparison",
    "ContributionView",
    "DetailedScore",
    "History",
    "HistoryRow",
    "Moment",
    "NoScore",
    "PostOfMany",
    "PublicScore",
    "ScoreView",
    "Tonight",
    "Waiting",
    "asked_days",
    "badge_score",
    "board",
    "comparison",
    "days_before",
    "detailed_on",
    "distribution",
    "history",
    "history_rows",
    "latest_detailed",
    "latest_moments",
    "latest_score",
    "newest_day",
    "no_score_of",
    "public_score",
    "tonight",
    "week_sentence",
    "why_no_score",
]
