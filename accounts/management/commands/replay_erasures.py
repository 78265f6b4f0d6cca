"""After a backup was restored: whoever had left since leaves again, before anybody is served."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from accounts.leaving import replay_erasures


class Command(BaseCommand):
    help = "Erases members whom a restored backup brought back (ERASED_LIST). Safe to run anytime."

    def handle(self, *args: Any, **options: Any) -> None:
        replayed = replay_erasures(timezone.now())
        if replayed:
            self.stdout.write(f"{replayed} erased again: a backup had brought them back.")
        elif options["verbosity"] > 1:
            self.stdout.write("Nobody who was erased is here.")
