"""Routes of `scoring`."""

from datetime import date

from django.urls import path, register_converter

from scoring import dispute_views, views


class DayConverter:
    """A day as 2026-11-02; one that is not in the calendar is not found."""

    regex = r"\d{4}-\d{2}-\d{2}"

    def to_python(self, value: str) -> date:
        return date.fromisoformat(value)

    def to_url(self, value: date) -> str:
        return value.isoformat()


register_converter(DayConverter, "day")

urlpatterns = [
    path("score/why/", views.why, name="why"),
    path("score/compare/", views.compare, name="compare"),
    path("score/history/", views.score_history, name="score_history"),
    path("score/history.csv", views.score_history_csv, name="score_history_csv"),
    path("score/shown/", views.score_shown, name="score_shown"),
    path("score/show-once/", views.show_once, name="show_score_once"),
    path("score/disputes/", dispute_views.disputes, name="disputes"),
    path("score/disputes/queue/", dispute_views.queue, name="dispute_queue"),
    path(
        "score/disputes/queue/<int:dispute_id>/",
        dispute_views.queue_one,
        name="dispute_queue_one",
    ),
    path("score/<day:on>/dispute/", dispute_views.dispute, name="dispute"),
    path("score/<day:on>/", views.why_on, name="why_on"),
]
