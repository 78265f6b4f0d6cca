"""Charts as coordinates for inline SVG. Pure; the templates only print what is here."""

from scoring.charts.reach import ReachCurve, reach_curve
from scoring.charts.sonar import BUOY_DISTANCE, CENTRE, SonarChart, Source, sonar
from scoring.charts.trend import DayScore, Moment, RuleChange, TrendChart, axis, trend

__all__ = [
    "BUOY_DISTANCE",
    "CENTRE",
    "DayScore",
    "Moment",
    "ReachCurve",
    "RuleChange",
    "SonarChart",
    "Source",
    "TrendChart",
    "axis",
    "reach_curve",
    "sonar",
    "trend",
]
