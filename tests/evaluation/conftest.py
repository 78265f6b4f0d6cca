"""Worlds of real people, each loaded once for all tests that attack it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest
from django.db import transaction

from scoring.evaluation import attacks, report
from scoring.evaluation.attacks import Wanted
from scoring.evaluation.profiles import NAME


@contextmanager
def loaded(eval_data, blocker, edges: str, kind: str) -> Iterator[object]:
    wanted = Wanted(kind, fakes=1, fooled=0, targets=1, seed=1)
    with blocker.unblock(), transaction.atomic():
        yield Attacked(eval_data / edges, attacks.load(eval_data / edges, eval_data / NAME, wanted))
        transaction.set_rollback(True)


class Attacked:
    """A world, to be attacked in one way after the other."""

    def __init__(self, edges, world) -> None:
        self.edges, self.world = edges, world

    def by(self, kind: str, *, fakes: int, targets: int, fooled: int = 0, profile: str = "bought"):
        self.world.wanted = replace(
            self.world.wanted,
            kind=kind,
            fakes=fakes,
            fooled=fooled,
            targets=targets,
            profile=profile,
        )
        return report.summed_up(self.world, self.edges, decile=False)


@pytest.fixture(scope="module")
def advogato(eval_data, django_db_setup, django_db_blocker):
    """Nearly 5,000 people on a platform without an audience."""
    edges = "advogato/advogato.org-certs.txt"
    with loaded(eval_data, django_db_blocker, edges, "ring") as world:
        yield world


@pytest.fixture(scope="module")
def traders(eval_data, django_db_setup, django_db_blocker):
    """Nearly 6,000 people with the followers of genuine profiles."""
    edges = "bitcoin-otc/soc-sign-bitcoinotc.csv"
    with loaded(eval_data, django_db_blocker, edges, "bought") as world:
        yield world
