from django.apps import AppConfig
from django.core.checks import Tags, register

import language
from klout.speaker import DjangoSpeaker


class KloutConfig(AppConfig):
    name = "klout"

    def ready(self) -> None:
        from klout.legal import operator_is_named

        register(operator_is_named, Tags.compatibility, deploy=True)
        language.speak_through(DjangoSpeaker())
