"""The terms that stand in every answer with a score."""

USE = (
    "Given by its owner. Not for decisions on hiring, credit, housing, insurance or admission. "
    "A gap under 5 points means nothing."
)
