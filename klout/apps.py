from django.apps import AppConfig, apps
from django.contrib.staticfiles.apps import StaticFilesConfig
from django.core.checks import Tags, register

import language
from klout.speaker import DjangoSpeaker


class KloutConfig(AppConfig):
    name = "klout"

    def ready(self) -> None:
        from klout.celery import app
        from klout.legal import operator_is_named
        from klout.static_files import LEFT_OUT

        # In every thread of every process, also of the web server's: without it a hint of a page
        # would go to a broker that Celery makes up, and wait for it.
        app.set_default()
        register(operator_is_named, Tags.compatibility, deploy=True)
        collected = apps.get_app_config("staticfiles")
        collected.ignore_patterns = [*StaticFilesConfig.ignore_patterns, *LEFT_OUT]  # type: ignore[attr-defined]
        language.speak_through(DjangoSpeaker())
