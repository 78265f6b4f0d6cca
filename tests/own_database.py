"""A pytest plugin for `make mutants`: each run of pytest has a database of its own, and is quick.

DATABASE_URL names a database with all tables and no rows; it is copied, which takes a tenth of a
second where migrating takes ten. So a mutant that breaks off in the middle leaves nothing to the
next one, and two run side by side. The plugin is named in `scripts/mutants.py`.
"""

import os
from collections.abc import Iterator

import pytest
from django.db import connection
from hypothesis import Phase, settings


class OwnDatabase:
    """A plugin that is registered after pytest-django, whose fixture it takes the place of."""

    @pytest.fixture(scope="session")
    @classmethod
    def django_db_setup(cls, django_db_blocker: pytest.FixtureRequest) -> Iterator[None]:
        creation, suffix = connection.creation, str(os.getpid())
        name = connection.settings_dict["NAME"]
        with django_db_blocker.unblock():
            creation.clone_test_db(suffix, verbosity=0, autoclobber=True)
            creation.setup_worker_connection(suffix)
        yield
        with django_db_blocker.unblock():
            creation.destroy_test_db(old_database_name=name, verbosity=0, suffix=None)


def pytest_configure(config: pytest.Config) -> None:
    config.pluginmanager.register(OwnDatabase(), "own-database")
    # The first example that fails kills a mutant; nobody reads the smallest one.
    settings.register_profile(
        "mutants", settings.get_profile("klout"), phases=(Phase.explicit, Phase.generate)
    )
    settings.load_profile("mutants")
