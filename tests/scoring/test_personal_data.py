"""What a member takes along, and what is left when they go."""

import json
from datetime import timedelta

from django.core.serializers.json import DjangoJSONEncoder

from networks.models import Reaction
from scoring.models import Contribution, Score, ScoringState
from scoring.personal_data import provider
from scoring.services import claim_due, rescore, run_night


def test_the_export_holds_every_score_with_its_figures_and_nobody_who_responded(
    ada, grace, now, make_heard
):
    make_heard(ada)
    make_heard(grace)
    run_night(now.date(), now)
    exported = provider.export(ada)
    assert len(exported["scores"]) == 1
    part = exported["scores"][0]["contributions"][0]
    assert (part["followers"], part["people"], part["people_by_weight"]) == (
        1000,
        3,
        [0, 0, 3, 0, 0],
    )
    text = json.dumps(exported, cls=DjangoJSONEncoder)
    assert "@grace" not in text
    for number in Reaction.objects.values_list("responder_hash", "act_hash"):
        assert not any(f" {one}," in text for one in number)


def test_a_member_who_leaves_takes_everything_along_and_others_keep_theirs(
    ada, grace, now, make_heard
):
    make_heard(ada, changed_at=now)
    make_heard(grace, changed_at=now)
    rescore(claim_due(now), now)
    of_grace = Score.objects.filter(member=grace).count()
    provider.erase(ada, now)
    provider.erase(ada, now + timedelta(minutes=1))
    assert not Score.objects.filter(member=ada).exists()
    assert not ScoringState.objects.filter(member=ada).exists()
    assert Score.objects.filter(member=grace).count() == of_grace > 0
    assert not Contribution.objects.exclude(score__member=grace).exists()
