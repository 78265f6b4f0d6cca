from django.apps import AppConfig

import language
from klout.speaker import DjangoSpeaker


class KloutConfig(AppConfig):
    name = "klout"

    def ready(self) -> None:
        language.speak_through(DjangoSpeaker())
