"""The commands, on small made-up files: what they print, and that nothing of them stays."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from accounts.models import Member
from networks.models import LinkedAccount, Reaction

PROFILES = (
    "statuses_count,followers_count,friends_count,favourites_count,listed_count,age_days,"
    "default_profile_image,fake\n"
    "900,300,200,1,1,800,0,0\n500,90,60,1,1,700,0,0\n20,3,900,0,0,100,1,1\n"
)
PEOPLE = (
    "person_id,follower_count,listed_count,mentions_received,retweets_received\n"
    "1,21000,228,90.4,25.7\n2,20,2,0.1005,0.1005\n3,900,4,7.6,0.2\n"
)


@pytest.fixture
def edges(tmp_path):
    folder = tmp_path / "advogato"
    folder.mkdir()
    lines = [f"n{a},n{b},Master" for a in range(12) for b in range(12) if (a * b + a) % 3]
    (folder / "small-certs.txt").write_text("#\n" + "\n".join(lines) + "\n")
    (tmp_path / "profiles.csv").write_text(PROFILES)
    return folder / "small-certs.txt"


def said(*command):
    out = StringIO()
    call_command(*command, stdout=out)
    return json.loads(out.getvalue().strip().splitlines()[-1])


def test_an_attack_prints_json_last_and_leaves_nothing_behind(ada, edges, tmp_path):
    found = said(
        *("attack", str(edges), "--kind", "ring", "--fakes", "30", "--targets", "2"),
        *("--profiles", str(tmp_path / "profiles.csv")),
    )
    assert (found["kind"], found["people"], found["holds"]) == ("ring", 12, True)
    assert list(Member.objects.all()) == [ada]
    assert not LinkedAccount.objects.exists()
    assert not Reaction.objects.exists()


def test_a_judgement_prints_json_last_and_leaves_nothing_behind(ada, tmp_path):
    people, pairs = tmp_path / "people.csv", tmp_path / "pairs.csv"
    people.write_text(PEOPLE)
    pairs.write_text("a,b,choice\n1,2,1\n2,3,0\n3,1,0\n1,3,1\n")
    found = said("judge", str(people), str(pairs), "--no-curation")
    assert {"auc", "accuracy", "difference", "standard_error"} <= set(found)
    assert (found["auc"], found["accuracy"]) == (1.0, 1.0)
    assert list(Member.objects.all()) == [ada]


def test_a_file_that_is_no_graph_is_refused_with_a_sentence(db, tmp_path):
    (tmp_path / "edges.csv").write_text("hello\n")
    (tmp_path / "profiles.csv").write_text(PROFILES)
    with pytest.raises(CommandError, match="line 1: 'hello' is no edge"):
        call_command(
            *("attack", str(tmp_path / "edges.csv"), "--kind", "ring"),
            *("--profiles", str(tmp_path / "profiles.csv")),
        )
