"""The night on Apache Spark: the same promises, the same files, the same bytes."""

from datetime import timedelta
from importlib.util import find_spec
from random import Random

import pyarrow.parquet as pq
import pytest

from accounts.models import Member
from networks.models import LinkedAccount, Reaction
from scoring.day_files import writing
from scoring.engines.spark import EngineMissing, spark_engine
from scoring.inputs import Wanted
from scoring.services import run_night
from scoring.services.compute import computed
from scoring.services.workplace import passing_workplace
from tests.factories import make_account, make_outreach, make_reaction, make_reading
from tests.peers.ready import cannot_run, java_home
from tests.scoring.engine_promises import EnginePromises

pytestmark = [
    pytest.mark.peers,
    # Spark reads numbers of versions in an old way, and its sockets close when they are collected.
    pytest.mark.filterwarnings("ignore::DeprecationWarning:pyspark"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]
# Two workers in one process: as much of a cluster as one machine is.
ADDRESS = "local[2]"
A_DAY = timedelta(days=1)


@pytest.fixture(scope="module", autouse=True)
def java():
    """A Java that Spark runs on, in its place."""
    if not find_spec("pyspark"):
        cannot_run("pyspark is not installed; see what `make test-peers` said first")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("JAVA_HOME", str(java_home()))
        yield


@pytest.fixture(scope="class")
def engine(tmp_path_factory, java):
    with spark_engine(tmp_path_factory.mktemp("engine"), ADDRESS, "1GB") as engine:
        yield engine


class TestSpark(EnginePromises):
    pass


@pytest.fixture
def crowd(db, now, settings, monkeypatch):
    """Twelve members who answer each other and strangers, in files of many parts and shards."""
    settings.KNOWN_HOSTS = ["known.example"]
    monkeypatch.setattr(writing, "ROWS_PER_SHARD", 40)
    chance = Random(5)
    accounts = []
    for number in range(12):
        member = Member.objects.create_user(f"m{number}@example.com", "horse", name=f"M {number}")
        account = make_account(
            member,
            now - timedelta(days=60),
            standing=chance.choice([300, 700, 1000]),
            handle=chance.choice(["@plain@known.example", '@"quoted, and more"@known.example']),
        )
        make_reading(account, now - timedelta(hours=11), followers=chance.randrange(10**6))
        accounts.append(account)
    people = [account.person_hash for account in accounts] + [-(2**63), 5, 2**63 - 1]
    for account in accounts:
        for _ in range(30):
            at = now - timedelta(days=chance.randrange(125), hours=1)
            who = chance.choice(people)
            make_reaction(account, at, responder_hash=who, standing=chance.randrange(1001))
            if who != account.person_hash and chance.random() < 0.5:
                make_outreach(account, at, target_hash=who)
    return accounts


def scored(on, cut_off_at):
    wanted = Wanted([on], cut_off_at, from_files=True)
    with passing_workplace() as place, computed(wanted, place) as done:
        files = (done.scores_file, done.contributions_file)
        return [pq.read_table(file).to_pylist() for file in files], done.set_aside


def test_a_night_on_spark_says_to_the_byte_what_one_on_duckdb_says(crowd, now, settings):
    for days in (40, 9, 0):
        scored(now.date(), now - days * A_DAY)
    Reaction.objects.filter(account=crowd[0]).order_by("pk").first().delete()
    LinkedAccount.objects.filter(pk=crowd[1].pk).update(first_read_done_at=None)
    by_duckdb = scored(now.date(), now)
    older = scored(now.date() - 3 * A_DAY, now - 3 * A_DAY)
    settings.NIGHT_ENGINE = ADDRESS
    assert scored(now.date(), now) == by_duckdb
    assert scored(now.date() - 3 * A_DAY, now - 3 * A_DAY) == older
    assert [len(rows) for rows in by_duckdb[0]] == [11, 11]
    assert by_duckdb[1] == []


def test_a_night_is_stored_from_spark(crowd, now, settings):
    settings.NIGHT_ENGINE = ADDRESS
    night = run_night(now.date(), now)
    assert (night.members, night.problem) == (12, "")


def test_without_a_java_it_is_said_what_is_missing(tmp_path, monkeypatch):
    from pyspark import SparkContext

    monkeypatch.setenv("JAVA_HOME", str(tmp_path))
    monkeypatch.setenv("PATH", str(tmp_path))
    # Spark's JVM outlives a session; this is as in a process that had none yet.
    monkeypatch.setattr(SparkContext, "_gateway", None)
    monkeypatch.setattr(SparkContext, "_jvm", None)
    with (
        pytest.raises(EngineMissing, match="needs Java 17 or 21"),
        spark_engine(tmp_path, ADDRESS, "1GB"),
    ):
        pass
