"""What the sonobuoy keeps is taken along, and gone when a member leaves."""

import json
from datetime import time

from django.core.serializers.json import DjangoJSONEncoder

from networks.listening_models import Listening, ListeningWishes, Ping, Rest
from networks.personal_data import provider
from networks.sonobuoy import answers
from networks.sonobuoy.answers import Answer
from tests.sonobuoy.conftest import hear


def test_all_of_it_is_exported_and_erased(lively, ada, now):
    account = lively(ada)
    hours = {"quiet_from": time(22), "quiet_until": time(7)}
    answers.wish_mail(ada, pings=True, weekly=True, now=now, **hours)
    hear(now)
    answers.answer(account, Answer.REST, now)
    answers.rest(ada, now)
    told = json.loads(json.dumps(provider.export(ada), cls=DjangoJSONEncoder))
    (of_account,) = told["linked_accounts"]
    assert of_account["sonobuoy"]["resting_since"]
    assert [ping["end"] for ping in of_account["pings"]] == ["resting"]
    assert len(of_account["rests"]) == len(told["sonobuoy"]["rests"]) == 1
    assert told["sonobuoy"]["mail"]["quiet_from"] == "22:00:00"
    provider.erase(ada, now)
    for model in (Listening, Ping, Rest, ListeningWishes):
        assert not model.objects.exists()
