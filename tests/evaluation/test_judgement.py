"""The score against people who were asked "who is more influential?" of two others."""

import pytest

from scoring.evaluation.judging import judge

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("with_curation", "bar"), [(True, 0.858), (False, 0.848)])
def test_the_score_agrees_with_people(eval_data, with_curation, bar):
    found = judge(
        eval_data / "peerindex" / "people_fit.csv",
        eval_data / "peerindex" / "pairs_fit.csv",
        with_curation=with_curation,
    )
    assert (found.people, found.pairs) == (728, 2195)
    assert found.auc >= bar
    assert found.difference > 0
