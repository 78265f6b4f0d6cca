"""The product's own settings, with the bare view beside its pages."""

from klout.settings import *  # noqa: F403

ROOT_URLCONF = "benchmarks.urls"
