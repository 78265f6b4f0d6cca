"""What a member takes along, and what stays when they leave."""

import json

from gifting import selectors, services
from gifting.models import Block, Hand, Move, Report, Words
from gifting.personal_data import provider


def test_the_export_holds_every_move_with_the_words(ada, grace, mallory, give, pass_on):
    first = give(ada, grace, text="For the essay.")
    pass_on(grace, mallory, first.k, text="To you.")
    exported = provider.export(grace)
    assert [(move["direction"], move["with"], move["words"]) for move in exported["moves"]] == [
        ("received", "Ada Lind", "For the essay."),
        ("given", "Mallory Vex", "To you."),
    ]
    json.dumps(exported)


def test_the_export_of_somebody_without_a_hand_is_empty(ada):
    assert provider.export(ada) == {"brought": []}


def test_leaving_takes_the_words_and_leaves_the_chain(ada, grace, mallory, give, pass_on, now):
    first = give(ada, grace, text="Mine to take.", link="https://known.example/1", shares=True)
    pass_on(grace, mallory, first.k, text="Not mine to take.")
    received = give(mallory, ada, text="From mallory.")
    services.block(ada, received.k.address, 1, now)
    services.report(ada, received.k.address, 1, now)
    provider.erase(ada, now)
    ada.delete()
    assert Move.objects.count() == 3
    assert Hand.objects.filter(member=None).count() == 1
    assert not Words.objects.filter(text="Mine to take.").exists()
    assert Words.objects.get(move=first).link == ""
    assert Words.objects.filter(text="Not mine to take.").exists()
    assert not Block.objects.exists()
    assert not Report.objects.exists()
    assert first.giver.__class__.objects.get(pk=first.giver_id).shown_name == "somebody who left"


def test_what_a_leaver_gave_stays_with_whoever_has_it(ada, grace, mallory, give, pass_on, now):
    first = give(ada, grace)
    provider.erase(ada, now)
    (held,) = selectors.received(grace, now, 9)
    assert held.from_name == "somebody who left"
    pass_on(grace, mallory, first.k)


def test_what_is_declined_after_the_giver_left_rests_with_nobody(ada, grace, give, now):
    first = give(ada, grace)
    provider.erase(ada, now)
    services.decline(grace, first.k.address, 1, now)
    assert selectors.purse(grace, now).received_count == 0
    assert Move.objects.in_place().get(k=first.k).receiver.member is None
